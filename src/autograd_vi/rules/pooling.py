r"""Rules of pooling; in the formulas $W_k$ is the window of the result at place $k$."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from autograd_vi.rules.entries import shares
from autograd_vi.rules.rule import Leaving, Rule, Values


def _max_pool(node: str, dims: int) -> Rule:
    def function(s: Values, g: torch.Tensor) -> torch.Tensor:
        x, places = s.self, s.result1
        found = g.new_zeros(x.flatten(-dims).shape)
        return found.scatter_add(-1, places.flatten(-dims), g.flatten(-dims)).reshape(x.shape)

    return Rule(
        node,
        r"\rho_k = \xi_{j_k}, \quad j_k = \operatorname{arg\,max}_{i \in W_k} \xi_i",
        (Leaving(r"\textstyle\sum_{k : j_k = i} g_k", function, "i"),),
    )


def _spread_windows(g: torch.Tensor, windows: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return for each place of the input the sum over the windows that hold it, axis by axis."""
    for i, window in enumerate(windows):
        dim = g.dim() - len(windows) + i
        g = torch.tensordot(g, window.to(g.dtype), ([dim], [0])).movedim(-1, dim)
    return g


def _averaged(s: Values, g: torch.Tensor) -> torch.Tensor:
    dims = len(s.kernel_size)
    windows, counts = [], g.new_ones(g.shape[-dims:])
    for i in range(dims):
        size, n, k, pad = s.self.shape[i - dims], g.shape[i - dims], s.kernel_size[i], s.padding[i]
        starts = torch.arange(n)[:, None] * (s.stride or s.kernel_size)[i] - pad
        places = torch.arange(size)[None, :]
        window = (starts <= places) & (places < starts + k)
        windows.append(window)
        whole = (starts + k).clamp(max=size + pad) - starts
        count = whole[:, 0] if s.count_include_pad else window.sum(1)
        counts = counts * count.reshape([-1 if j == i else 1 for j in range(dims)])
    return _spread_windows(g / (s.divisor_override or counts), windows)


def _adaptive(s: Values, g: torch.Tensor) -> torch.Tensor:
    dims = s.self.dim() - 1 if s.self.dim() == 3 else s.self.dim() - 2
    windows = []
    for i in range(dims):
        size, n = s.self.shape[i - dims], g.shape[i - dims]
        window = g.new_zeros(n, size)
        for k in range(n):
            low, high = k * size // n, math.ceil((k + 1) * size / n)
            window[k, low:high] = 1 / (high - low)
        windows.append(window)
    return _spread_windows(g, windows)


_AVERAGE = r"\rho_k = \tfrac{1}{n_k} \textstyle\sum_{i \in W_k} \xi_i"
_SHARES = r"\textstyle\sum_{k : i \in W_k} g_k / n_k"

RULES = (
    _max_pool("MaxPool2DWithIndicesBackward0", 2),
    _max_pool("MaxPool3DWithIndicesBackward0", 3),
    _max_pool("AdaptiveMaxPool2DBackward0", 2),
    *[
        Rule(
            node,
            _AVERAGE,
            (Leaving(_SHARES, _averaged, "i", entry=shares),),
            options={
                "count_include_pad": (True, False),
                "divisor_override": (None, 3),
                "ceil_mode": (False, True),
            },
        )
        for node in ("AvgPool2DBackward0", "AvgPool3DBackward0")
    ],
    Rule("AdaptiveAvgPool2DBackward0", _AVERAGE, (Leaving(_SHARES, _adaptive, "i", entry=shares),)),
)
