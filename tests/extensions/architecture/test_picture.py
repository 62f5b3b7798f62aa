"""Every import between rooms is a line of the picture, from left to right."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from _extensions.architecture.picture import columns, crossings, draw, levels, segments
from _extensions.architecture.rooms import Room

SVG = "{http://www.w3.org/2000/svg}"
USES = {
    "ground": (),
    "low": ("ground",),
    "middle": ("low",),
    "high": ("ground", "middle"),
    "alone": (),
}


def rooms(uses: dict[str, tuple[str, ...]]) -> list[Room]:
    return [Room(name, f"{name}/", f"The {name}.", used) for name, used in uses.items()]


def test_a_room_stands_one_level_above_the_highest_that_it_imports_from() -> None:
    assert levels(USES) == {"ground": 0, "low": 1, "middle": 2, "high": 3, "alone": 0}


def test_a_circle_is_refused_with_its_rooms_and_the_way_out() -> None:
    with pytest.raises(ValueError, match=r"^a, b import from each other in a circle; move"):
        levels({"a": ("b",), "b": ("a", "c"), "c": ()})


def test_a_long_line_passes_each_level_between() -> None:
    pieces = segments(USES)
    assert (("high", 3), ("ground", 2)) in pieces
    assert (("ground", 2), ("ground", 1)) in pieces
    assert (("ground", 1), ("ground", 0)) in pieces
    assert (("high", 3), ("middle", 2)) in pieces


def test_lines_cross_less_after_the_rows_are_ordered() -> None:
    uses = {"a": (), "b": (), "c": (), "x": ("c",), "y": ("b",), "z": ("a",)}
    unordered = [[(name, 0) for name in "abc"], [(name, 1) for name in "xyz"]]
    assert crossings(unordered, segments(uses)) == 3
    assert crossings(columns(uses), segments(uses)) == 0


def _ends(svg: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return where each line of the picture starts and ends."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if path.get("fill") == "none":
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d") or "")]
            found.append(((numbers[0], numbers[1]), (numbers[-2], numbers[-1])))
    return found


def test_a_new_import_draws_a_new_line_between_the_two_boxes() -> None:
    before = draw(rooms(USES), "Rooms")
    after = draw(rooms(USES | {"low": ("alone", "ground")}), "Rooms")
    assert len(_ends(after)) == len(_ends(before)) + 1
    boxes = {}
    root = ElementTree.fromstring(after)
    for box, text in zip(root.iter(f"{SVG}rect"), root.iter(f"{SVG}text"), strict=True):
        x, y, width, height = (float(box.get(key) or 0) for key in ("x", "y", "width", "height"))
        boxes[text.text] = (x, x + width, y + height / 2)
    line = (*boxes["low"][1:], boxes["alone"][0], boxes["alone"][2])
    assert any((*first, *last) == pytest.approx(line, abs=0.11) for first, last in _ends(after))


def test_every_box_lies_inside_the_picture_and_no_two_overlap() -> None:
    root = ElementTree.fromstring(draw(rooms(USES), "Rooms & lines"))
    assert root.findtext(f"{SVG}title") == "Rooms & lines"
    boxes = [
        tuple(float(box.get(key) or 0) for key in ("x", "y", "width", "height"))
        for box in root.iter(f"{SVG}rect")
    ]
    assert len(boxes) == len(USES)
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    for number, (x, y, w, h) in enumerate(boxes):
        assert x > 0
        assert y > 0
        assert x + w < width
        assert y + h < height
        for left, top, wide, high in boxes[:number]:
            assert x >= left + wide or left >= x + w or y >= top + high or top >= y + h
