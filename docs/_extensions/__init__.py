"""Sphinx extensions of this site, one feature a file."""
