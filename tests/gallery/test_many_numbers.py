"""The facts that the part on many numbers promises stand in its captured outputs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from printed_matrices import rows_of

PART = "many_numbers"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_vector_calculus",
            [
                "\nJ = tensor([[2., 0.],\n        [2., 1.],\n        [0., 3.]])",
                "x.grad = tensor([ 8., -2.])",
                "J.T @ v = tensor([ 8., -2.])",
                "['0.0028', '0.6976']",
                "40,000,000,000",
                "gradient = tensor([0., 0.])",
                "size mismatch",
                "J @ v[:2] = tensor([6., 7., 3.])\nv @ J = tensor([ 8., -2.])",
            ],
        ),
        (
            "plot_jacobian_products",
            [
                "Trying to backward through the graph a second time",
                "Specify retain_graph=True",
                "[4, 16, 380]",
                "difference < 1e-5 = True",
                "sorted(squares) = [(0.0, 0.0), (6.0, 5.0), (12.0, 10.0), (18.0, 15.0)]",
                "[0.25, 0.25, 0.25, 0.25]\n[0.25, 0.1966, 0.1229, 0.0843]\n[0.25, 0.1966, 0.1229, 0.0843]",
                "has been modified by an inplace operation",
                "[ 0., 20.,  0.,  0.,  0.]",
                "<svg",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{PART}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_gradients_accumulate_to_8_and_4_and_begin_again_when_emptied(
    captured: Callable[[str], str],
) -> None:
    def diagonal_and_rest(diagonal: float, rest: float) -> list[list[float]]:
        return [[diagonal if i == j else rest for j in range(5)] for i in range(4)]

    text = captured(f"{PART}/plot_jacobian_products")
    once, twice = diagonal_and_rest(4, 2), diagonal_and_rest(8, 4)
    assert rows_of(text, "inp.grad") == [once, twice, once]
