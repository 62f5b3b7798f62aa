"""A replay as one file: well-formed, translated, complete, and without a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from package.render.graphs import toy
from playwright.sync_api import Browser, Page

import autograd_vi as av


def _replay() -> av.Replay:
    output, params = toy()
    return av.replay(output, params=params)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    _replay().save_html(tmp_path / "a.html", title="a·x² − y²")
    return tmp_path / "a.html"


def test_the_file_names_no_other_one(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "<h1>a·x² − y²</h1>" in text
    linked = re.findall(r'(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import', text)
    assert linked == [("data:,", "")]


def test_words_and_language_are_the_readers(tmp_path: Path) -> None:
    _replay().save_html(
        tmp_path / "a.html", language="vi", lookup=lambda _, english: f"⟦{english}⟧"
    )
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="vi">' in text
    assert "⟦What the leaves hold in .grad⟧" in text
    assert "<h1>" not in text


def test_the_direction_reaches_the_picture(tmp_path: Path) -> None:
    _replay().save_html(tmp_path / "a.html", direction="right")
    assert "the gradient runs to the right" in (tmp_path / "a.html").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="give 'down' or 'right'"):
        _replay().save_html(tmp_path / "a.html", direction="up")  # type: ignore[arg-type]
    assert "runs to the right" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.fixture
def requests() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, requests: list[str]) -> Iterator[Page]:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert not errors


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_stepper_works_without_a_network(page: Page, file: Path, requests: list[str]) -> None:
    page.goto(file.as_uri())
    stepper = page.locator(".av-stepper")
    stepper.locator('[data-av-go="next"]').click()
    assert stepper.locator(".av-k").inner_text() == "1"
    stepper.locator('[data-av-go="end"]').click()
    assert stepper.locator(".av-k").inner_text() == str(len(_replay().steps))
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_page_is_light_or_dark_as_the_system_is(page: Page, file: Path) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(file.as_uri())
        colours.append(
            page.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,"
                " getComputedStyle(document.querySelector('.av-leaf rect')).stroke]"
            )
        )
    light, dark = colours
    assert light[0] == "rgb(255, 255, 255)"
    assert dark[0] == "rgb(22, 24, 27)"
    assert all(a != b for a, b in zip(light, dark, strict=True))


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_without_javascript_the_whole_story_is_there(chromium: Browser, file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".av-story li.av-step:visible").count() == len(_replay().steps) + 1
    assert page.locator(".av-svg").first.is_visible()
    assert not page.locator(".av-bar").is_visible()
    context.close()
