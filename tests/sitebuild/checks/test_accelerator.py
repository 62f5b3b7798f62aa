"""What a GPU would refuse is refused, and what it would do is done."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import autograd_vi
from sitebuild.checks.accelerator import accelerator

GPU = torch.device("cuda:0")


@pytest.fixture
def gpu() -> Iterator[torch.device]:
    with accelerator("cuda:0"):
        yield autograd_vi.pick_device()


def test_the_package_picks_the_device(gpu: torch.device) -> None:
    assert gpu == GPU


def test_a_tensor_says_and_prints_where_it_lives(gpu: torch.device) -> None:
    x = torch.ones(2, device=gpu, requires_grad=True)
    assert (x.device, x.is_cuda, x.is_cpu) == (GPU, True, False)
    assert repr(x) == "tensor([1., 1.], device='cuda:0', requires_grad=True)"
    assert repr((2 * x).detach()) == "tensor([2., 2.], device='cuda:0')"
    assert f"{x[0]:.2f}" == "1.00"
    assert repr(torch.ones(2)) == "tensor([1., 1.])"
    weight = nn.Linear(1, 1).to(gpu).weight
    nn.init.ones_(weight)
    assert repr(weight) == (
        "Parameter containing:\ntensor([[1.]], device='cuda:0', requires_grad=True)"
    )


@pytest.mark.parametrize(
    "meet",
    [
        lambda x: x + torch.ones(2),
        lambda x: torch.dot(torch.tensor([1.0, 2.0]), x),
        lambda x: nn.functional.linear(x, nn.Linear(2, 1).weight),
        lambda x: torch.equal(x, torch.from_numpy(np.ones(2, dtype=np.float32))),
        lambda x: x * torch.ones(2, device=GPU).cpu(),
        lambda x: (2 * x).sum().backward() or x.grad + torch.ones(2),
        lambda x: torch.stack([x, torch.zeros(2)]),
        lambda x: nn.functional.mse_loss(x, torch.zeros(2)),
    ],
)
def test_a_tensor_that_was_made_without_device_cannot_meet_one_of_the_device(
    gpu: torch.device, meet: Callable[[torch.Tensor], object]
) -> None:
    with pytest.raises(RuntimeError, match=r"found at least two devices, cuda:0 and cpu"):
        meet(torch.ones(2, device=gpu, requires_grad=True))


def test_numbers_moved_tensors_and_scalars_may_meet(gpu: torch.device) -> None:
    layer = nn.Linear(2, 1).to(gpu)
    x = torch.rand(3, 2, generator=torch.Generator()).to(gpu)
    assert (layer(x) * torch.tensor(2.0)).device == GPU
    assert x[torch.tensor([0, 2])].device == GPU
    assert torch.zeros(2).copy_(x[0]).device.type == "cpu"
    assert {p.device for p in layer.parameters()} == {GPU}


def test_gradients_live_where_their_tensors_do(gpu: torch.device) -> None:
    x = torch.ones(2, device=gpu, requires_grad=True)
    (x * x).sum().backward()
    assert x.grad is not None
    assert x.grad.device == GPU
    (gradient,) = torch.autograd.grad((x * x).sum(), x)
    assert gradient.device == GPU
    assert [row.device for row in torch.ones(2, 2, device=gpu)] == [GPU, GPU]


@pytest.mark.parametrize("read", [lambda x: x.numpy(), np.asarray])
def test_numpy_cannot_read_the_device(
    gpu: torch.device, read: Callable[[torch.Tensor], object]
) -> None:
    x = torch.ones(2, device=gpu)
    with pytest.raises(TypeError, match=r"can't convert cuda:0 .* Use Tensor\.cpu\(\)"):
        read(x)
    assert read(x.cpu()) is not None


def test_a_generator_of_the_cpu_draws_on_the_cpu_only(gpu: torch.device) -> None:
    with pytest.raises(RuntimeError, match="Expected a 'cuda' device type for generator"):
        torch.rand(2, generator=torch.Generator(), device=gpu)


def test_a_copy_on_the_device_is_a_copy_and_is_recorded(gpu: torch.device) -> None:
    x = torch.ones(2, requires_grad=True)
    moved = x.to(gpu)
    assert (moved.is_leaf, moved.device) == (False, GPU)
    assert moved.to(gpu) is moved
    assert moved.data_ptr() != x.data_ptr()
    assert moved.double().device == GPU


def test_the_line_that_made_an_operation_is_one_of_the_page(gpu: torch.device) -> None:
    x = torch.ones(2, device=gpu, requires_grad=True)
    with autograd_vi.record_sources():
        y = x * 2
    (node, _) = autograd_vi.trace(y).nodes
    assert node.source is not None
    assert (node.source.file, node.source.text) == (Path(__file__).name, "y = x * 2")


def test_a_copied_network_lives_where_the_network_does(gpu: torch.device) -> None:
    copied = deepcopy(nn.Linear(2, 1).to(gpu))
    assert copied(torch.ones(1, 2, device=gpu)).device == GPU


def test_a_module_that_is_on_the_device_may_be_moved_there_again(gpu: torch.device) -> None:
    layer = nn.Linear(2, 1).to(gpu)
    both = nn.ModuleList([layer, nn.Linear(2, 1)]).to(gpu)
    both[1].weight = layer.weight
    assert both.to(gpu)[1].weight is layer.weight
    assert both.to(gpu, torch.float64)[0].weight.dtype == torch.float64


def test_a_tensor_follows_another_one_to_its_device_and_type(gpu: torch.device) -> None:
    moved = torch.ones(2, dtype=torch.float64).to(torch.ones(1, device=gpu))
    assert (moved.device, moved.dtype) == (GPU, torch.float32)
    back = moved.to(torch.ones(1, dtype=torch.float64))
    assert (back.device.type, back.dtype) == ("cpu", torch.float64)


def test_values_on_two_devices_are_not_close(gpu: torch.device) -> None:
    x = torch.ones(2, device=gpu)
    with pytest.raises(AssertionError, match="device"):
        torch.testing.assert_close(x, torch.ones(2))
    torch.testing.assert_close(x.cpu(), torch.ones(2))


def test_what_a_hook_receives_goes_with_any_tensor(gpu: torch.device) -> None:
    x = torch.ones(2, device=gpu, requires_grad=True)
    seen: list[torch.Tensor] = []
    y = 2 * x
    y.register_hook(seen.append)
    y.sum().backward()
    torch.testing.assert_close(seen[0], torch.ones(2, device=gpu))
    assert (seen[0] + x).device == GPU


def test_a_device_may_know_no_float64() -> None:
    with accelerator("mps:0", float64=False):
        x = torch.ones(2, device="mps:0")
        assert torch.ones(2, dtype=torch.float64).dtype == torch.float64
        assert x.cpu().double().dtype == torch.float64
        for make in (x.double, lambda: torch.ones(2, dtype=torch.float64, device="mps:0")):
            with pytest.raises(TypeError, match="MPS Tensor to float64"):
                make()


def test_afterwards_the_device_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_DEVICE", "cpu")
    with accelerator("cuda:0"):
        x = torch.ones(2, device="cuda:0")
    assert autograd_vi.pick_device() == torch.device("cpu")
    assert repr(x) == "tensor([1., 1.])"
