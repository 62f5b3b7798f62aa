"""What each operation keeps for the backward pass: the tensors that it saved, and their memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from autograd_vi.guards import AccumulateGrad
from autograd_vi.outputs import tensors_by_place

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

# Attributes of torch's nodes: https://github.com/pytorch/pytorch/pull/60565
_RAW, _UNPACKED = "_raw_saved_", "_saved_"


class SavedTensor(NamedTuple):
    """A tensor that an operation keeps for the backward pass.

    Attributes:
        name: what it is in the operation's derivative, such as ``self``, ``other`` or ``result``;
            ``[0]``, ``[1]`` and so on for what a custom function saved, and the attribute's name for a
            tensor that it put on its context.
        shape: its shape; None where it has none.
        dtype: its dtype, as in ``float32``.
        bytes: the memory that it keeps alive: all of its storage, also where it is a view of a part.
        storage: a number of this storage; tensors that share memory have the same one.
        of_leaf: whether the memory is that of a leaf, such as a weight, and would be there anyway.
        lasts: whether it stays when the node has run, as attributes of a context do.
    """

    name: str
    shape: tuple[int, ...] | None
    dtype: str
    bytes: int
    storage: int
    of_leaf: bool
    lasts: bool = False


def read_saved(nodes: Sequence[TorchNode]) -> tuple[tuple[SavedTensor, ...], ...]:
    """Return for each node what it keeps; nothing for one whose saved tensors are freed.

    What :func:`torch.autograd.graph.saved_tensors_hooks` packed is looked at as it lies there: a tensor that
    checkpointing will compute anew takes no memory and is left out. Torch before 2.9 shows saved tensors
    only unpacked, so there the hooks run.
    """
    storages: dict[int, int] = {}
    alive: list[Any] = []  # a storage's address names it as long as it lives
    leaves = (node.variable for node in nodes if type(node) is AccumulateGrad)  # type: ignore[attr-defined]
    of_leaves = {_storage(leaf, alive)[0] for leaf in leaves}
    attributes: dict[type, list[str]] = {}

    def described(name: str, tensor: torch.Tensor, *, lasts: bool) -> SavedTensor:
        key, size = _storage(tensor, alive)
        try:
            shape: tuple[int, ...] | None = tuple(map(int, tensor.shape))
        except (RuntimeError, TypeError):  # nested tensors
            shape = None
        dtype = str(tensor.dtype).removeprefix("torch.")
        number = storages.setdefault(key, len(storages))
        return SavedTensor(name, shape, dtype, size, number, key in of_leaves, lasts)

    return tuple(
        tuple(
            described(name, tensor, lasts=lasts)
            for name, tensor, lasts in (*_saved(node, attributes), *_on_context(node))
        )
        for node in nodes
    )


def _saved(
    node: TorchNode, attributes: dict[type, list[str]]
) -> Iterator[tuple[str, torch.Tensor, bool]]:
    """Yield the tensors that torch keeps for the node, with the names that the derivatives have.

    ``attributes`` collects what each class of nodes has, since many nodes are of one class.
    """
    cls = type(node)
    if cls not in attributes:
        attributes[cls] = [name for name in dir(cls) if name.startswith(_RAW)]
    for attribute in attributes[cls]:
        name = attribute.removeprefix(_RAW)
        for place, tensor in _kept(node, attribute):
            label = place if name == "tensors" and hasattr(node, "_forward_cls") else name + place
            yield label, tensor, False


def _kept(node: TorchNode, attribute: str) -> Iterator[tuple[str, torch.Tensor]]:
    try:
        raw: Any = getattr(node, attribute)
        several = isinstance(raw, list | tuple)
        packed = [_data(node, attribute, r, k) for k, r in enumerate(raw if several else [raw])]
    except (RuntimeError, AttributeError):  # they are freed
        return
    for k, value in enumerate(packed):
        for tensor in tensors_by_place([value]).values():
            if tensor is not None:
                yield f"[{k}]" if several else "", tensor


def _data(node: TorchNode, attribute: str, raw: Any, k: int) -> object:  # noqa: ANN401  # torch has no type for it
    if hasattr(raw, "data"):
        return raw.data
    unpacked = getattr(node, attribute.replace(_RAW, _UNPACKED, 1), None)
    if unpacked is None:
        unpacked = node.saved_tensors  # type: ignore[attr-defined]  # of a custom function
    return unpacked[k] if isinstance(unpacked, list | tuple) else unpacked


def _on_context(node: TorchNode) -> Iterator[tuple[str, torch.Tensor, bool]]:
    """Yield the tensors that a custom function has put on its context."""
    for name, value in getattr(node, "__dict__", {}).items():
        if isinstance(value, torch.Tensor):
            yield name, value, True


def _storage(tensor: torch.Tensor, alive: list[Any]) -> tuple[int, int]:
    """Return what names a tensor's storage, and its size in bytes."""
    try:
        storage = tensor.untyped_storage()
    except (RuntimeError, NotImplementedError):  # sparse and nested tensors have several, or none
        alive.append(tensor)
        return id(tensor), tensor.numel() * tensor.element_size()
    alive.append(storage)
    return storage._cdata, storage.nbytes()


def total(saved: Iterable[SavedTensor], *, leaves: bool = True) -> int:
    """Return the bytes of some saved tensors; a storage that several share counts once."""
    return sum({s.storage: s.bytes for s in saved if leaves or not s.of_leaf}.values())


def held_after(saved: Sequence[Sequence[SavedTensor]], order: Iterable[int]) -> list[int]:
    """Return how many bytes the graph still keeps after each node of ``order`` has run.

    A node lets go of what it saved when it has run; a storage is free when the last of its holders has.
    """
    holders: dict[int, int] = {}
    size: dict[int, int] = {}
    for kept in saved:
        for tensor in kept:
            holders[tensor.storage] = holders.get(tensor.storage, 0) + 1
            size[tensor.storage] = tensor.bytes
    held = sum(size.values())
    result = []
    for i in order:
        for tensor in saved[i]:
            if tensor.lasts:
                continue
            holders[tensor.storage] -= 1
            if holders[tensor.storage] == 0:
                held -= tensor.bytes
        result.append(held)
    return result


def size_text(count: int) -> str:
    """Return a number of bytes in the unit that suits it, as in ``4.19 MB``."""
    if count < 1_000:
        return f"{count} B"
    for unit, size in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < 999.5 * size:
            return f"{count / size:.3g} {unit}"
    return f"{count / 1e12:.3g} TB"


def saved_text(kept: Iterable[SavedTensor]) -> str:
    """Return what a node keeps, as text; empty if it keeps nothing."""
    words = [
        f"{s.name} {'?' if s.shape is None else s.shape} {s.dtype} {size_text(s.bytes)}"
        for s in kept
    ]
    return f"saved: {'; '.join(words)}" if words else ""
