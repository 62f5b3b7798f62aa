"""The cells of a page are found with its code, whatever its prose says."""

from __future__ import annotations

from pathlib import Path

from facts.code_cells import code_digest, executed_pages

PAGE = "# Title\n\nProse.\n\n```{code-cell} python\nx = 1\nx\n```\n\nMore prose.\n"


def test_prose_may_change_and_code_may_not() -> None:
    digest = code_digest(PAGE)
    assert code_digest(PAGE.replace("More prose", "Other prose")) == digest
    assert code_digest(PAGE.replace("x = 1", "x = 2")) != digest


def test_only_pages_with_cells_are_executed(tmp_path: Path) -> None:
    for name in ("index.md", "guide/cells.md", "start/elsewhere.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE)
    (tmp_path / "guide" / "prose.md").write_text("# Title\n")
    assert list(executed_pages(tmp_path)) == ["guide/cells.md", "index.md"]
