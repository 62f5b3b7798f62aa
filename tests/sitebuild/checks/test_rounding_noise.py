"""Noise of one unit in the last place, and only where something was rounded."""

import pytest
import torch

from sitebuild.checks.rounding_noise import RoundingNoise, Tf32Convolutions, ten_bits


def units(noisy: torch.Tensor, plain: torch.Tensor) -> torch.Tensor:
    """How many steps of the last place lie between float32 tensors of one sign."""
    return noisy.view(torch.int32) - plain.view(torch.int32)


def test_products_differ_in_the_last_place_and_from_call_to_call() -> None:
    a, b = torch.rand(20, 30), torch.rand(30, 20)
    plain = a @ b
    with RoundingNoise():
        first, second = a @ b, a @ b
    assert set(units(first, plain).flatten().tolist()) == {-1, 0, 1}
    assert not torch.equal(first, second)


def test_an_exact_product_stays() -> None:
    a, b = torch.arange(12.0).reshape(3, 4), torch.arange(8.0).reshape(4, 2)
    plain = a @ b
    with RoundingNoise():
        assert torch.equal(a @ b, plain)
        assert torch.equal(a.double() @ b.double(), plain.double())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_convolutions_and_their_gradients_differ(dtype: torch.dtype) -> None:
    x = torch.rand(1, 3, 8, 8, dtype=dtype)
    w = torch.rand(4, 3, 3, 3, dtype=dtype, requires_grad=True)

    def gradient() -> torch.Tensor:
        return torch.autograd.grad(torch.conv2d(x, w).square().sum(), w)[0]

    plain = gradient()
    with RoundingNoise():
        noisy = gradient()
    assert not torch.equal(noisy, plain)
    torch.testing.assert_close(noisy, plain)


def test_other_operations_and_the_random_numbers_of_a_page_are_as_they_were() -> None:
    torch.manual_seed(0)
    plain = torch.rand(3), torch.rand(3).exp()
    torch.manual_seed(0)
    with RoundingNoise():
        noisy = [torch.rand(3)]
        torch.ones(3, 3) @ torch.full((3, 3), 0.1)
        noisy.append(torch.rand(3).exp())
    assert all(map(torch.equal, noisy, plain))


def test_infinite_and_undefined_results_stay() -> None:
    a = torch.tensor([[float("inf"), 1.0]])
    with RoundingNoise():
        assert (a @ torch.ones(2, 1)).isinf().all()
        assert (a @ torch.tensor([[0.0], [1.0]])).isnan().all()


def test_ten_bits_are_those_of_float16_where_that_type_reaches() -> None:
    x = torch.rand(1000) + 0.5
    assert torch.equal(ten_bits(x), x.half().float())
    assert ten_bits(3) == 3
    assert torch.equal(ten_bits(x.double()), x.double())


def test_only_convolutions_lose_bits() -> None:
    x, w = torch.rand(1, 3, 8, 8), torch.rand(4, 3, 3, 3)
    plain, short = torch.conv2d(x, w), torch.conv2d(ten_bits(x), ten_bits(w))
    with Tf32Convolutions():  # type: ignore[no-untyped-call]  # torch types it not
        torch.testing.assert_close(torch.conv2d(x, w), short)
        assert torch.equal(x.flatten(1) @ x.flatten(1).T, x.flatten(1) @ x.flatten(1).T)
    assert (short - plain).norm() > 1e-5 * plain.norm()
