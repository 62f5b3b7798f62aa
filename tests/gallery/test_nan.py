"""The page on NaN shows where each one comes from, and that each cure gives the slope by hand."""

import re
from collections.abc import Callable

PAGE = "error_museum/plot_nan"


def rows(text: str, name: str) -> list[list[float]]:
    """Return the lists printed under ``name``, in order."""
    found = re.findall(rf"{re.escape(name)} = \[(.*?)\]", text)
    return [[float(number) for number in row.split(",")] for row in found]


def test_only_the_safe_input_gives_the_slope_of_the_branch_that_was_taken(
    captured: Callable[[str], str],
) -> None:
    broken, repaired, safe = rows(captured(PAGE), "x.grad.tolist()")
    assert repr(broken) == repr(repaired) == "[-0.0, nan, 1.0]"
    assert safe == [0, 0, 1]  # 1/x where x is 1


def test_a_number_after_the_root_mends_nothing_and_one_under_it_does(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert [repr(row) for row in rows(text, "a.grad.tolist()")] == ["[nan, nan]"] * 2
    assert rows(text, "gradient.tolist()")[:2] == [[0, 0], [0, 0]]


def test_the_replay_names_the_root_and_anomaly_detection_the_square(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "first.node.op = 'SqrtBackward0'" in text
    assert "first.grad_outputs[0].entries = 1.0\nfirst.grad_inputs[0].entries = inf" in text
    assert "Function 'PowBackward0' returned nan values in its 0th output." in text
    assert "UserWarning: Error detected in PowBackward0." in text
    mended_square = rows(text, "gradient.tolist()")[2]
    assert repr(mended_square) == "[nan, nan]"


def test_clipping_refuses_or_spreads_the_nan(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    refused = text.index("is non-finite, so it cannot be clipped")
    assert refused < text.index("w.grad.tolist() = [nan]")
    assert "norm.isfinite().item() = False, w.tolist() = [3.0]" in text


def test_the_loss_of_shares_is_nan_and_that_of_their_logarithms_is_not(
    captured: Callable[[str], str],
) -> None:
    assert re.search(r"^loss\.item\(\) = nan$", captured(PAGE), re.M)
    assert "-(shares[0] + 1e-12).log().item() = nan" in captured(PAGE)
    assert re.search(r"^loss\.item\(\) = -?0\.0, gradient", captured(PAGE), re.M)


def test_the_answer_is_minus_one_and_zero(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert repr(rows(text, "p.grad.tolist()")) == "[[-1.0, nan]]"
    assert rows(text, "gradient.tolist()")[-1] == [-1, 0]
