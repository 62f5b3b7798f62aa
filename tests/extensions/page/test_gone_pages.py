"""A page whose source is gone is not published any more."""

from pathlib import Path

from _extensions.page.gone_pages import gone_pages


def test_pages_without_a_source_are_found_and_no_others(tmp_path: Path) -> None:
    for name in ("index", "search", "guide/kept", "guide/gone", "_static/demo"):
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = gone_pages(tmp_path, {"index", "guide/kept"})
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["guide/gone.html"]
