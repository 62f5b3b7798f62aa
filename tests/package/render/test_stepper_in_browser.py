"""The stepper driven in a real browser: mouse, keyboard, touch, and without the script.

The module is long because its tests share the pages and the strict browser that are made above them.
"""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
import torch
from package.render.graphs import toy
from playwright.sync_api import Browser, BrowserContext, Locator, Page

import autograd_vi as av
from autograd_vi.render.figure import assets
from autograd_vi.render.words import strip_assets, translate_html

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'"

# What JupyterLab 4 says of tables and lists in an output.
JUPYTERLAB = """
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon :is(td, th, tr) { text-align: right; }
.jp-RenderedHTMLCommon :is(ul, ol):not(.list-inline) { padding-left: 2em; }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write two pages: one as a notebook shows it, one as a site with a strict policy does."""
    place = tmp_path_factory.mktemp("stepper")
    output, params = toy()
    output.backward(retain_graph=True)
    first = av.replay(output, params=params)._repr_html_()
    second = av.replay(toy()[0] * 2)._repr_html_()
    head = '<meta charset="utf-8"><title>t</title>'
    notebook = f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{first}{second}'
    (place / "notebook.html").write_text(f"{notebook}</body></html>", encoding="utf-8")
    data = translate_html(strip_assets(first), lambda _, english: f"⟦{english}⟧")
    render = Path(av.__file__).parent / "render"
    for name in ("stepper.js", "graph.css"):
        shutil.copy(render / name, place / name)
    lab = f'<body class="jp-ThemedContainer"><div class="jp-RenderedHTMLCommon">{first}</div>'
    rules = f"<!DOCTYPE html><html lang='en'><head>{head}<style>{JUPYTERLAB}</style></head>{lab}"
    (place / "jupyterlab.html").write_text(f"{rules}</body></html>", encoding="utf-8")
    head += f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head += '<link rel="stylesheet" href="graph.css"><script defer src="stepper.js"></script>'
    site = f'<!DOCTYPE html><html lang="vi"><head>{head}</head><body data-theme="dark">{data}'
    (place / "site.html").write_text(f"{site}</body></html>", encoding="utf-8")
    # A hosted notebook puts each output into a frame of another origin, after that frame has loaded.
    output_as_text = json.dumps(first).replace("</", r"<\/")
    late = f"""<!DOCTYPE html><body><script>onload = () => document.body.append(
        document.createRange().createContextualFragment({output_as_text}));</script>"""
    source = html.escape(late)
    frame = f'<iframe sandbox="allow-scripts" width="880" height="980" srcdoc="{source}">'
    hosted = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>{frame}'
    (place / "hosted.html").write_text(f"{hosted}</iframe></body></html>", encoding="utf-8")
    assert "<script" in assets(stepper=True)
    y = torch.zeros((), requires_grad=True)
    for k in range(400):
        y = y + (y * 0).sqrt() if k == 200 else y * 1
    page = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>{av.replay(y)._repr_html_()}'
    (place / "long.html").write_text(f"{page}</body></html>", encoding="utf-8")
    x = torch.tensor(2.0, requires_grad=True)
    several = av.replay(x.exp() * x.sin() + x, params={"x": x})
    several.save_html(place / "several.html")
    return place


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(has_touch=True, viewport={"width": 900, "height": 1000})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield page
    assert not errors


def _figure(page: Page, folder: Path, name: str = "notebook", nth: int = 0) -> Locator:
    page.goto((folder / f"{name}.html").as_uri())
    return page.locator(".av-stepper").nth(nth)


def _position(figure: Locator) -> int:
    return int(figure.locator(".av-k").inner_text())


def _lit(figure: Locator) -> list[str]:
    nodes = figure.locator(".av-node.av-now:not(.av-frame)")
    names = "all => all.map((node) => node.querySelector('text:not(.av-sign)').textContent)"
    found: list[str] = nodes.evaluate_all(names)
    return found


# Of three contributions to one leaf, how many have arrived after each step.
SEVERAL = [
    *((0, "0/3 arrived"), (1, "1/3 arrived"), (1, "1/3 arrived")),
    *((2, "2/3 arrived"), (3, "3/3 arrived"), (3, "3/3 arrived")),
]
ORDER = ["root", "SubBackward0", "PowBackward0", "y", "MulBackward0", "a", "PowBackward0", "x"]


def test_the_buttons_go_through_a_whole_backward_pass_and_back(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    for k, name in enumerate(ORDER):
        if k:
            figure.get_by_role("button", name="Next step").click()
        assert (_position(figure), _lit(figure)) == (k, [name])
        assert len([s for s in figure.locator(".av-step").all() if s.is_visible()]) == 1
    for k in range(6, -1, -1):
        figure.get_by_role("button", name="Previous step").click()
        assert (_position(figure), _lit(figure)) == (k, [ORDER[k]])


def test_the_arrow_keys_do_the_same(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    figure.get_by_role("button", name="Next step").focus()
    for k in range(1, 8):
        page.keyboard.press("ArrowRight")
        assert (_position(figure), _lit(figure)) == (k, [ORDER[k]])
    page.keyboard.press("ArrowLeft")
    assert _position(figure) == 6
    page.keyboard.press("Home")
    assert _position(figure) == 0
    page.keyboard.press("End")
    assert _position(figure) == 7


def test_the_picture_takes_the_keys_too(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    figure.locator(".av-picture").first.focus()
    page.keyboard.press("ArrowRight")
    assert _position(figure) == 1


def _swipe(page: Page, figure: Locator, dx: int, dy: int = 0) -> None:
    figure.scroll_into_view_if_needed()
    box = figure.locator(".av-story").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    session = page.context.new_cdp_session(page)
    start, end = {"x": x, "y": y}, {"x": x + dx, "y": y + dy}
    for kind, touch in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch})


def test_a_swipe_goes_forth_and_back(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    for k in range(1, 8):
        _swipe(page, figure, -90)
        assert _position(figure) == k
    _swipe(page, figure, 90)
    assert _position(figure) == 6


def test_a_short_or_upright_stroke_is_no_swipe(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    _swipe(page, figure, -20)
    _swipe(page, figure, -60, 60)
    assert _position(figure) == 0


def test_a_tap_on_a_button_works(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    figure.get_by_role("button", name="Next step").tap()
    assert _position(figure) == 1


def test_the_leaves_fill_up(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    shown = figure.locator(".av-leaf .av-value")
    before = figure.locator(".av-leaf .av-before")
    assert not any(value.is_visible() for value in shown.all())
    assert sorted(before.all_text_contents()) == [".grad = -8", ".grad = 12", ".grad = 9"]
    figure.get_by_role("button", name="Next step").focus()
    page.keyboard.press("End")
    texts = [value.text_content() or "" for value in shown.all() if value.is_visible()]
    assert sorted(texts) == [".grad = -16", ".grad = 18", ".grad = 24"]
    cells = figure.locator("td.av-after span").first
    assert cells.is_visible()


def test_playing_runs_to_the_end_and_can_be_paused(page: Page, folder: Path) -> None:
    page.clock.install()
    figure = _figure(page, folder)
    figure.get_by_role("button", name="Play").click()
    page.clock.run_for(3_100)
    assert _position(figure) == 2
    pause = figure.get_by_role("button", name="Pause")
    assert pause.evaluate("e => e === document.activeElement")
    pause.click()
    page.clock.run_for(5_000)
    assert _position(figure) == 2
    figure.get_by_role("button", name="Play").click()
    page.clock.run_for(30_000)
    assert _position(figure) == 7
    assert figure.get_by_role("button", name="Play").is_visible()
    figure.get_by_role("button", name="Play").click()
    assert _position(figure) == 0


def test_two_steppers_on_a_page_do_not_disturb_each_other(page: Page, folder: Path) -> None:
    second = _figure(page, folder, nth=1)
    second.get_by_role("button", name="Next step").click()
    assert _position(second) == 1
    assert _position(page.locator(".av-stepper").first) == 0


def test_a_site_with_a_strict_policy_and_another_language(page: Page, folder: Path) -> None:
    figure = _figure(page, folder, "site")
    figure.get_by_role("button", name="⟦Next step⟧").click()
    assert _lit(figure) == ["SubBackward0"]
    assert "⟦" in figure.locator(".av-where").inner_text()
    assert _position(figure) == 1


def test_the_current_step_is_announced(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    assert figure.locator("[aria-live=polite] .av-step.av-now").count() == 1


def _animations(chromium: Browser, folder: Path, selector: str) -> dict[str, str]:
    """Return how what is lit after a step is animated, by what the reader wants of motion."""
    names: dict[str, str] = {}
    motions: tuple[Literal["reduce", "no-preference"], ...] = ("reduce", "no-preference")
    for motion in motions:
        context = chromium.new_context(reduced_motion=motion)
        figure = _figure(context.new_page(), folder)
        figure.get_by_role("button", name="Next step").click()
        lit = figure.locator(selector).first
        names[motion] = lit.evaluate("e => getComputedStyle(e).animationName")
        context.close()
    return names


def test_motion_stops_where_the_reader_wants_none(chromium: Browser, folder: Path) -> None:
    assert _animations(chromium, folder, ".av-edge.av-now path:not(.av-arrow)") == {
        "reduce": "none",
        "no-preference": "av-run",
    }


def test_nothing_moves_before_the_reader_does_or_for_long(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    moving = """() => document.getAnimations().filter((animation) => animation.animationName).map(
        (animation) => animation.effect.getComputedTiming().endTime)"""
    assert page.evaluate(moving) == []
    figure.get_by_role("button", name="Next step").click()
    lengths = page.evaluate(moving)
    assert lengths
    assert max(lengths) <= 5000  # milliseconds; WCAG 2.2.2


def test_without_the_script_the_whole_story_is_there(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    figure = _figure(context.new_page(), folder)
    assert all(step.is_visible() for step in figure.locator(".av-step").all())
    assert figure.locator(".av-step").count() == 8
    assert not figure.locator(".av-bar").is_visible()
    assert all(value.is_visible() for value in figure.locator(".av-value").all())
    assert not any(text.is_visible() for text in figure.locator(".av-before").all())
    context.close()


def test_a_script_that_stays_away_is_not_waited_for(chromium: Browser, folder: Path) -> None:
    page = chromium.new_page()
    page.route("**/stepper.js", lambda route: route.abort())
    page.goto((folder / "site.html").as_uri())
    steps = page.locator(".av-step")
    assert not steps.first.is_visible()  # the bar could still come and push it down
    page.wait_for_timeout(2500)
    assert all(step.is_visible() for step in steps.all())
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, folder: Path, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    _figure(page, folder)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_tables_and_lists_look_the_same_in_jupyterlab(page: Page, folder: Path) -> None:
    figure = _figure(page, folder, "jupyterlab")
    figure.get_by_role("button", name="Next step").click()
    figure.locator(".av-legend > summary").click()
    for part in (".av-key", ".av-out", ".av-story ol"):
        left = figure.locator(part).first.evaluate("e => getComputedStyle(e).paddingLeft")
        assert (part, left) == (part, "0px")
    for cell in figure.locator(".av-grads").locator("th, td").all():
        assert cell.evaluate("e => getComputedStyle(e).textAlign") == "start"


def test_it_works_in_the_sandboxed_frame_of_a_hosted_notebook(page: Page, folder: Path) -> None:
    page.goto((folder / "hosted.html").as_uri())
    figure = page.frame_locator("iframe").locator(".av-stepper")
    for k, name in enumerate(ORDER):
        if k:
            figure.get_by_role("button", name="Next step").click()
        assert (_position(figure), _lit(figure)) == (k, [name])
    figure.get_by_role("button", name="Previous step").focus()
    page.keyboard.press("ArrowLeft")
    assert _position(figure) == 6


def _box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    x, y, width, height = (found[side] for side in ("x", "y", "width", "height"))
    sides = {"x": x, "y": y, "right": x + width, "bottom": y + height}
    return sides | {"width": width, "height": height}


def test_the_story_stands_beside_a_narrow_picture_with_the_leaves_below_it_and_above_a_wide_one(
    page: Page, folder: Path
) -> None:
    page.set_viewport_size({"width": 860, "height": 900})
    figure = _figure(page, folder)
    parts = [figure.locator(part).first for part in (".av-picture", ".av-story", ".av-leaves")]
    picture, story, leaves = map(_box, parts)
    assert picture["right"] <= story["x"]
    assert story["bottom"] <= leaves["y"] < picture["bottom"]
    assert leaves["x"] == story["x"]
    page.set_viewport_size({"width": 700, "height": 900})
    figure.evaluate(
        "e => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    picture, story, leaves = map(_box, parts)
    assert story["bottom"] <= picture["y"]
    assert leaves["x"] >= story["right"]


def test_on_a_phone_the_story_stands_above_the_picture_and_the_leaves_below_it(
    page: Page, folder: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    figure = _figure(page, folder)
    places = [
        _box(figure.locator(part).first)
        for part in (".av-bar", ".av-story", ".av-picture", ".av-leaves")
    ]
    for upper, lower in pairwise(places):
        assert upper["bottom"] <= lower["y"]
    assert places[2]["height"] <= 0.52 * 844
    rows = [_box(row) for row in figure.locator(".av-grads tbody tr").all()]
    assert len({row["y"] for row in rows}) == 1  # side by side
    assert not figure.locator(".av-track").is_visible()
    assert _box(figure.locator(".av-grads thead"))["width"] <= 1  # there for a screen reader


@pytest.mark.parametrize("width", [390, 700, 900])
def test_no_step_changes_the_height(page: Page, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    figure = _figure(page, folder)
    heights = {_box(figure)["height"]}
    figure.get_by_role("button", name="Next step").focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
        heights.add(_box(figure)["height"])
    assert _position(figure) == 7
    assert len(heights) == 1


def test_the_track_is_named_by_the_nodes_and_leads_to_each_step(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    stations = figure.get_by_role("group", name="Choose a step").get_by_role("button")
    assert stations.all_inner_texts() == ["Sub", "Pow", "y", "Mul", "a", "Pow", "x"]
    for k in (4, 1, 7, 3):
        stations.nth(k - 1).click()
        assert (_position(figure), _lit(figure)) == (k, [ORDER[k]])
        current = [station.get_attribute("aria-current") == "step" for station in stations.all()]
        assert current == [number == k for number in range(1, 8)]


def test_the_slider_leads_to_each_step_and_follows_them(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    figure = _figure(page, folder)
    slider = figure.get_by_role("slider", name="Choose a step")
    slider.fill("4")
    assert (_position(figure), _lit(figure)) == (4, [ORDER[4]])
    assert slider.get_attribute("aria-valuetext") == "Step 4 of 7"
    slider.press("ArrowRight")
    assert _position(figure) == 5
    figure.get_by_role("button", name="Next step").click()
    assert slider.input_value() == "6"


def test_a_long_story_has_a_slider_and_no_track(page: Page, folder: Path) -> None:
    page.goto((folder / "long.html").as_uri())
    figure = page.locator("figure")
    assert figure.locator(".av-track").count() == 0
    figure.get_by_role("slider").fill("300")
    assert _position(figure) == 300


def test_at_the_end_the_button_starts_again_and_the_arrow_key_stays(
    page: Page, folder: Path
) -> None:
    figure = _figure(page, folder)
    figure.get_by_role("button", name="To the end").click()
    assert figure.get_by_role("button", name="Next step").count() == 0
    again = figure.get_by_role("button", name="Start again")
    again.press("ArrowRight")
    assert _position(figure) == 7
    again.click()
    assert _position(figure) == 0
    assert figure.get_by_role("button", name="Next step").is_visible()


def test_what_is_to_come_is_faint_what_is_over_has_a_tick_and_the_present_is_filled(
    page: Page, folder: Path
) -> None:
    page.emulate_media(reduced_motion="reduce")
    figure = _figure(page, folder)
    figure.get_by_role("group", name="Choose a step").get_by_role("button").nth(3).click()
    looks = figure.locator(".av-picture").first.evaluate(
        """picture => [...picture.querySelectorAll(".av-node")].map((node) => {
            const shape = getComputedStyle(node.querySelector("rect, path"));
            const tick = getComputedStyle(node.querySelector(".av-tick")).visibility === "visible";
            const name = node.querySelector("text:not(.av-sign)").textContent;
            return [name, shape.opacity, shape.fillOpacity === "1", tick];
        })"""
    )
    found = {(name, *rest) for name, *rest in looks}
    over, now, coming = ("0.75", False, True), ("1", True, False), ("0.4", False, False)
    assert found == {
        *(("root", *over), ("SubBackward0", *over), ("PowBackward0", *over), ("y", *over)),
        ("MulBackward0", *now),
        *(("a", *coming), ("PowBackward0", *coming), ("x", *coming)),
    }


def test_the_new_number_grows_unless_the_reader_wants_no_motion(
    chromium: Browser, folder: Path
) -> None:
    assert _animations(chromium, folder, ".av-edge.av-now > .av-value") == {
        "reduce": "none",
        "no-preference": "av-grow",
    }


def test_a_leaf_that_several_lines_reach_counts_what_has_arrived(page: Page, folder: Path) -> None:
    page.goto((folder / "several.html").as_uri())
    figure = page.locator("figure")
    for k, (filled, count) in enumerate(SEVERAL):
        dots = figure.locator(".av-dot").evaluate_all(
            "dots => dots.filter((dot) => getComputedStyle(dot).fill !== 'none').length"
        )
        told = [
            text.text_content() for text in figure.locator(".av-arrived").all() if text.is_visible()
        ]
        assert (k, dots, told) == (k, filled, [count])
        figure.locator("[data-av-go=next]").press("ArrowRight")


def test_a_box_that_cuts_its_picture_fades_out_there_and_can_show_the_whole(
    page: Page, folder: Path
) -> None:
    page.set_viewport_size({"width": 300, "height": 600})
    page.emulate_media(reduced_motion="reduce")
    figure = _figure(page, folder)
    picture = figure.locator(".av-columns > .av-picture")
    fades = """box => ["left", "right", "above", "below"].map(
        (side) => box.style.getPropertyValue(`--av-${side}`) !== "0px")"""
    sides = """box => [box.scrollLeft, box.scrollWidth - box.clientWidth - box.scrollLeft, box.scrollTop,
        box.scrollHeight - box.clientHeight - box.scrollTop].map((cut) => cut > 1)"""
    for k in range(8):
        page.wait_for_function(
            f"(box) => String(({fades})(box)) === String(({sides})(box))",
            arg=picture.element_handle(),
        )
        assert k or any(picture.evaluate(sides))
        node = _box(figure.locator(".av-columns > .av-picture .av-node.av-now"))
        frame = _box(picture)
        assert frame["x"] <= node["x"]
        assert node["right"] <= frame["right"]
        assert frame["y"] - 1 <= node["y"]
        assert node["bottom"] <= frame["bottom"] + 1
        figure.locator("[data-av-go=next]").press("ArrowRight")
    figure.get_by_role("checkbox", name="See the whole picture").check()
    assert not any(picture.evaluate(sides))


def test_the_whole_picture_is_offered_only_where_it_is_cut(page: Page, folder: Path) -> None:
    figure = _figure(page, folder)
    assert not figure.get_by_role("checkbox", include_hidden=False).is_visible()


def test_a_button_jumps_to_the_first_infinity_or_nan_of_a_long_story_and_one_to_the_end(
    page: Page, folder: Path
) -> None:
    page.goto((folder / "long.html").as_uri())
    figure = page.locator("figure")
    for kind, words in (("infinity", "Here an infinity turns up"), ("NaN", "Here NaN turns up")):
        button = figure.get_by_role("button", name=f"To the first {kind}")
        button.click()
        assert str(_position(figure)) in (button.text_content() or "").split()
        (step,) = [s for s in figure.locator(".av-step").all() if s.is_visible()]
        assert words in (step.text_content() or "")
    figure.get_by_role("button", name="To the end").click()
    assert _position(figure) == int(figure.get_attribute("data-av-steps") or 0)
    assert not figure.get_by_role("button", name="To the end").is_enabled()
