"""The names under which a model or a mapping knows its tensors."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import nn

from autograd_vi.module_kinds import module_kinds
from autograd_vi.module_tree import NamedModules, named_modules, named_parameters

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

Params: TypeAlias = "nn.Module | Mapping[str, torch.Tensor] | Iterable[tuple[str, torch.Tensor]]"

_ADVICE = (
    "give a module, a mapping of names to tensors, or pairs as model.named_parameters() yields"
)
_SHOWN = 3  # names that a message lists


class Names:
    """Names for leaves, and for what was computed from them.

    Attributes:
        pairs: each name with its tensor, in their order. They keep the tensors alive, so that an id
            names no other one meanwhile.
        by_id: all names of a tensor, by ``id(tensor)``.
        modules: the modules with their names, if the names come from one; itself first.
        module_kinds: what each module is, by its name.
    """

    def __init__(self, params: Params | None) -> None:
        """Collect the names; a module lists a tied weight under each of its names.

        Raises:
            TypeError: if ``params`` holds something that is no pair of a name and a tensor.
        """
        self.modules: NamedModules = ()
        if isinstance(params, nn.Module):
            self.modules = named_modules(params)
            self.pairs = named_parameters(params, self.modules)
        else:
            self.pairs = _pairs(params)
        self.module_kinds = module_kinds(self.modules)
        by_id: dict[int, tuple[str, ...]] = {}
        for name, tensor in self.pairs:
            key = id(tensor)
            by_id[key] = (*by_id[key], name) if key in by_id else (name,)
        self.by_id = by_id

    def of_results(self, ids: dict[TorchNode, int]) -> dict[tuple[int, int], tuple[str, ...]]:
        """Return the names of results, by their node's id and their number among its outputs.

        Args:
            ids: the ids of the graph's nodes.
        """
        found: dict[tuple[int, int], tuple[str, ...]] = {}
        for name, tensor in self.pairs:
            node = _grad_fn(tensor)
            if node is not None and (i := ids.get(node)) is not None:
                key = i, tensor.output_nr
                found[key] = (*found.get(key, ()), name)
        return found

    def warn_of_strangers(self, met: Sequence[tuple[str, ...]]) -> None:
        """Warn of names that match nothing in the graph, which mostly means copies.

        As long as the graph knows any name at all, the others are no strangers: parameters may be frozen or
        belong to a part that did not run, and constants may have names, by which rules call them.

        Args:
            met: the names of each node.
        """
        if self.pairs and not any(met):
            warnings.warn(_about_strangers([name for name, _ in self.pairs]), stacklevel=4)


def _about_strangers(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return (
        f"nothing in the graph is what params calls {', '.join(map(repr, names[:_SHOWN]))}{more}: a "
        "name belongs to a tensor itself, not to a copy with the same numbers. state_dict() gives "
        "copies; give the module, or dict(model.named_parameters())"
    )


def _grad_fn(tensor: torch.Tensor) -> TorchNode | None:
    return tensor.grad_fn if tensor.requires_grad else None


def _pairs(
    params: Mapping[str, torch.Tensor] | Iterable[tuple[str, torch.Tensor]] | None,
) -> list[tuple[str, torch.Tensor]]:
    if params is None:
        return []
    pairs = params.items() if isinstance(params, Mapping) else params
    if isinstance(pairs, torch.Tensor | str) or not isinstance(pairs, Iterable):
        raise TypeError(f"params is a {type(params).__name__}; {_ADVICE}")
    return list(map(_checked, pairs))


def _checked(pair: object) -> tuple[str, torch.Tensor]:
    if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)):
        raise TypeError(f"params holds a {type(pair).__name__} without a name; {_ADVICE}")
    name, tensor = pair
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"params names {name!r} a {type(tensor).__name__}; {_ADVICE}")
    return name, tensor
