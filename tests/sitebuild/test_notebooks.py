"""The guide's cells run again when their code or what they depend on changes, not when prose does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn
from sphinx.util.matching import get_matching_files

from facts.folders import DOCS, EXECUTED_PAGES
from facts.run_record import CELLS
from sitebuild import notebooks

PAGE = "# Title\n\nProse.\n\n```{code-cell} python\nx = 1\nx\n```\n\nMore prose.\n"
NOW = {"versions": {"torch": "2"}}
PAGES = {"a.md": "1"}


def test_sphinx_finds_the_pages_that_the_run_is_to_execute() -> None:
    """Sphinx's patterns and Python's are not the same; those in use mean the same pages to both."""
    found = {
        path.relative_to(DOCS).as_posix()
        for pattern in EXECUTED_PAGES
        for path in DOCS.glob(pattern)
    }
    assert "index.md" in found
    assert set(get_matching_files(DOCS, include_patterns=EXECUTED_PAGES)) == found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that jupyter-cache itself has written, with one notebook."""
    path = tmp_path_factory.mktemp("filled") / "cache"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 2")])
    cache = get_cache(path)
    cache.cache_notebook_bundle(CacheBundleIn(notebook, "a.md"), check_validity=False)
    cache.db.dispose()
    return path


@pytest.fixture
def cache(filled: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copytree(filled, tmp_path / "cache"))
    notebooks.write_stamp(path, PAGES, NOW)
    return path


def test_a_recorded_cache_is_fresh(cache: Path) -> None:
    assert notebooks.is_fresh(cache, PAGES, NOW, torch=True)


def test_a_cache_that_was_read_is_still_fresh(cache: Path) -> None:
    reading = get_cache(cache)
    assert len(list(reading.list_cache_records())) == 1
    reading.match_cache_notebook(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 2")])
    )
    reading.db.dispose()
    assert notebooks.is_fresh(cache, PAGES, NOW, torch=True)


def test_a_cache_is_stale_when_a_cell_changes(cache: Path) -> None:
    assert not notebooks.is_fresh(cache, {"a.md": "2"}, NOW, torch=True)
    assert not notebooks.is_fresh(cache, {"a.md": "1", "b.md": "1"}, NOW, torch=True)


def test_other_surroundings_count_only_where_torch_is_installed(cache: Path) -> None:
    other = {"versions": {"torch": None}}
    assert not notebooks.is_fresh(cache, PAGES, other, torch=True)
    assert notebooks.is_fresh(cache, PAGES, other, torch=False)


def _shorten(cache: Path) -> None:
    path = cache / notebooks.LIST
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a record that is empty": lambda cache: (cache / CELLS).write_text(""),
    "a record that breaks off": lambda cache: (cache / CELLS).write_text("{"),
    "a record of another kind": lambda cache: (cache / CELLS).write_text("[]"),
    "a record without its parts": lambda cache: (cache / CELLS).write_text("{}"),
    "a record that is no text": lambda cache: (cache / CELLS).write_bytes(b"\xff"),
    "a list that breaks off": _shorten,
    "a list that is none": lambda cache: (cache / notebooks.LIST).write_bytes(b"nonsense" * 100),
    "a list that is empty": lambda cache: (cache / notebooks.LIST).write_bytes(b""),
    "no list": lambda cache: (cache / notebooks.LIST).unlink(),
    "another version": lambda cache: (cache / notebooks.VERSION).write_text("0.1.0"),
    "no version": lambda cache: (cache / notebooks.VERSION).unlink(),
    "an output with a script": lambda cache: next(cache.rglob("base.ipynb")).write_text("<script>"),
    "an output that is gone": lambda cache: shutil.rmtree(next((cache / "executed").iterdir())),
    "an output that is not listed": lambda cache: (cache / "executed" / "more").mkdir(),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_cache_is_stale_and_goes(cache: Path, name: str) -> None:
    DAMAGES[name](cache)
    assert not notebooks.is_fresh(cache, PAGES, NOW, torch=True)
    notebooks.forget_if_outdated(cache, NOW)
    assert not cache.exists()


def test_a_cache_that_no_run_has_filled_is_not_fresh(tmp_path: Path) -> None:
    notebooks.write_stamp(tmp_path, PAGES, NOW)
    assert not notebooks.is_fresh(tmp_path, PAGES, NOW, torch=True)


def test_a_cache_from_the_same_surroundings_stays(cache: Path) -> None:
    notebooks.forget_if_outdated(cache, NOW)
    assert cache.exists()
