"""A page shows the same alone, in the order of the curriculum and in reverse order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from facts.curriculum import read_pages
from facts.environment import run_environment
from facts.folders import DOCS, GALLERY, ROOT

pytestmark = pytest.mark.slow

PAGES = read_pages()

CONFIGURATION = """
import sys
sys.path[:0] = [{docs!r}, {source!r}]
from _extensions.run.settings import SETTINGS
from _extensions.run.reading_order import PartOrder, PageOrder

class Parts(PartOrder):
    def __call__(self, folder):
        return {sign} * super().__call__(folder)

class Pages(PageOrder):
    def __call__(self, filename):
        return {sign} * super().__call__(filename)

root_doc = "index"
include_patterns = ["index.rst"]
extensions = ["sphinx_gallery.gen_gallery"]
suppress_warnings = ["config.cache"]
sphinx_gallery_conf = SETTINGS | {{
    "examples_dirs": {gallery!r},
    "gallery_dirs": "gallery",
    "filename_pattern": {pattern!r},
    "subsection_order": Parts(),
    "within_subsection_order": Pages,
}}
"""


def run_gallery(folder: Path, *, sign: int = 1, pattern: str = r"/plot_") -> Path:
    """Run the scripts that match ``pattern``, in order or (``sign=-1``) in reverse, and return their pages' folder."""
    folder.mkdir()
    (folder / "index.rst").write_text("Gallery\n=======\n")
    text = CONFIGURATION.format(
        docs=str(DOCS), source=str(ROOT / "src"), gallery=str(GALLERY), pattern=pattern, sign=sign
    )
    (folder / "conf.py").write_text(text)
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "dummy", str(folder), str(folder / "out")],
        env=run_environment(),
        check=True,
    )
    return folder / "gallery"


def outputs(gallery: Path) -> dict[str, bytes]:
    """Return the generated pages and pictures of every page."""
    return {
        path.relative_to(gallery).as_posix(): path.read_bytes()
        for pattern in ("*/plot_*.rst", "*/images/*.svg")
        for path in sorted(gallery.glob(pattern))
    }


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    found = outputs(run_gallery(tmp_path_factory.mktemp("order") / "forward"))
    assert len([name for name in found if name.endswith(".rst")]) == len(PAGES)
    return found


def test_the_reverse_order_gives_the_same_outputs(
    in_order: dict[str, bytes], tmp_path: Path
) -> None:
    reverse = outputs(run_gallery(tmp_path / "reverse", sign=-1))
    assert reverse.keys() == in_order.keys()
    assert [name for name in in_order if in_order[name] != reverse[name]] == []


@pytest.mark.parametrize("script", [page.script for page in PAGES[::4]])
def test_a_page_alone_gives_the_same_outputs(
    in_order: dict[str, bytes], tmp_path: Path, script: str
) -> None:
    alone = outputs(run_gallery(tmp_path / "alone", pattern=f"/{script.removesuffix('.py')}"))
    name = script.removesuffix(".py")
    stem = name.rpartition("/")[2]
    own = [file for file in in_order if file == f"{name}.rst" or f"sphx_glr_{stem}_0" in file]
    assert own
    assert [file for file in own if alone.get(file) != in_order[file]] == []
