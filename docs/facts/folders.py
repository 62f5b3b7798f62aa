"""Where the project's folders and data files are."""

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
GALLERY = ROOT / "gallery"
PACKAGE = ROOT / "src" / "autograd_vi"
GENERATED = DOCS / "gallery"
"""What sphinx-gallery makes of the scripts."""
LOCALE = DOCS / "locale"
BUILD = ROOT / "build"
NOTEBOOK_CACHE = BUILD / "notebooks"
"""What the cells of the guide and the home page printed (jupyter-cache)."""

EXECUTED_PAGES = ("index.md", "guide/*.md")
"""The pages in MyST, below ``docs/``, whose code cells the run executes."""

SITE_FILE = DOCS / "site.toml"
CURRICULUM_FILE = DOCS / "curriculum.toml"
MOVED_PAGES_FILE = DOCS / "moved_pages.toml"
GLOSSARY_FILE = DOCS / "glossary.toml"
SEARCH_WORDS_FILE = DOCS / "search_words.toml"
DIFFERENCES_FILE = DOCS / "differences.toml"
LENIENT_CLAIMS_FILE = DOCS / "lenient_claims.toml"
RECORDED_NUMBERS_FILE = DOCS / "recorded_numbers.toml"
MATH_CHARACTERS = DOCS / "math_characters"
PAGE_KINDS_FILE = ROOT / "tools" / "page_kinds.toml"
INVENTORIES = DOCS / "inventories"
