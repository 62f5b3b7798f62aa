"""What the path says of other pages is put in when a page is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from minimal_site import Built, MinimalSite

from facts.curriculum import Page, Part

PARTS = (Part("first", (Page("first", "plot_square", 7),)),)
HOME = "# Home\n\nHello.\n\n```{begin}\n```\n\n## Parts\n\n```{part-cards}\n```\n"
LEARN = "# Path\n\n```{learning-path}\nfirst\n: You can square.\n```\n"
SETTINGS: dict[str, Any] = {
    "extensions": [
        "myst_parser",
        "_extensions.gallery",
        "_extensions.path",
        "_extensions.translation",
        "_extensions.glossary",
    ],
    "myst_enable_extensions": ["deflist", "dollarmath"],
}


@pytest.fixture
def site(minimal_site: MinimalSite, monkeypatch: pytest.MonkeyPatch) -> MinimalSite:
    """Return the smallest site with a home page that leads into a path of one page, which asks a question."""
    for module in ("_extensions.path", "_extensions.path.learning_path"):
        monkeypatch.setattr(f"{module}.read_curriculum", lambda: PARTS)
    index = minimal_site.docs / "index.md"
    index.write_text(
        f"{HOME}\n```{{toctree}}\n:hidden:\n\nlearn\nglossary\n```\n", encoding="utf-8"
    )
    (minimal_site.docs / "learn.md").write_text(LEARN, encoding="utf-8")
    return minimal_site


def ask(site: MinimalSite, question: str) -> None:
    """Let the gallery's page begin with a question."""
    page = site.docs / "gallery" / "first" / "plot_square.rst"
    page.chmod(0o644)
    text = page.read_text(encoding="utf-8")
    heading = re.search(r"^[^\n]+\n=+\n", text, re.MULTILINE)
    assert heading is not None
    after = text[heading.end() :]
    rest = after if "**" not in after[:80] else after.partition("\n\n")[2].partition("\n\n")[2]
    page.write_text(f"{text[: heading.end()]}\n**{question}** Yes.\n\n{rest}", encoding="utf-8")


def built(site: MinimalSite) -> Built:
    made = site.build("en", **SETTINGS)
    assert made.warnings == []
    return made


def text(html: str) -> str:
    """Return what a reader sees of a piece of a page, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def test_the_home_page_begins_with_the_first_page_and_shows_the_part(site: MinimalSite) -> None:
    page = built(site).page("index")
    button = re.search(r'<a class="begin-link"[^>]*>([^<]*)</a>', page)
    assert button is not None
    assert button[1].startswith("Begin: ")
    assert text(button[1]).endswith("· 7 minutes")
    assert 'href="gallery/first/plot_square.html"' in button[0]
    assert re.search(r'<section[^>]*class="[^"]*\bhome\b', page)
    cards = page.partition('<ol class="part-cards')[2].partition("</ol>")[0]
    assert "1 page · 7 minutes" in text(cards)


@pytest.mark.parametrize("name", ["learn", "gallery/first/index"])
def test_the_question_and_the_time_of_a_page_stand_below_its_link(
    site: MinimalSite, name: str
) -> None:
    ask(site, "Does x grow?")
    page = built(site).page(name)
    question = re.search(r'<p class="question">(.*?)</p>', page)
    assert question is not None
    assert text(question[1]) == "Does x grow?"
    assert "The square · 7 min" in text(page)


def test_only_pages_that_show_a_piece_of_the_path_load_its_style(site: MinimalSite) -> None:
    made = built(site)
    pages = ("index", "learn", "gallery/first/index", "gallery/first/plot_square", "glossary")
    assert ["_static/stations.css" in made.page(name) for name in pages] == [
        *(True, True, True),
        *(False, False),
    ]


def test_a_page_without_a_question_has_none_below_its_link(site: MinimalSite) -> None:
    assert 'class="question"' not in built(site).page("learn")


def test_a_new_question_is_shown_though_only_its_own_page_was_read_again(
    site: MinimalSite,
) -> None:
    ask(site, "Does it grow?")
    assert "Does it grow?" in text(built(site).page("learn"))
    page = site.docs / "gallery" / "first" / "plot_square.rst"
    site.edit(page, "Does it grow?", "Does it shrink?")
    assert "Does it shrink?" in text(built(site).page("learn"))


def test_the_book_has_the_way_in_without_what_only_a_script_needs(site: MinimalSite) -> None:
    made = site.build("en", "epub", version="1", **SETTINGS)
    page = Path(made.out, "index.xhtml").read_text(encoding="utf-8")
    assert "begin-link" in page
    assert "data-pages" not in page
