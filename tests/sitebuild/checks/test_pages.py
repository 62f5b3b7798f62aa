"""Pages are found by the ends of their names, and a run that dies is told with the page."""

from pathlib import Path

import pytest

from facts.errors import BuildError
from sitebuild.checks.pages import chosen, outcomes, sources

PAGES = {"gallery/a/plot_b": Path("plot_b.py"), "guide/c": Path("c.md")}


def test_all_pages_with_code_have_a_file() -> None:
    found = sources()
    assert all(path.is_file() for path in found.values())
    assert {"guide/same-numbers", "gallery/first_gradients/plot_square"} <= found.keys()
    assert "guide/index" not in found


@pytest.mark.parametrize("asked", ["plot_b", "plot_b.py", "a/plot_b", "gallery/a/plot_b"])
def test_a_page_is_chosen_by_the_end_of_its_name(asked: str) -> None:
    assert list(chosen(PAGES, [asked])) == ["gallery/a/plot_b"]
    assert chosen(PAGES, []) == PAGES


def test_a_name_that_no_page_has_is_refused() -> None:
    with pytest.raises(BuildError, match=r"'plot_x'.*(\n.*)*gallery/a/plot_b"):
        chosen(PAGES, ["plot_b", "plot_x"])


def test_a_process_that_dies_names_the_page(tmp_path: Path) -> None:
    page = tmp_path / "plot_b.py"
    page.write_text('"""\nA\n=\n"""\nimport os\nos._exit(3)\n', encoding="utf-8")
    module = ["sitebuild.checks.run_pages", "plain"]
    with pytest.raises(BuildError, match="the run died in gallery/a/plot_b"):
        outcomes(module, {"gallery/a/plot_b": page}, {}, what="the run")
