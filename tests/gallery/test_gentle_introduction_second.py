"""The facts that the second half of chapter 5 promises stand in its captured outputs."""

import re
from collections.abc import Callable

import pytest

CHAPTER = "gentle_introduction"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_computational_graph",
            [
                "['PowBackward0', 'MulBackward0', 'PowBackward0', 'SubBackward0']",
                "[9.0, 18.0, 16.0, 2.0]",
                "One of the differentiated Tensors does not require grad",
                "<svg",
                "data-av-step",
            ],
        ),
        (
            "plot_out_of_the_graph",
            [
                "(x + y).requires_grad = False\n(x + z).requires_grad = True",
                "z.argmax().requires_grad = False, (z > 0.5).requires_grad = False",
                "element 0 of tensors does not require grad and does not have a grad_fn",
                "loss.grad = tensor(1.)",
                "<svg",
            ],
        ),
        (
            "plot_fine_tuning",
            [
                "sum(trained) = 5,130, total = 11,181,642",
                "reached = ['fc.weight', 'fc.bias']",
                "len(leaves) = 62",
                "trained = 4,725,770, len(leaves) = 8",
                "<svg",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_a_constant_factor_leaves_six_of_the_seven_nodes(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_computational_graph")
    counts = re.findall(r"^len\(graph\.nodes\) = (\d+), len\(graph\.edges\) = (\d+)$", text, re.M)
    assert counts == [("7", "6"), ("6", "5")]


def test_the_gradient_at_every_node_follows_the_chain_rule(captured: Callable[[str], str]) -> None:
    a, x, y = 2.0, 3.0, 4.0
    text = captured(f"{CHAPTER}/plot_computational_graph")
    steps = re.findall(r"^(\w+) +entered = +(\S+)  left = \[(.*)\]$", text, re.M)
    numbers = [
        (name, float(entered), [float(n) for n in left.split(", ") if n])
        for name, entered, left in steps
    ]
    assert numbers == [
        ("SubBackward0", 1, [1, -1]),
        ("PowBackward0", -1, [-2 * y]),
        ("y", -2 * y, []),
        ("MulBackward0", 1, [x**2, a]),
        ("a", x**2, []),
        ("PowBackward0", a, [2 * a * x]),
        ("x", 2 * a * x, []),
    ]


def test_tracking_and_prediction_mode_are_two_switches(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_out_of_the_graph")
    rows = re.findall(r"^training = .*$", text, re.M)
    found = [dict(re.findall(r"(\w+) = (True|False)", row)) for row in rows]
    yes = {"True": True, "False": False}
    assert len(found) == 4
    for row in found:
        assert yes[row["tracked"]] is not yes[row["frozen"]]
        assert yes[row["same"]] is not yes[row["training"]]
        assert row["moved"] == row["training"]


def test_marking_the_loss_trains_nothing_and_the_cure_one_layer(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_out_of_the_graph")
    unmoved = re.findall(r"^(\d\.\w+) +(.*)torch\.equal\(p, q\) = (True|False)$", text, re.M)
    assert [row for row in unmoved if row[1]] == [
        (name, "p.grad = None, ", "True") for name in ("0.weight", "0.bias", "2.weight", "2.bias")
    ]
    assert {name: same for name, other, same in unmoved if not other} == {
        "0.weight": "True",
        "0.bias": "True",
        "2.weight": "False",
        "2.bias": "False",
    }


def test_a_pretrained_body_beats_a_random_one_and_training_all(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_fine_tuning")
    ((pretrained, from_random, whole),) = re.findall(
        r"^pretrained = ([\d.]+), from_random = ([\d.]+), whole = ([\d.]+)$", text, re.M
    )
    assert float(pretrained) >= 0.9
    assert float(pretrained) > float(whole) > float(from_random)


def test_freezing_leaves_the_head_of_the_graph(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_fine_tuning")
    ((nodes, edges),) = re.findall(r"^Graph\((\d+) nodes, (\d+) edges\)$", text, re.M)
    assert int(nodes) > 2 * 62
    assert int(edges) > int(nodes)  # the shortcuts
    titles = re.findall(r"graph\.title[^>]*>[^<]*?(\d+) nodes and (\d+) edges", text)
    frozen, freed = ([int(number) for number in title] for title in titles)
    assert frozen[0] < 10 < freed[0] < int(nodes)


def test_only_the_head_moves_but_all_buffers_do_in_training_mode(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_fine_tuning")
    head = "changed(model.named_parameters(), before) = ['fc.weight', 'fc.bias']"
    assert f"len(before) = 62, {head}" in text
    moved = re.findall(r"^model\.training = True, .*len\(moved\) = (\d+)$", text, re.M)
    assert moved == ["60", "0"]
    drift = "drift.item() > 0.01 = True, changed(model.named_parameters(), before) = []"
    assert drift in text
