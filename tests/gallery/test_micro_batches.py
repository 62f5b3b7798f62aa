"""The facts that the page on micro-batches promises stand in its captured outputs."""

import re
from collections.abc import Callable

PAGE = "training/plot_micro_batches"


def test_three_means_add_up_to_three_times_the_gradient(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert "['3.000', '3.000', '3.000']\ntorch.allclose(divided, whole" in text
    assert "atol=1e-6) = True" in text


def test_unequal_parts_count_by_their_share(captured: Callable[[str], str]) -> None:
    rows = dict(re.findall(r"^(thirds|shares|sums) +(True|False)$", captured(PAGE), re.M))
    assert rows == {"thirds": "False", "shares": "True", "sums": "True"}


def test_no_factor_repairs_batch_normalization(captured: Callable[[str], str]) -> None:
    assert "torch.allclose(parts_norm, whole_norm, rtol=1e-2) = False" in captured(PAGE)


def test_a_total_of_losses_keeps_every_graph(captured: Callable[[str], str]) -> None:
    printed = re.findall(r"^(loss\S*) +\[(\d+), (\d+), (\d+)\]$", captured(PAGE), re.M)
    sizes = {way: [int(number) for number in numbers] for way, *numbers in printed}
    kept = sizes["loss"]
    assert kept[0] < kept[1] < kept[2]
    assert sizes["loss.detach()"] == [0, 0, 0]
