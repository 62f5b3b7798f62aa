"""Checks of the whole site that take minutes: same bytes, same numbers on other machines, asserts that see a change."""
