"""One page of each kind is photographed as readers see it: in each language, on two screens, light and dark."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from matplotlib import image

from facts.page_kinds import Kind

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOOL = runpy.run_path(
    str(Path(__file__).resolve().parents[2] / "tools" / "photograph.py"), run_name="photograph"
)
main, photograph, sheet, views = (TOOL[name] for name in ("main", "photograph", "sheet", "views"))
TALL = (
    "<style>body { margin: 0; background: #fff } div { height: 3000px }"
    "p { height: 2000px; margin: 0; background: #f00 }</style>"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site whose page is white for 3,000 pixels, and then red."""
    for language in ("en", "vi"):
        (tmp_path / language).mkdir()
        page = f"<!doctype html>{TALL}<div></div><p></p>"
        (tmp_path / language / "index.html").write_text(page, encoding="utf-8")
    return tmp_path


def test_every_kind_is_seen_in_every_language_width_and_theme() -> None:
    seen = views([Kind("home", "index.html"), Kind("search", "search.html")], ["en", "vi"])
    assert len({view.file for view in seen}) == len(seen) == 2 * 2 * 2 * 2
    assert "home-vi-390-dark.png" in {view.file for view in seen}


def test_the_sheet_shows_every_picture_once() -> None:
    seen = views([Kind("a<b", "a.html"), Kind("c", "c.html")], ["en"])
    page = sheet(seen)
    assert all(page.count(f'src="{view.file}"') == 1 for view in seen)
    assert page.count("<h2>") == 2
    assert "<h2>a&lt;b</h2>" in page


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_picture_shows_the_window_at_the_place_that_is_asked_for(
    chromium: Browser, site: Path, tmp_path: Path
) -> None:
    kinds = [Kind("top", "index.html"), Kind("red", "index.html", at="p")]
    seen = [view for view in views(kinds, ["vi"]) if view.width == 390]
    top, *_, red = (image.imread(path) for path in photograph(chromium, site, seen, tmp_path))
    assert top.shape[:2] == (844, 390)
    assert top[-1, 0, :3].tolist() == [1, 1, 1]
    assert red[-1, 0, :3].tolist() == [1, 0, 0]
    assert red[0, 0, :3].tolist() == [1, 1, 1]  # a bar at the top would hide the place itself


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_page_without_the_place_is_told(chromium: Browser, site: Path, tmp_path: Path) -> None:
    seen = views([Kind("lost", "index.html", at=".lost")], ["en"])[:1]
    with pytest.raises(ValueError, match=r"index\.html \(en\) has no \.lost"):
        list(photograph(chromium, site, seen, tmp_path))


def test_a_kind_that_there_is_not_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hmoe"]) == 1
    assert "there is no kind 'hmoe'; the kinds are home" in capsys.readouterr().err


def test_without_a_site_it_is_said_how_to_make_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    assert main(["--site", str(tmp_path)]) == 1
    assert "`make html`" in capsys.readouterr().err
