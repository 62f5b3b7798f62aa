"""What is published is always one whole site."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pseudo_language import marked, unmarked_text

from facts.addresses import WHOLE_SITE
from facts.site import Language, read_site
from sitebuild.publish import FRONT_DOOR, assemble, pack, render, restore, swap


def test_the_front_door_has_a_link_for_every_language() -> None:
    page = render((FRONT_DOOR / "index.html").read_text(encoding="utf-8"), read_site())
    assert 'href="vi/index.html" hreflang="vi" lang="vi"' in page
    assert 'href="en/index.html" hreflang="en" lang="en"' in page


@pytest.mark.parametrize("name", ["index.html", "404.html"])
def test_the_front_door_names_a_language_of_a_country_by_its_tag(name: str) -> None:
    site = read_site()
    portuguese = replace(site.languages[0], code="pt_BR")
    site = replace(site, languages=(portuguese,), default_language="pt_BR")
    page = render((FRONT_DOOR / name).read_text(encoding="utf-8"), site)
    tags = re.findall(r'(?<![\w-])(?:lang|hreflang|data-default)="([^"]*)"', page)
    assert len(tags) > 2
    assert set(tags) == {"pt-BR"}
    assert 'pt_BR/index.html"' in page


def test_the_page_for_wrong_addresses_finds_the_site_from_anywhere() -> None:
    template = (FRONT_DOOR / "404.html").read_text(encoding="utf-8")
    site = replace(read_site(), url="https://example.org/course/")
    assert 'href="/course/vi/index.html"' in render(template, site)
    assert 'href="/vi/index.html"' in render(template, replace(site, url=""))
    assert "Không có trang nào" in render(template, site)
    assert "There is no page" in render(template, site)


@pytest.mark.parametrize("name", ["index.html", "404.html"])
def test_the_front_door_says_nothing_but_what_the_languages_say(name: str) -> None:
    """A third language is data: its words come from site.toml."""
    site = read_site()
    said = [marked(words) for words in ("Question?", "Read", "Nothing here.", "Moved.")]
    language = Language("en", marked("Name"), *said)
    page = render(
        (FRONT_DOOR / name).read_text(encoding="utf-8"), replace(site, languages=(language,))
    )
    assert [text for _, text in unmarked_text(page, site=site.title) if text != site.title] == []
    assert said[1] in page


def test_names_in_the_front_door_are_escaped() -> None:
    site = replace(read_site(), title="<script>alert(1)</script>")
    assert "<script>alert" not in render("{{ site.title }}", site)


def test_the_languages_stand_side_by_side_behind_the_front_door(tmp_path: Path) -> None:
    site = read_site()
    codes = [language.code for language in site.languages]
    pages = {}
    for code in codes:
        pages[code] = tmp_path / "work" / code
        pages[code].mkdir(parents=True)
        (pages[code] / "index.html").write_text(code)
        (pages[code] / ".buildinfo").write_text("private")
        (pages[code] / ".buildinfo.bak").write_text("of the build before")
    target = tmp_path / "html.new"
    (target / "left_over").mkdir(parents=True)
    assemble(pages, site, target)
    assert [(target / code / "index.html").read_text() for code in codes] == codes
    assert "hreflang" in (target / "index.html").read_text()
    assert (target / "404.html").is_file()
    assert not (target / "sitemap.xml").exists()
    assert not (target / "left_over").exists()
    assert not list(target.rglob(".buildinfo*"))


def test_the_whole_site_can_be_taken_along_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "vi" / "_static").mkdir(parents=True)
    for name in ("index.html", "vi/index.html", "vi/_static/site.css"):
        (tmp_path / name).write_text(name)
    pack(tmp_path)
    with zipfile.ZipFile(tmp_path / WHOLE_SITE) as archive:
        assert archive.namelist() == [
            f"autograd_vi-site/{name}"
            for name in ("index.html", "vi/_static/site.css", "vi/index.html")
        ]
        assert archive.read("autograd_vi-site/vi/index.html") == b"vi/index.html"


def test_a_new_site_replaces_the_old_one_whole(tmp_path: Path) -> None:
    new, published = tmp_path / "html.new", tmp_path / "html"
    for folder, name in ((new, "new"), (published, "old")):
        folder.mkdir()
        (folder / name).touch()
    swap(new, published)
    assert [path.name for path in published.iterdir()] == ["new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["html"]


def test_the_first_site_needs_no_old_one(tmp_path: Path) -> None:
    (tmp_path / "html.new").mkdir()
    swap(tmp_path / "html.new", tmp_path / "html")
    assert (tmp_path / "html").is_dir()


def test_a_swap_that_was_killed_in_the_middle_gives_the_old_site_back(tmp_path: Path) -> None:
    old = tmp_path / "html.old"
    old.mkdir()
    (old / "page").touch()
    for _ in range(2):
        restore(tmp_path / "html")
        assert [path.name for path in (tmp_path / "html").iterdir()] == ["page"]
    assert not old.exists()
