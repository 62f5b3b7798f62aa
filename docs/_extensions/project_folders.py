"""Where the project's folders are."""

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
GALLERY = ROOT / "gallery"
