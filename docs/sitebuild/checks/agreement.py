"""Whether two outputs of a page, from two machines, say the same.

They do when their words are the same and their numbers are close. Left out of account are where a tensor lives, where
a line breaks, and which of several names a node has. What more may differ in an output is stated in
``docs/differences.toml``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sitebuild.checks.node_names import NAME, by_meaning

RELATIVE = 1e-3
ABSOLUTE = 1e-5
"""float32 keeps seven digits; sums over many terms on another device keep fewer. The pages show four."""

_DEVICES = (
    (re.compile(r",?\s*device='[a-z]+(?::\d+)?'"), ""),
    (re.compile(r"\bdevice\(type='[a-z]+'(?:, index=\d+)?\)"), "device"),
    (re.compile(r"(?<![\w.])(?:cpu|cuda|mps|xpu)(?::\d+)?(?![\w.(])"), "cpu"),
)
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|inf|nan)(?![\w])")
_WHOLE = re.compile(r"[-+]?\d+")
_OPENED = re.compile(r"([\[(])\s+")


@dataclass(frozen=True)
class Tolerance:
    """How far the numbers of an output may lie apart."""

    relative: float = RELATIVE
    absolute: float = ABSOLUTE
    counts: bool = False
    """Whether whole numbers may differ: they count nodes, and a layer is more nodes on one device than on another."""
    names: bool = False
    """Whether names of nodes may differ."""

    def allows(self, shown: str, other: str) -> bool:
        """Whether two numbers, as they were printed, are close."""
        if _WHOLE.fullmatch(shown) and _WHOLE.fullmatch(other):
            return self.counts or int(shown) == int(other)
        a, b = float(shown), float(other)
        both_nan = math.isnan(a) and math.isnan(b)
        return both_nan or math.isclose(a, b, rel_tol=self.relative, abs_tol=self.absolute)


def without_devices(text: str) -> str:
    """Return ``text`` as if its tensors lived on the CPU."""
    for pattern, instead in _DEVICES:
        text = pattern.sub(instead, text)
    return text


def words_and_numbers(text: str) -> tuple[str, list[str]]:
    """Return ``text`` without devices and numbers, its spaces folded, and the numbers in order."""
    text = by_meaning(without_devices(text))
    words = _OPENED.sub(r"\1", " ".join(_NUMBER.sub("#", text).split()))
    return words, _NUMBER.findall(text)


def agree(text: str, other: str, tolerance: Tolerance | None = None) -> bool:
    """Whether two outputs say the same: the same words, and numbers within the tolerance."""
    tolerance = tolerance or Tolerance()
    if tolerance.names:
        text, other = (NAME.sub("Backward", text) for text in (text, other))
    words, numbers = words_and_numbers(text)
    other_words, other_numbers = words_and_numbers(other)
    return words == other_words and all(
        tolerance.allows(a, b) for a, b in zip(numbers, other_numbers, strict=True)
    )
