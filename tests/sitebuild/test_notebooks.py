"""The guide's cells run again when their code or what they depend on changes, not when prose does."""

from pathlib import Path

import pytest
from sphinx.util.matching import get_matching_files

from _extensions.site_config import DOCS, EXECUTED_PAGES
from sitebuild import notebooks

PAGE = "# Title\n\nProse.\n\n```{code-cell} python\nx = 1\nx\n```\n\nMore prose.\n"
NOW = {"versions": {"torch": "2"}}


def test_prose_may_change_and_code_may_not() -> None:
    digest = notebooks.code_digest(PAGE)
    assert notebooks.code_digest(PAGE.replace("More prose", "Other prose")) == digest
    assert notebooks.code_digest(PAGE.replace("x = 1", "x = 2")) != digest


def test_only_pages_with_cells_are_executed(tmp_path: Path) -> None:
    for name in ("index.md", "guide/cells.md", "start/elsewhere.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE)
    (tmp_path / "guide" / "prose.md").write_text("# Title\n")
    assert list(notebooks.executed_pages(tmp_path)) == ["guide/cells.md", "index.md"]


def test_sphinx_finds_the_pages_that_the_run_is_to_execute() -> None:
    """Sphinx's patterns and Python's are not the same; those in use mean the same pages to both."""
    found = {
        path.relative_to(DOCS).as_posix()
        for pattern in EXECUTED_PAGES
        for path in DOCS.glob(pattern)
    }
    assert "index.md" in found
    assert set(get_matching_files(DOCS, include_patterns=EXECUTED_PAGES)) == found


def test_a_recorded_cache_is_fresh(tmp_path: Path) -> None:
    notebooks.write_stamp(tmp_path / "cache", {"a.md": "1"}, NOW)
    assert notebooks.is_fresh(tmp_path / "cache", {"a.md": "1"}, NOW, torch=True)


def test_a_cache_is_stale_when_a_cell_changes(tmp_path: Path) -> None:
    notebooks.write_stamp(tmp_path, {"a.md": "1"}, NOW)
    assert not notebooks.is_fresh(tmp_path, {"a.md": "2"}, NOW, torch=True)
    assert not notebooks.is_fresh(tmp_path, {"a.md": "1", "b.md": "1"}, NOW, torch=True)


def test_other_surroundings_count_only_where_torch_is_installed(tmp_path: Path) -> None:
    notebooks.write_stamp(tmp_path, {"a.md": "1"}, NOW)
    other = {"versions": {"torch": None}}
    assert not notebooks.is_fresh(tmp_path, {"a.md": "1"}, other, torch=True)
    assert notebooks.is_fresh(tmp_path, {"a.md": "1"}, other, torch=False)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_damaged_record_means_stale_and_the_cache_goes(tmp_path: Path, text: str) -> None:
    cache = tmp_path / "cache"
    notebooks.write_stamp(cache, {}, NOW)
    (cache / "autograd_vi.json").write_text(text)
    assert not notebooks.is_fresh(cache, {}, NOW, torch=True)
    notebooks.forget_if_outdated(cache, NOW)
    assert not cache.exists()


def test_a_cache_from_the_same_surroundings_stays(tmp_path: Path) -> None:
    notebooks.write_stamp(tmp_path / "cache", {}, NOW)
    notebooks.forget_if_outdated(tmp_path / "cache", NOW)
    assert (tmp_path / "cache").exists()
