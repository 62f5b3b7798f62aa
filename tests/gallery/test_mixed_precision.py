"""What the page on mixed precision shows: ranges and gaps of 16 bits, scaling, and lost updates."""

import re
from ast import literal_eval
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_mixed_precision"


def test_float16_has_the_digits_and_bfloat16_the_range(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^torch\.b?float\d+ +(\S+) (\S+) (\S+)$", captured(PAGE), re.M)
    largest, smallest, gap = zip(*[tuple(map(float, row)) for row in rows], strict=True)
    # Bits of fraction and smallest exponents of the three formats.
    assert gap == pytest.approx([2.0**-23, 2.0**-10, 2.0**-7], rel=0.05)
    assert smallest == pytest.approx([2.0**-149, 2.0**-24, 2.0**-133], rel=0.05)
    assert largest == pytest.approx([2.0**128, 2.0**16, 2.0**128], rel=0.05)


def test_a_small_gradient_is_zero_in_float16_and_comes_back_with_scaling(
    captured: Callable[[str], str],
) -> None:
    rows = re.findall(r"^(?:w\.grad|scaled) = tensor\((\[.*\])\)$", captured(PAGE), re.M)
    lost, scaled = map(literal_eval, rows)
    assert lost[0] == 0
    assert scaled == pytest.approx([1e-9, 1e-7, 1e-5], rel=0.01)


def test_autocast_computes_in_bfloat16_and_leaves_the_weights_alone(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "output.dtype = torch.bfloat16, loss.dtype = torch.float32" in text
    assert "net.weight.dtype = torch.float32, net.weight.grad.dtype = torch.float32" in text
    assert "ToCopyBackward0" in text


def test_the_scaler_leaves_out_a_step_halves_and_doubles(captured: Callable[[str], str]) -> None:
    (printed,) = re.findall(r"^\[\(0\.9, .*\)\]$", captured(PAGE), re.M)
    places, factors = zip(*literal_eval(printed), strict=True)
    assert places == (0.9, 0.9, 0.8, 0.7)
    assert factors == (2**16, 2**15, 2**15, 2**16)


def test_only_float32_weights_take_a_thousand_small_updates(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^torch\.b?float\d+ +(\d\.\d{4})$", captured(PAGE), re.M)
    assert [float(value) for value in rows] == pytest.approx([1.1, 1, 1], abs=1e-3)


def test_clipping_before_unscaling_makes_the_step_too_short(captured: Callable[[str], str]) -> None:
    assert f"['{1 / 65536:.6f}', '{0.5:.6f}']" in captured(PAGE)
