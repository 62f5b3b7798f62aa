"""What the page on memory shows: what operations keep, and what checkpointing spares and costs."""

import re
from ast import literal_eval
from collections.abc import Callable

PAGE = "beyond/plot_memory"


def test_each_operation_keeps_what_its_derivative_needs(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^(\w.*?) +(\{.*\})$", captured(PAGE), re.M)
    assert {name: literal_eval(kept) for name, kept in rows} == {
        "sin(x)": {"self": 4000},
        "exp(x)": {"result": 4000},
        "x + w": {},
        "x * w": {"self": 4000, "other": 4000},
        "relu(x)": {"result": 4000},
        "sum(x)": {},
    }


def test_the_graph_lets_go_of_one_vector_after_the_other(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert f"saved_bytes() = {64 * 4000}\nuntracked.grad_fn = None" in text
    assert "held[:4] = (256000, 252000, 248000, 244000)" in text
    assert "held[-4:] = (8000, 4000, 0, 0)" in text


def test_eight_parts_need_a_quarter_of_the_memory_and_one_part_needs_all_of_it_twice_over(
    captured: Callable[[str], str],
) -> None:
    rows = re.findall(r"// 4000 = +(\d+)  scales\.sines = +(\d+)$", captured(PAGE), re.M)
    (plain, once), (eight, again), (whole, whole_again) = [tuple(map(int, row)) for row in rows]
    assert 64 <= plain <= whole <= 67
    assert 16 <= eight <= 17 < plain / 3
    assert once == 64 < again <= whole_again < 128


def test_the_best_number_of_parts_is_the_square_root(captured: Callable[[str], str]) -> None:
    (printed,) = re.findall(r"^\{2: .*\}$", captured(PAGE), re.M)
    peaks = literal_eval(printed)
    assert min(peaks, key=peaks.get) ** 2 == 64


def test_tensors_kept_in_bfloat16_take_half_and_cost_digits(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert f"saved_bytes() = {64 * 2000}" in text
    assert "error.item() < 0.01 = True, error.item() > 1e-6 = True" in text
