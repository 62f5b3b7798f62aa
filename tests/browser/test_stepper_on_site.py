"""A reader steps through a whole backward pass on the pages of the site, in both languages."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from browser.published_pages import BUILT, LANGUAGES, page_names

from autograd_vi.render import WORDS
from facts.folders import DOCS
from facts.site import read_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = [
    "the_graph/plot_computational_graph",
    "many_numbers/plot_jacobian_products",
    "training/plot_batchnorm_gradient",
]
PLACES = [f"{language}/gallery/{name}.html" for language, name in product(LANGUAGES, PAGES)]

SCREENS = [
    (1280, 800, 800),
    (390, 844, 720),
]  # width and height of a screen, and the most that a stepper takes of it

# Each step's height of a stepper; for each, where its parts stand.
HEIGHTS = """figure => {
  const heights = [figure.offsetHeight];
  for (let k = Number(figure.dataset.avSteps); k > 0; k -= 1) {
    figure.querySelector("[data-av-go=next]").click();
    heights.push(figure.offsetHeight);
  }
  return heights;
}"""
PARTS = """figure => Object.fromEntries([...figure.querySelector(".av-columns").children].map((part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  return [part.className.split(" ")[0], { left, right, top, bottom }];
}))"""
# Of each box that scrolls, whether it fades out at exactly those sides at which something is cut.
FADES = """figure => [...figure.querySelectorAll(".av-columns > .av-picture, .av-story, .av-tablebox")].map((box) => {
  const across = box.scrollWidth - box.clientWidth, down = box.scrollHeight - box.clientHeight;
  const { scrollLeft: left, scrollTop: above } = box;
  const cut = { left, above, right: across - left, below: down - above };
  return Object.entries(cut).every(
    ([side, hidden]) => (box.style.getPropertyValue(`--av-${side}`) === "28px") === hidden > 1
  ) && getComputedStyle(box).maskImage !== "none";
})"""

# Each word of a figure as it stands in the table of words: what is filled in reads {name} again.
READ_WORDS = """figure => [...figure.querySelectorAll("[data-av-word]:not([data-av-args])")].map((element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("[data-av-slot]").forEach((slot) => {
    if (copy.contains(slot)) slot.textContent = `{${slot.getAttribute("data-av-slot")}}`;
  });
  return [element.getAttribute("data-av-word"), copy.textContent];
})"""


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """Open a window with a touch screen; whatever a page complains about fails the test."""
    context = chromium.new_context(
        has_touch=True, reduced_motion="reduce", viewport={"width": 900, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    yield page
    context.close()
    assert complaints == []  # a breach of the page's security policy is one


def words(language: str) -> dict[str, str]:
    """Return the words of a figure by their keys."""
    if language == read_site().source_language:
        return WORDS
    with (DOCS / "locale" / language / "LC_MESSAGES" / "autograd_vi.po").open("rb") as file:
        catalogue = read_po(file)
    found = {key: catalogue.get(english) for key, english in WORDS.items()}
    return {key: str(message.string) for key, message in found.items() if message is not None}


def _stepper(page: Page, address: str) -> Locator:
    page.goto(address)
    figure = page.locator(".av-stepper")
    assert figure.count() == 1
    figure.scroll_into_view_if_needed()
    return figure


def _by_mouse(page: Page, figure: Locator, *, forth: bool) -> None:
    del page
    figure.locator(f"[data-av-go={'next' if forth else 'previous'}]").click()


def _by_keyboard(page: Page, figure: Locator, *, forth: bool) -> None:
    figure.locator("[data-av-go=play]").focus()
    page.keyboard.press("ArrowRight" if forth else "ArrowLeft")


def _by_touch(page: Page, figure: Locator, *, forth: bool) -> None:
    _swipe(page, figure.locator(".av-story"), -90 if forth else 90)


def _swipe(page: Page, place: Locator, dx: int) -> None:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", x), ("touchMove", x + dx), ("touchEnd", None)):
        points = [] if at is None else [{"x": at, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.detach()


@pytest.mark.parametrize("move", [_by_mouse, _by_keyboard, _by_touch])
@pytest.mark.parametrize("place", PLACES)
def test_a_reader_goes_through_a_whole_backward_pass_and_back(
    window: Page, site: str, place: str, move: Callable[..., None]
) -> None:
    figure = _stepper(window, f"{site}/{place}")
    last = int(figure.get_attribute("data-av-steps") or 0)
    assert last >= 4
    _assert_at(figure, 0)
    for k in range(1, last + 1):
        move(window, figure, forth=True)
        _assert_at(figure, k)
    assert all(value.is_visible() for value in figure.locator(".av-leaf .av-value").all())
    for k in range(last - 1, -1, -1):
        move(window, figure, forth=False)
        _assert_at(figure, k)
    assert not any(value.is_visible() for value in figure.locator(".av-leaf .av-value").all())


@pytest.mark.parametrize("part", [".av-story", ".av-picture"])
def test_a_swipe_to_the_right_does_not_leave_the_page(window: Page, site: str, part: str) -> None:
    figure = _stepper(window, f"{site}/{PLACES[0]}")
    for k in (1, 0, 0):  # the last one has no step left to go back
        _swipe(window, figure.locator(part).first, -90 if k else 90)
        window.wait_for_timeout(200)  # a step back in the browser's history would come by now
        _assert_at(figure, k)


def _assert_at(figure: Locator, k: int) -> None:
    assert figure.locator(".av-k").inner_text() == str(k)
    told = [step for step in figure.locator(".av-step").all() if step.is_visible()]
    assert [step.get_attribute("value") for step in told] == [str(k)]
    assert figure.locator(".av-picture").first.locator(".av-node.av-now").count() > 0


def _steppers(language: str) -> list[str]:
    """Return the pages of a language that have a stepper."""
    folder = BUILT / language
    names = page_names(language)
    return [n for n in names if "av-stepper" in (folder / n).read_text(encoding="utf-8")]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stepper_fits_on_one_screen_and_no_step_changes_its_height(
    window: Page, site: str, language: str, screen: tuple[int, int, int]
) -> None:
    width, height, most = screen
    window.set_viewport_size({"width": width, "height": height})
    names = _steppers(language)
    assert len(names) >= 10
    found = {}
    for name in names:
        window.goto(f"{site}/{language}/{name}")
        for nth, figure in enumerate(window.locator(".av-stepper").all()):
            found[name, nth] = figure.evaluate(HEIGHTS)
    assert {place: heights for place, heights in found.items() if max(heights) > most} == {}
    assert {place: heights for place, heights in found.items() if len(set(heights)) > 1} == {}


@pytest.mark.parametrize("place", PLACES)
def test_the_leaves_stand_beside_the_picture_or_beside_the_story_above_a_wide_one(
    window: Page, site: str, place: str
) -> None:
    window.set_viewport_size({"width": 1280, "height": 800})
    parts = _stepper(window, f"{site}/{place}").evaluate(PARTS)
    picture, story, leaves = (parts[name] for name in ("av-picture", "av-story", "av-leaves"))
    if "batchnorm" in place:
        assert story["right"] <= leaves["left"]
        assert max(story["bottom"], leaves["bottom"]) <= picture["top"]
    else:
        assert picture["right"] <= leaves["left"] == story["left"]
        assert story["bottom"] <= leaves["top"] < picture["bottom"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("place", PLACES)
def test_what_a_box_cuts_off_fades_out(window: Page, site: str, place: str, width: int) -> None:
    window.set_viewport_size({"width": width, "height": 800})
    figure = _stepper(window, f"{site}/{place}")
    for _ in range(int(figure.get_attribute("data-av-steps") or 0)):
        window.wait_for_function(
            f"(figure) => ({FADES})(figure).every(Boolean)", arg=figure.element_handle()
        )
        figure.locator("[data-av-go=next]").click()
    cut = figure.locator(".av-columns > .av-picture").evaluate("e => e.scrollWidth > e.clientWidth")
    assert cut == (width == 390 and "batchnorm" in place)  # so the wait above has seen one


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_stays_in_sight_below_the_header_of_a_phone(
    window: Page, site: str, language: str
) -> None:
    window.set_viewport_size({"width": 390, "height": 500})
    figure = _stepper(window, f"{site}/{language}/gallery/{PAGES[0]}.html")
    figure.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY + 150)")
    header = window.locator(".mobile-header").bounding_box()
    bar = figure.locator(".av-bar").bounding_box()
    assert header is not None
    assert bar is not None
    assert abs(bar["y"] - header["y"] - header["height"]) <= 1
    assert figure.locator(".av-bar").evaluate(
        "e => e.contains(document.elementFromPoint(200, e.getBoundingClientRect().top + 20))"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaf_that_three_lines_reach_tells_how_many_gradients_have_arrived(
    window: Page, site: str, language: str
) -> None:
    figure = _stepper(window, f"{site}/{language}/gallery/beyond/plot_through_time.html")
    wanted = words(language)["box.arrived"]
    last = int(figure.get_attribute("data-av-steps") or 0)
    counts = []
    for k in range(last + 1):
        told = [text for text in figure.locator(".av-arrived").all() if text.is_visible()]
        counts += [text.text_content() for text in told]
        assert len(told) == 1
        if k < last:
            figure.locator("[data-av-go=next]").click()
    assert list(dict.fromkeys(counts)) == [wanted.format(k=k, n=3) for k in range(4)]


@pytest.mark.parametrize("place", PLACES)
def test_at_the_end_the_button_says_that_it_starts_again_and_does(
    window: Page, site: str, place: str
) -> None:
    figure = _stepper(window, f"{site}/{place}")
    told = words(place.partition("/")[0])
    figure.locator("[data-av-go=end]").click()
    figure.get_by_role("button", name=told["step.again"], exact=True).click()
    _assert_at(figure, 0)
    assert figure.get_by_role("button", name=told["step.next"], exact=True).is_visible()


@pytest.mark.parametrize("place", PLACES)
def test_every_word_is_in_the_language_of_the_page(window: Page, site: str, place: str) -> None:
    figure = _stepper(window, f"{site}/{place}")
    wanted = words(place.partition("/")[0])
    shown = figure.evaluate(READ_WORDS)
    assert len(shown) > 20
    assert [pair for pair in shown if pair[1] != wanted[pair[0]]] == []
    for name in ("reset", "previous", "play", "next"):
        button = figure.get_by_role("button", name=wanted[f"step.{name}"], exact=True)
        assert button.get_attribute("data-av-go") == name


@pytest.mark.parametrize("place", PLACES)
def test_without_javascript_the_whole_story_is_an_ordered_list(
    chromium: Browser, site: str, place: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    figure = _stepper(context.new_page(), f"{site}/{place}")
    told = figure.locator(".av-story > ol > li")
    last = int(figure.get_attribute("data-av-steps") or 0)
    assert [item.get_attribute("value") for item in told.all()] == [str(k) for k in range(last + 1)]
    assert all(item.is_visible() and item.inner_text().strip() for item in told.all())
    assert all(value.is_visible() for value in figure.locator(".av-picture .av-value").all())
    assert not figure.locator(".av-bar").is_visible()
    context.close()
