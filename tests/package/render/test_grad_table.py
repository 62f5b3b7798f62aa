"""The table of the leaves: what each holds in .grad before and after, and the names that got nothing."""

import xml.etree.ElementTree as ET

import torch

import autograd_vi as av
from autograd_vi.render.grad_table import TABLE, leaves_html


def parsed(replay: av.Replay) -> ET.Element:
    return ET.fromstring(leaves_html(replay))


def test_a_row_for_each_leaf_is_lit_in_the_step_in_which_it_accumulates() -> None:
    x, y = (torch.tensor(v, requires_grad=True) for v in (2.0, 5.0))
    x.grad = torch.tensor(1.0)
    replay = av.replay(x * y, params={"x": x, "y": y})
    rows = parsed(replay).findall(".//tbody/tr")
    found = {
        "".join(row[0].itertext()): [*map("".join, map(ET.Element.itertext, row[1:]))]
        for row in rows
    }
    assert found == {"x": ["1", "6"], "y": ["None", "2"]}
    for row in rows:
        step = replay.steps[int(row[2].get("data-av-at") or 0) - 1]
        assert step.node.name == "".join(row[0].itertext())


def test_its_roles_are_written_out_for_browsers_that_forget_them_with_the_display() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    table = parsed(av.replay(x * 3, params={"x": x})).find(".//table")
    assert table is not None
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for element in table.iter():
        assert element.get("role") == roles.get(element.tag, element.get("role"))
    assert [head.get("role") for head in table.iter("th")] == [*["columnheader"] * 3, "rowheader"]


def test_a_long_table_is_folded() -> None:
    for n in (TABLE, TABLE + 1):
        leaves = [torch.tensor(1.0, requires_grad=True) for _ in range(n)]
        html = parsed(
            av.replay(torch.stack(leaves).sum(), params={f"x{k}": x for k, x in enumerate(leaves)})
        )
        assert (html.find("details") is not None) is (n > TABLE)


def test_names_without_a_gradient_stand_below_the_table() -> None:
    x, y = (torch.tensor(1.0, requires_grad=True) for _ in "xy")
    last = parsed(av.replay(x * 3, params={"x": x, "y": y}))[-1]
    assert "".join(last.itertext()) == "Without a gradient in this pass: y"
