"""The facts that the page on copies and sums promises stand in its captured outputs."""

from collections.abc import Callable

import numpy as np

PAGE = "many_numbers/plot_broadcasting"
WEIGHTS = np.arange(1.0, 7.0).reshape(2, 3)


def test_a_copied_direction_is_summed_on_the_way_back(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert f"(3,)    {WEIGHTS.sum(axis=0).tolist()}" in text
    assert f"(2, 1)  {WEIGHTS.sum(axis=1, keepdims=True).tolist()}" in text
    assert f"()      {WEIGHTS.sum()}" in text


def test_an_index_puts_back_and_adds_up(captured: Callable[[str], str]) -> None:
    expected = np.zeros(4)
    np.add.at(expected, [0, 3, 0], [1, 10, 100])
    printed = ", ".join(f"{number:3.0f}." for number in expected)
    assert f"grad = tensor([{printed.strip()}])" in captured(PAGE).replace("tensor([ ", "tensor([")
    assert "grad = tensor([0., 1., 1., 0.])" in captured(PAGE)


def test_shapes_that_fit_too_well_give_a_wrong_loss(captured: Callable[[str], str]) -> None:
    prediction, target = np.array([[1.0], [5.0]]), np.array([1.0, 5.0])
    loss = ((prediction - target) ** 2).mean()
    assert f"(prediction - target).square().mean().item() = {loss}" in captured(PAGE)


def test_a_mean_over_all_outputs_gives_the_bias_a_third(captured: Callable[[str], str]) -> None:
    assert "layer.bias.grad = tensor([0.3333, 0.3333, 0.3333])" in captured(PAGE)
