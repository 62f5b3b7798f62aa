"""An old address leads on, with JavaScript and without, and is no page of the site otherwise."""

from dataclasses import replace
from pathlib import Path

import pytest

from facts.addresses import download_paths
from facts.errors import BuildError
from facts.site import read_site
from sitebuild.moved_pages import leading_page, leave_behind

OLD, NEW = "gallery/old/plot_x", "gallery/part/plot_x"
SITE = replace(read_site(), url="https://example.org/course/")
VIETNAMESE, ENGLISH = SITE.languages


def site_with(folder: Path, *names: str) -> Path:
    for name in names:
        for language in ("vi", "en"):
            path = folder / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} in {language}")
    return folder


def test_the_page_leads_on_without_javascript_and_by_a_link() -> None:
    page = leading_page(SITE, ENGLISH, OLD, NEW)
    assert '<meta http-equiv="refresh" content="0; url=../../gallery/part/plot_x.html">' in page
    assert '<a href="../../gallery/part/plot_x.html">This page has a new address.</a>' in page


def test_its_script_is_the_site_s_own() -> None:
    page = leading_page(SITE, VIETNAMESE, OLD, NEW)
    assert page.count("<script") == 1
    assert (
        '<script src="../../_static/moved_page.js" data-to="../../gallery/part/plot_x.html">'
        in page
    )
    assert "default-src 'none'; script-src 'self'" in page
    assert "http" not in page.replace("http-equiv", "").replace(SITE.url, "")


def test_search_engines_take_the_new_page_for_it() -> None:
    page = leading_page(SITE, VIETNAMESE, OLD, NEW)
    assert '<meta name="robots" content="noindex">' in page
    address = "https://example.org/course/vi/gallery/part/plot_x.html"
    assert f'<link rel="canonical" href="{address}">' in page
    assert "canonical" not in leading_page(replace(SITE, url=""), VIETNAMESE, OLD, NEW)


def test_each_language_gets_its_own_page(tmp_path: Path) -> None:
    target = site_with(tmp_path, f"{NEW}.html")
    leave_behind({OLD: NEW}, SITE, ["vi", "en"], target)
    for language in SITE.languages:
        page = (target / language.code / f"{OLD}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language.code}">' in page
        assert language.moved in page


def test_a_build_of_one_language_leaves_the_others_alone(tmp_path: Path) -> None:
    target = site_with(tmp_path, f"{NEW}.html")
    leave_behind({OLD: NEW}, SITE, ["en"], target)
    assert not (target / "vi" / f"{OLD}.html").exists()
    assert (target / "en" / f"{OLD}.html").exists()


def test_notebooks_and_script_lie_at_their_old_addresses_too(tmp_path: Path) -> None:
    target = site_with(tmp_path, f"{NEW}.html", *download_paths(NEW).values())
    leave_behind({OLD: NEW}, SITE, ["vi"], target)
    for kind, path in download_paths(OLD).items():
        assert (target / "vi" / path).read_text() == f"{download_paths(NEW)[kind]} in vi"


def test_an_address_that_leads_nowhere_or_is_in_use_ends_the_build(tmp_path: Path) -> None:
    target = site_with(tmp_path, f"{NEW}.html", "guide/kept.html")
    with pytest.raises(
        BuildError, match="gallery/old/plot_x leads to guide/gone, which is no page"
    ):
        leave_behind({OLD: "guide/gone"}, SITE, ["vi"], target)
    with pytest.raises(BuildError, match="guide/kept is a page again"):
        leave_behind({"guide/kept": NEW}, SITE, ["vi"], target)
