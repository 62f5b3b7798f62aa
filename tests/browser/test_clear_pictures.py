"""In every drawn graph no line runs through a box that it does not belong to, or through a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import BUILT, page_names

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LANGUAGE = "en"  # the other's pages have the same pictures, from the same run

# Each line is a row of points, 2 pixels apart. A point well inside of a box or of a label's letters is in its way.
CROSSINGS = """() => {
    document.querySelectorAll("details").forEach((details) => { details.open = true });
    const found = [];
    for (const svg of document.querySelectorAll(".av-picture > svg")) {
        const lines = [...svg.querySelectorAll(".av-edge > path:not(.av-arrow)")].map((path) => {
            const steps = [...Array(Math.ceil(path.getTotalLength() / 2)).keys()];
            return steps.map((step) => path.getPointAtLength(2 * step));
        });
        const look = (box, aside, above, name) => {
            for (const line of lines) {
                if (line.some(({x, y}) => x > box.x + aside && x < box.x + box.width - aside
                    && y > box.y + above && y < box.y + box.height - above)) found.push(name);
            }
        };
        for (const node of svg.querySelectorAll(".av-node:not(.av-frame)"))
            look([...node.querySelectorAll("rect:not(.av-meter), path")].pop().getBBox(), 2, 2, node.textContent);
        for (const label of svg.querySelectorAll(".av-edge > text"))
            look(label.getBBox(), 1, 3, label.textContent);
    }
    return [document.querySelectorAll(".av-picture > svg").length, found];
}"""


def test_no_line_runs_through_a_box_or_a_label(page: Page, site: str) -> None:
    pictures, crossed = 0, []
    for name in page_names(LANGUAGE):
        if 'class="av-picture"' in (BUILT / LANGUAGE / name).read_text(encoding="utf-8"):
            page.goto(f"{site}/{LANGUAGE}/{name}")
            here, found = page.evaluate(CROSSINGS)
            pictures += here
            crossed += [(name, what) for what in found]
    assert pictures > 30
    assert not crossed, crossed
