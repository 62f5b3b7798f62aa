"""The words of a drawing can be read on light and on dark paper: axe-core does not judge text in a picture."""

import re
from pathlib import Path

import pytest

import autograd_vi.render

CSS = (Path(autograd_vi.render.__file__).parent / "graph.css").read_text(encoding="utf-8")
PAPERS = {"light": ("#ffffff", "#f8f9fb"), "dark": ("#131416", "#16181b")}
READABLE = 4.5  # WCAG 2.2, criterion 1.4.3


def channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(colour: list[float]) -> float:
    """Return WCAG's relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(first: list[float], second: list[float]) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes(theme: str) -> list[dict[str, str]]:
    """Return the variables of each rule that sets them for a theme: one for light, two for dark."""
    rules = re.findall(r"\{([^{}]*--av-leaf:[^{}]*)\}", CSS)
    found = [dict(re.findall(r"--av-(\w+): (#\w{6}|[\d.]+);", rule)) for rule in rules]
    return found[:1] if theme == "light" else found[1:]


def test_there_is_one_palette_for_light_and_the_same_one_for_both_ways_to_dark() -> None:
    assert len(palettes("light")) == 1
    first, second = palettes("dark")
    assert first == second != palettes("light")[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["leaf", "flow", "module", "muted"])
def test_coloured_words_stand_out_from_the_paper_and_from_the_fill_of_their_box(
    theme: str, name: str
) -> None:
    for palette in palettes(theme):
        colour, opacity = channels(palette[name]), float(palette["fill"])
        for paper in map(channels, PAPERS[theme]):
            filled = [opacity * c + (1 - opacity) * p for c, p in zip(colour, paper, strict=True)]
            assert contrast(colour, paper) >= READABLE
            assert contrast(colour, filled) >= READABLE
