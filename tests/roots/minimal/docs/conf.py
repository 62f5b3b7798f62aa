"""The smallest bilingual gallery: two MyST pages, a chapter of one script, a glossary.

With the tag `run` sphinx-gallery executes the script; without it only its reST is read, as on
the real site.
"""

from pathlib import Path

HERE = Path(__file__).parent

project = "Minimal"
extensions = [
    "myst_parser",
    "_extensions.gallery",
    "_extensions.translation",
    "_extensions.glossary",
]
if tags.has("run"):  # type: ignore[name-defined]  # noqa: F821  # Sphinx provides `tags`
    extensions.append("sphinx_gallery.gen_gallery")
    sphinx_gallery_conf = {
        "examples_dirs": [str(HERE.parent / "scripts")],
        "gallery_dirs": ["gallery"],
        "min_reported_time": 10**9,
        "write_computation_times": False,
        "show_signature": False,
        "download_all_examples": False,
    }
exclude_patterns = ["gallery/**/*.ipynb", "gallery/**/*.py", "locale"]

language = "en"
locale_dirs = [str(HERE / "locale")]
gettext_compact = False
translation_source_language = "en"
glossary_file = "glossary.toml"
glossary_languages = {"vi": "Tiếng Việt", "en": "English"}

myst_enable_extensions = ["dollarmath"]
html_theme = "furo"
html_title = "Minimal"
html_use_index = False
html_domain_indices = False
html_show_sourcelink = False
