r"""Rules of operations that pick, part and join: each number keeps its value and takes another place.

In the formulas $j_k$ is the place of the operand from which the result at place $k$ comes.
"""

from __future__ import annotations

import torch

from autograd_vi.rules.rule import ANY_NUMBER, Function, Leaving, Rule, UnknownError, Values

_PICKED = r"\rho_k = \xi_{j_k}"
_SCATTERED = r"\textstyle\sum_{k : j_k = i} g_k"


def _pick(node: str, function: Function, **more: object) -> Rule:
    """Return the rule of a choice in which a place may be chosen more than once."""
    return Rule(node, _PICKED, (Leaving(_SCATTERED, function, "i"),), **more)  # type: ignore[arg-type]  # fields of Rule


def _once(node: str, function: Function) -> Rule:
    """Return the rule of a choice in which no place is chosen twice."""
    return Rule(node, _PICKED, (Leaving(r"g_k\, [i = j_k]", function, "i"),))


def _places(s: Values) -> torch.Tensor:
    """Return the input's places, numbered."""
    shape = s.shape()
    return torch.arange(torch.Size(shape).numel()).reshape(shape)


def _scattered(s: Values, picked: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
    """Add each gradient to the place from which its number was picked; ``picked`` holds places."""
    flat = g.new_zeros(torch.Size(s.shape()).numel())
    return flat.index_add(0, picked.flatten(), g.flatten()).reshape(s.shape())


def _select(s: Values, g: torch.Tensor) -> torch.Tensor:
    return _scattered(s, _places(s).select(s.dim, s.index), g)


def _slice(s: Values, g: torch.Tensor) -> torch.Tensor:
    size = s.shape()[s.dim]
    chosen = torch.arange(size)[slice(s.start, s.end, s.step)]
    return _scattered(s, _places(s).index_select(s.dim, chosen), g)


def _index(s: Values, g: torch.Tensor) -> torch.Tensor:
    key = tuple(slice(None) if index is None else index for index in s.indices)
    return _scattered(s, _places(s)[key], g)


def _gather(s: Values, g: torch.Tensor) -> torch.Tensor:
    places = _places(s)
    return _scattered(s, places.gather(s.dim, s.index) if places.dim() else places, g)


def _sorted(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    places = _places(s)
    return _scattered(s, places.gather(s.dim, s.indices) if places.dim() else places, g)


def _put_aside(s: Values, g: torch.Tensor) -> torch.Tensor:
    """Return the gradient with 0 where other values were put in."""
    return g if s.accumulate else g.index_put(s.indices, g.new_zeros(()))


def _embedded(s: Values, g: torch.Tensor) -> torch.Tensor:
    rows = s.indices.flatten()
    width = s.result_shape()[-1]
    found = g.new_zeros(s.weight_sym_argsize_0, width).index_add(0, rows, g.reshape(-1, width))
    if s.padding_idx >= 0:
        found[s.padding_idx] = 0
    return found


def _unbound(s: Values, *g: torch.Tensor | None) -> torch.Tensor:
    return torch.stack([_filled(s, nr, grad) for nr, grad in enumerate(g)], s.dim)


def _rejoined(s: Values, *g: torch.Tensor | None) -> torch.Tensor:
    return torch.cat([_filled(s, nr, grad) for nr, grad in enumerate(g)], s.dim)


def _filled(s: Values, nr: int, grad: torch.Tensor | None) -> torch.Tensor:
    """Return the gradient of an output; zeros for one that nothing used."""
    like = torch.zeros(s.result_shape(nr), dtype=torch.float64)
    return like if grad is None else grad


def _cat(s: Values, g: torch.Tensor, slot: int, slots: int) -> torch.Tensor:
    sizes = [s.shape(i)[s.dim] for i in range(slots)]
    return g.narrow(s.dim, sum(sizes[:slot]), sizes[slot])


def _stack(s: Values, g: torch.Tensor, slot: int, slots: int) -> torch.Tensor:
    if slots != g.shape[s.dim]:
        raise UnknownError("number of operands")
    return g.select(s.dim, slot)


def _padded(s: Values, g: torch.Tensor) -> torch.Tensor:
    pads = s.pad
    for i in range(len(pads) // 2):
        dim = g.dim() - 1 - i
        low, high = pads[2 * i], pads[2 * i + 1]
        cut = g.narrow(dim, max(low, 0), g.shape[dim] - max(low, 0) - max(high, 0))
        g = torch.nn.functional.pad(cut, [0, 0] * i + [max(-low, 0), max(-high, 0)])
    return g


def _diagonal(s: Values, g: torch.Tensor) -> torch.Tensor:
    return _scattered(s, _places(s).diagonal(s.offset, s.dim1, s.dim2), g)


_PARTS = r"\rho_k = \xi_{I_k}"
_JOINED = r"\rho = (\xi_1, \dots, \xi_n)"

RULES = (
    _once("SelectBackward0", _select),
    _once("SliceBackward0", _slice),
    _once("DiagonalBackward0", _diagonal),
    _pick("IndexBackward0", _index),
    _pick(
        "IndexSelectBackward0",
        lambda s, g: _scattered(s, _places(s).index_select(s.dim, s.index), g),
    ),
    _pick("GatherBackward0", _gather, when={"sparse_grad": False}),
    _pick("TakeBackward0", lambda s, g: _scattered(s, _places(s).take(s.index), g)),
    _once("SortBackward0", _sorted),
    _once("SortBackward1", _sorted),
    _once("TopkBackward0", _sorted),
    _once("KthvalueBackward0", lambda s, g, *_: _kth(s, g)),
    _once(
        "MaskedSelectBackward0", lambda s, g: _scattered(s, _places(s)[s.mask.expand(s.shape())], g)
    ),
    Rule(
        "IndexPutBackward0",
        r"\rho = \xi, \quad \rho_{j_k} \leftarrow \psi_k",
        (
            Leaving(r"g_i\, [i \notin \{j_1, j_2, \dots\}]", _put_aside, "i"),
            Leaving("g_{j_k}", lambda s, g: g[s.indices], "k"),
        ),
        when={"accumulate": False},
        elementwise=False,
    ),
    Rule(
        "IndexPutBackward0",
        r"\rho = \xi, \quad \rho_{j_k} \leftarrow \rho_{j_k} + \psi_k",
        (Leaving("g", _put_aside), Leaving("g_{j_k}", lambda s, g: g[s.indices], "k")),
        when={"accumulate": True},
    ),
    Rule(
        "EmbeddingBackward0",
        r"\rho_k = \xi_{j_k}",
        (Leaving(_SCATTERED, _embedded, "i"),),
        when={"scale_grad_by_freq": False, "sparse": False, "padding_idx": -1},
    ),
    Rule(
        "EmbeddingBackward0",
        r"\rho_k = \xi_{j_k}",
        (Leaving(_SCATTERED + r"\; [i \ne n]", _embedded, "i"),),
        when={"scale_grad_by_freq": False, "sparse": False, "padding_idx": ANY_NUMBER},
        numbers={"n": "padding_idx"},
    ),
    Rule("UnbindBackward0", r"\rho_k = \xi_k", (Leaving("g_k", _unbound, "k"),), parts=True),
    *[
        Rule(node, _PARTS, (Leaving("g_k", _rejoined, "I_k"),), parts=True)
        for node in ("SplitBackward0", "SplitWithSizesBackward0", "UnsafeSplitBackward0")
    ],
    Rule("CatBackward0", _JOINED, (Leaving("g_{I_k}", _cat, "k"),), many=True),
    Rule("StackBackward0", _JOINED, (Leaving("g_k", _stack, "k"),), many=True),
    Rule(
        "ConstantPadNdBackward0",
        r"\rho_{j_i} = \xi_i",
        (Leaving("g_{j_i}", _padded, "i"),),
    ),
)


def _kth(s: Values, g: torch.Tensor) -> torch.Tensor:
    if not s.shape():
        return g
    keep = s.keepdim
    index = s.indices if keep else s.indices.unsqueeze(s.dim)
    return g.new_zeros(s.shape()).scatter(s.dim, index, g if keep else g.unsqueeze(s.dim))
