"""The facts that the page on the floor of rounding promises stand in its captured outputs."""

from collections.abc import Callable

PAGE = "training/plot_rounding_floor"


def test_float32_stays_behind_float64_only_at_the_end(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert "[False, False, True]" in text


def test_most_updates_round_to_nothing_in_float32_and_hardly_one_in_float64(
    captured: Callable[[str], str],
) -> None:
    assert "\n[True, False]\n" in captured(PAGE)


def test_small_updates_are_lost_one_by_one_and_not_together(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "w.item() = 1.0\n" in text
    assert f"= {1 - 1000 * 2e-8:.6f}" in text


def test_in_more_digits_the_loss_falls_on(captured: Callable[[str], str]) -> None:
    assert "on[0] / on[-1] > 10 = True" in captured(PAGE)


def test_bfloat16_feels_what_is_more_than_half_of_the_way_to_its_neighbour(
    captured: Callable[[str], str],
) -> None:
    felt = {update: update > 2**-9 for update in (0.01, 0.003, 0.001)}
    assert str(felt) in captured(PAGE)
