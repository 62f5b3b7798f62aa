"""Sphinx extensions of this site: a folder a feature, and what each registers stands in its ``setup``."""
