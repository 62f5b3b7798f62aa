"""Names of nodes that mean the same: one operation, recorded under the name of the kernel that did it.

PyTorch names a node after the function that it differentiates. Where a device has a function of its own for an
operation, the node has another name there, and now and then one node stands for several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MEANINGS: dict[str, tuple[str, ...]] = {
    "BatchNorm": (
        "NativeBatchNormBackward0",
        "CudnnBatchNormBackward0",
        "MiopenBatchNormBackward0",
        "BatchNormWithUpdateBackward0",
    ),
    "Convolution": (
        "ConvolutionBackward0",
        "MpsConvolutionBackward0",
        "MkldnnConvolutionBackward0",
    ),
    "Linear": ("LinearBackward0", "AddmmBackward0", "MkldnnLinearBackward0", "MmBackward0"),
    "Recurrent": (
        "CudnnRnnBackward0",
        "LstmMpsBackward0",
        "MiopenRnnBackward0",
        "MkldnnRnnLayerBackward0",
    ),
    "Reshape": ("ReshapeAliasBackward0", "UnsafeViewBackward0", "ViewBackward0"),
    "ScaledDotProduct": (
        "ScaledDotProductCudnnAttentionBackward0",
        "ScaledDotProductEfficientAttentionBackward0",
        "ScaledDotProductFlashAttentionBackward0",
        "ScaledDotProductFlashAttentionForCpuBackward0",
        "ScaledDotProductFusedAttentionOverrideableBackward0",
    ),
}
"""An operation, and the names that its node has on one device or another."""

MERGED = "TBackward0"
"""The transposed weight of a linear layer: a node of its own only where the layer is not one node."""

CPU_ONLY = frozenset(
    {
        "MkldnnConvolutionBackward0",
        "MkldnnLinearBackward0",
        "MkldnnRnnLayerBackward0",
        "NativeBatchNormBackward0",
        "ScaledDotProductFlashAttentionForCpuBackward0",
    }
)
"""Names that a large network has on the CPU and hardly on a GPU."""

NAME = re.compile(r"\b[A-Z]\w*Backward\d*\b|\bAccumulateGrad\b")
"""The name of a node in a text."""

_MEANING = {name: meaning for meaning, names in MEANINGS.items() for name in names}
_TREE_LINE = re.compile(r"^[\s│├└─]*(?:[↑↓] )?(?=(?:[A-Z]\w*Backward\d*|AccumulateGrad)\b)")
_NUMBERED = re.compile(r" #\d+\b")


def meaning(name: str) -> str:
    """Return what a node's name means: the operation, or the name itself."""
    return _MEANING.get(name, name)


def names_in(text: str) -> set[str]:
    """Return the names of nodes in ``text``."""
    return set(NAME.findall(text))


def meanings(names: Iterable[str]) -> list[str]:
    """Return the operations behind ``names``, sorted, without what belongs to a linear layer."""
    return sorted(meaning(name) for name in names if name != MERGED)


def _label(line: str) -> str:
    label = _NUMBERED.sub("", _TREE_LINE.sub("", line))
    return NAME.sub(lambda match: meaning(match[0]), label)


def by_meaning(text: str) -> str:
    """Return ``text`` with operations in place of names of nodes.

    The lines of a printed tree come out sorted and without its branches: the inputs of a linear layer have another
    order where it is one node.
    """
    tree, other = [], []
    for line in text.splitlines():
        if not _TREE_LINE.match(line):
            other.append(line)
        elif not _TREE_LINE.sub("", line).startswith(f"{MERGED} "):
            tree.append(_label(line))
    plain = re.sub(rf"'{MERGED}',? ?", "", "\n".join(other))
    return "\n".join([NAME.sub(lambda match: meaning(match[0]), plain), *sorted(tree)]).strip()
