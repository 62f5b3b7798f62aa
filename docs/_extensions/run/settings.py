"""How sphinx-gallery runs the scripts. Values only; a change here makes every page run again."""

from __future__ import annotations

from typing import Any

SETTINGS: dict[str, Any] = {
    "examples_dirs": "../gallery",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/plot_",
    "subsection_order": "_extensions.run.reading_order.part_order",
    "within_subsection_order": "_extensions.run.reading_order.PageOrder",
    "image_scrapers": ("_extensions.run.figures.scrape",),
    "reset_modules": ("_extensions.run.randomness.check", "_extensions.run.isolation.reset"),
    "reset_modules_order": "both",
    "capture_repr": ("_repr_html_", "__repr__"),
    "ignore_repr_types": r"matplotlib",  # a plot call's return value says nothing to a reader
    "abort_on_example_error": True,
    # What sphinx-gallery adds to every page is English prose on every page; the page's own bar says it better.
    "min_reported_time": 10**9,
    "write_computation_times": False,
    "show_signature": False,
    "download_all_examples": False,
}
