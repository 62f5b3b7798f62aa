"""What the package uses of torch although torch does not document it (``docs/upstream.toml``).

The package is imported in the tests, which can then say why it cannot be imported.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch._subclasses.fake_tensor
from upstream_list import upstream

# The only Function that is written in C++ and can be reached from Python without a compiler belongs to torch's lazy
# tensors, which are started once and for all in a process.
CPP_FUNCTION = """
import torch, torch._lazy.ts_backend
torch._lazy.ts_backend.init()
x = torch.ones(1, 1, 2, 2, 2).to("lazy").requires_grad_()
node = torch.nn.functional.max_pool3d(x, 2).grad_fn
from autograd_vi.operations import op_and_kind
print(type(node).__name__, *op_and_kind(node))
"""


def leaf() -> torch.Tensor:
    return torch.ones(2, 3, requires_grad=True)


def node_of(tensor: torch.Tensor) -> Any:  # noqa: ANN401  # its type knows none of the names asked for
    assert tensor.grad_fn is not None
    return tensor.grad_fn


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:
        del ctx
        return x * 2

    @staticmethod
    def backward(ctx: object, grad: torch.Tensor) -> torch.Tensor:
        del ctx
        return grad * 2


@upstream("torch._C._functions.AccumulateGrad")
def test_the_end_of_a_path_is_of_the_class_of_leaves() -> None:
    from autograd_vi.guards import AccumulateGrad

    [(end, _)] = node_of(leaf() * 2).next_functions[:1]
    assert type(end) is AccumulateGrad


@upstream("Node._sequence_nr")
def test_nodes_are_numbered_as_they_are_made() -> None:
    first = leaf() * 2
    second = first * 2
    assert node_of(second)._sequence_nr() == node_of(first)._sequence_nr() + 1


@upstream("a node's metadata live and die with it")
def test_what_a_node_s_metadata_hold_lives_as_long_as_the_node() -> None:
    from autograd_vi.guards import metadata_of

    class Marker:
        pass

    marker = Marker()
    alive = weakref.ref(marker)
    below = leaf() * 2
    metadata_of(node_of(below))["marker"] = marker
    above = below * 2
    del marker, below
    gc.disable()  # it must not take the cycle collector
    try:
        assert alive() is metadata_of(node_of(above).next_functions[0][0])["marker"]
        del above
        assert alive() is None
    finally:
        gc.enable()


@upstream("Node._input_metadata")
def test_a_node_tells_the_shape_dtype_and_device_of_each_output() -> None:
    metadata, *_ = node_of(leaf().unbind()[0])._input_metadata
    assert (tuple(metadata.shape), metadata.dtype, metadata.device) == (
        (3,),
        torch.float32,
        torch.device("cpu"),
    )
    assert len(node_of(leaf().unbind()[0])._input_metadata) == 2


@upstream("AccumulateGrad.variable")
def test_the_end_of_a_path_holds_its_leaf() -> None:
    x = leaf()
    assert node_of(x * 2).next_functions[0][0].variable is x


@upstream("_forward_cls of a custom Function's node")
def test_a_custom_function_s_node_knows_its_function() -> None:
    from autograd_vi.operations import op_and_kind

    assert op_and_kind(node_of(Twice.apply(leaf()))) == ("Twice", "custom")
    assert not hasattr(node_of(leaf() * 2), "_forward_cls")


@upstream("CppFunction and torch::autograd::CppNode<…>")
def test_a_function_written_in_cpp_goes_by_its_own_name() -> None:
    from autograd_vi.operations import SHARED_CLASS

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CPP_FUNCTION],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.strip().rpartition("\n")[2]
    assert done.stdout.split() == [SHARED_CLASS, "MaxPool3dAutogradFunctionTS", "custom"]


@upstream("Module._parameters, _modules, _buffers, _forward_hooks, _forward_pre_hooks")
def test_a_module_tells_what_it_holds_itself() -> None:
    norm = torch.nn.BatchNorm1d(2)
    model = torch.nn.Sequential(norm)
    assert (model._parameters, [*model._modules]) == ({}, ["0"])
    assert [*norm._parameters] == ["weight", "bias"]
    assert "running_mean" in norm._buffers
    assert (len(norm._forward_hooks), len(norm._forward_pre_hooks)) == (0, 0)
    norm.register_forward_hook(lambda *_: None)
    norm.register_forward_pre_hook(lambda *_: None)
    assert (len(norm._forward_hooks), len(norm._forward_pre_hooks)) == (1, 1)


@upstream("torch.autograd._get_sequence_nr")
def test_the_next_number_of_a_node_is_known() -> None:
    following: Callable[[], int] = vars(torch.autograd)["_get_sequence_nr"]
    before = following()
    assert node_of(leaf() * 2)._sequence_nr() >= before
    assert following() > before


@upstream("OpOverload._schema")
def test_a_schema_tells_which_results_share_memory() -> None:
    def shares(overload: torch._ops.OpOverload) -> list[bool]:
        return [returned.alias_info is not None for returned in overload._schema.returns]

    assert shares(torch.ops.aten.t.default) == [True]
    assert shares(torch.ops.aten.mul.Tensor) == [False]
    alias = torch.ops.aten.relu_.default._schema.returns[0].alias_info
    assert alias is not None
    assert alias.is_write
    assert "default" in torch.ops.aten.t.overloads()


@upstream("Node._saved_self, _saved_other, _saved_exponent, _saved_result")
def test_a_node_shows_what_it_keeps_for_the_backward_pass() -> None:
    x, y = leaf(), leaf()
    square, product = node_of(x**2), node_of(x * y)
    assert square._saved_self is x
    assert square._saved_exponent == 2
    assert product._saved_self is x
    assert product._saved_other is y
    assert torch.equal(node_of(x.exp())._saved_result, x.exp())


@upstream("Tensor._version")
def test_a_tensor_counts_what_is_written_in_place() -> None:
    x = torch.ones(2)
    before = x._version
    x.add_(1)
    assert (before, x._version) == (0, 1)


@pytest.mark.filterwarnings("ignore:Warning only once for all operators:UserWarning")
@upstream("torch.library.Library._destroy")
def test_a_kernel_of_ours_can_be_taken_away() -> None:
    def ours(x: torch.Tensor) -> torch.Tensor:
        return x + 100

    x = torch.ones(2)
    library = torch.library.Library("aten", "IMPL")
    library.impl("erfinv", ours, "CPU")
    assert torch.erfinv(x).tolist() == [101, 101]
    library._destroy()
    assert torch.erfinv(x).tolist() == [float("inf")] * 2


@upstream("torch.utils._pytree.tree_map, tree_leaves")
def test_values_in_lists_and_dictionaries_are_found_and_changed() -> None:
    from torch.utils._pytree import tree_leaves, tree_map

    tree = {"a": [1, (2, 3)]}
    assert tree_leaves(tree) == [1, 2, 3]
    assert tree_map(lambda number: number * 2, tree) == {"a": [2, (4, 6)]}


@upstream("torch._C._current_graph_task_id")
def test_every_backward_pass_has_a_number_of_its_own() -> None:
    seen: list[int] = []
    y = leaf() * 2
    y.register_hook(lambda _: seen.append(torch._C._current_graph_task_id()))
    for _ in range(2):
        y.sum().backward(retain_graph=True)
    assert len(set(seen)) == 2
    assert min(seen) >= 0
    assert torch._C._current_graph_task_id() == -1


@upstream("Tensor._post_accumulate_grad_hooks")
def test_a_leaf_shows_the_hooks_that_wait_for_its_gradient() -> None:
    x = leaf()
    assert not x._post_accumulate_grad_hooks
    handle = x.register_post_accumulate_grad_hook(lambda _: None)
    assert x._post_accumulate_grad_hooks
    handle.remove()
    assert not x._post_accumulate_grad_hooks


@upstream("torch._C._functorch.is_functorch_wrapped_tensor")
def test_a_tensor_inside_a_transform_is_told_from_others() -> None:
    seen: list[bool] = []

    def square(x: torch.Tensor) -> torch.Tensor:
        seen.append(torch._C._functorch.is_functorch_wrapped_tensor(x))
        return (x * x).sum()

    torch.func.grad(square)(torch.ones(2))
    assert seen == [True]
    assert not torch._C._functorch.is_functorch_wrapped_tensor(torch.ones(2))


@upstream("torch._C.DisableTorchFunctionSubclass and torch._subclasses.fake_tensor.FakeTensor")
def test_a_subclass_gives_up_its_functions_and_a_fake_tensor_is_known_by_its_class() -> None:
    class Loud(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *_: object, **__: object) -> None:
            raise AssertionError("asked")

    loud = torch.ones(2).as_subclass(Loud)
    with torch._C.DisableTorchFunctionSubclass():
        assert type(loud.as_subclass(torch.Tensor)) is torch.Tensor
    with torch._subclasses.fake_tensor.FakeTensorMode():
        assert isinstance(torch.ones(2), torch._subclasses.fake_tensor.FakeTensor)


@upstream("Node._raw_saved_self and its like")
def test_a_node_lists_what_it_keeps_without_unpacking_it() -> None:
    node = node_of(leaf() ** 2)
    raw = [name for name in dir(type(node)) if name.startswith("_raw_saved_")]
    assert raw == ["_raw_saved_self"]
    assert hasattr(node, "_raw_saved_self")


@upstream("UntypedStorage._cdata")
def test_two_views_share_the_number_of_their_storage() -> None:
    x = torch.ones(2, 3)
    assert x.untyped_storage()._cdata == x[0].untyped_storage()._cdata
    assert x.untyped_storage()._cdata != torch.ones(2, 3).untyped_storage()._cdata
