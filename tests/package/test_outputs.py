"""The tracked tensors of any container are its roots, named by where they stand."""

from __future__ import annotations

from collections import OrderedDict, UserDict, deque, namedtuple
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
import torch
from package.autograd_graphs import leaf

import autograd_vi as av
from autograd_vi.outputs import roots_of

Pair = namedtuple("Pair", ["loss", "hidden"])  # the untyped kind is what models return


@dataclass
class Output:
    loss: torch.Tensor
    hidden: Any = None


@dataclass(frozen=True, slots=True)
class Slotted:
    loss: torch.Tensor
    hidden: Any = None


y, z = leaf(3) * 2, leaf() * 3


@pytest.mark.parametrize(
    ("output", "names"),
    [
        (y, [""]),
        ([y, z], ["[0]", "[1]"]),
        ((y, None), ["[0]"]),
        ((y, (z, y)), ["[0]", "[1][0]", "[1][1]"]),
        ({"logits": y}, ["logits"]),
        ({"a": {"b": [y, z]}, 3: z}, ["a.b[0]", "a.b[1]", "[3]"]),
        (OrderedDict(loss=z, logits=y), ["loss", "logits"]),
        (UserDict(loss=z), ["loss"]),
        (MappingProxyType({"loss": z}), ["loss"]),
        (Output(z, (y,)), ["loss", "hidden[0]"]),
        (Slotted(z, {"last": y}), ["loss", "hidden.last"]),
        (Pair(z, [y, None]), ["loss", "hidden[0]"]),
        (SimpleNamespace(loss=z, note="text"), ["loss"]),
        (deque([y, z]), ["[0]", "[1]"]),
        ({"loss": z, "classes": torch.ones(3).argmax(), "epoch": 7, "name": "run"}, ["loss"]),
        (torch.return_types.max((y, torch.zeros(3, dtype=torch.int64))), ["[0]"]),
    ],
)
def test_any_container_gives_its_tracked_tensors(output: Any, names: list[str]) -> None:  # noqa: ANN401
    roots = roots_of(output)
    assert [root.name for root in roots] == names
    assert all(root.tensor is y or root.tensor is z for root in roots)
    graph = av.trace(output)
    assert list(graph.root_names) == names
    assert len(graph.roots) == len(names)


def test_a_container_within_itself_is_entered_once() -> None:
    output: dict[str, Any] = {"loss": z}
    output["self"] = output
    assert [root.name for root in roots_of(output)] == ["loss"]


@pytest.mark.parametrize(
    "output", [None, 3.0, "loss", b"loss", torch.nn.Linear(1, 1), Output, leaf]
)
def test_what_holds_no_tensors_is_refused(output: Any) -> None:  # noqa: ANN401
    name = type(output).__name__
    with pytest.raises(TypeError, match=f"output is a {name}; give a tensor or a list of tensors"):
        roots_of(output)


@pytest.mark.parametrize("output", [[], (), {}, {"loss": 3.0}, (None, "text"), Output(None)])  # type: ignore[arg-type]
def test_a_container_without_a_tensor_is_refused(output: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match=f"this {type(output).__name__}; give at least one tensor"):
        roots_of(output)


@pytest.mark.parametrize(
    ("tensor", "dtype"),
    [(y.argmax(), "int64"), (y > 1, "bool"), (torch.ones(2, dtype=torch.uint8), "uint8")],
)
def test_of_integers_and_booleans_the_dtype_is_named(tensor: torch.Tensor, dtype: str) -> None:
    for output, name in (
        (tensor, "the tensor"),
        ({"k": tensor}, "output.k"),
        ((tensor,), r"output\[0\]"),
    ):
        with pytest.raises(ValueError, match=f"{name} is of dtype {dtype}.*argmax"):
            roots_of(output)


def test_a_root_is_printed_by_its_name_where_that_tells_more_than_its_place() -> None:
    x = leaf(2)
    h = x * 2
    tree = str(av.trace({"loss": h.sum(), "hidden": (h, h)}, {"x": x}))
    assert [line for line in tree.splitlines() if ": " in line] == [
        "loss: SumBackward0 ()",
        "hidden[0]: ↑ MulBackward0 #1",
        "hidden[1]: ↑ MulBackward0 #1",
    ]
    assert ": " not in str(av.trace([h.sum(), h], {"x": x}))
