"""The name and the kind of an operation, as torch's node and torch's schemas tell them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import torch

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

NodeKind: TypeAlias = Literal["leaf", "operation", "view", "custom"]

SHARED_CLASS = "CppFunction"  # of all nodes for which torch has no Python class of their own


def op_and_kind(node: TorchNode) -> tuple[str, NodeKind]:
    """Return the name and the kind of a node's gradient function."""
    custom = getattr(node, "_forward_cls", None)
    if custom is not None:
        return custom.__name__, "custom"
    op = type(node).__name__
    if op == SHARED_CLASS:
        name = node.name()
        # Its name is its C++ class: https://github.com/pytorch/pytorch/pull/23020
        written_in_cpp = re.fullmatch(r".*\bCppNode<(.+)>", name)
        if written_in_cpp:
            return written_in_cpp[1].rsplit("::")[-1], "custom"
        op = name.rsplit("::")[-1]
    return op, "view" if is_view(op) else "operation"


@cache
def is_view(op: str) -> bool:
    """Whether the operation's result shares memory with its input, as torch's schemas say.

    ``TransposeBackward0`` is the gradient function of ``aten::transpose``, whose schema gives its
    result the alias set of its input.
    """
    match = re.fullmatch(r"(\w+?)Backward(Autograd[A-Za-z]+)?\d*", op)
    if match is None:
        return False
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", match[1]).lower()
    packets = (getattr(torch.ops.aten, found, None) for found in (name, f"_{name}"))
    schemas = [getattr(p, o)._schema for p in packets if p is not None for o in p.overloads()]
    results = [result.alias_info for schema in schemas for result in schema.returns]
    return any(alias is not None and not alias.is_write for alias in results)
