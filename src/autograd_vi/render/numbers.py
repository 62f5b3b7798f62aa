"""Recorded gradients as text: small ones in full, large ones as a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.render.labels import shape_text
from autograd_vi.render.words import escape, word

if TYPE_CHECKING:
    from autograd_vi.recorded import Entries, Number, Recorded

SHORT = 4  # entries shown in a picture
LONG = 24  # entries shown in the story


def number(value: Number) -> str:
    """Return a number with four significant digits, without a trailing zero."""
    if isinstance(value, complex):
        sign = "+" if value.imag >= 0 or value.imag != value.imag else "-"
        return f"{number(value.real)}{sign}{number(abs(value.imag))}j"
    if isinstance(value, bool | int):
        return str(value)
    text = f"{value:.4g}"
    return "0" if text == "-0" else text


def entries(nested: Entries) -> str:
    """Return nested lists of numbers as Python writes them, with short numbers."""
    if isinstance(nested, list):
        return "[" + ", ".join(map(entries, nested)) + "]"
    return number(nested)


def count(nested: Entries) -> int:
    """Return how many numbers nested lists hold."""
    return sum(map(count, nested)) if isinstance(nested, list) else 1


def short_text(value: Recorded | None) -> str:
    """Return the text for the picture: up to four entries, else the norm."""
    if value is None:
        return "None"
    if value.entries is not None and count(value.entries) <= SHORT:
        return entries(value.entries)
    return "?" if value.norm is None else f"‖g‖ = {number(value.norm)}"


def leaf_text(value: Recorded | None) -> str:
    """Return the text for a leaf's ``.grad`` in the picture."""
    text = short_text(value)
    return f"‖.grad‖{text.removeprefix('‖g‖')}" if text.startswith("‖g‖") else f".grad = {text}"


def story_html(value: Recorded | None) -> str:
    """Return the markup for the story: up to 24 entries, else shape, norm, smallest, largest."""
    if value is None:
        return word("step.nothing")
    if value.entries is not None and count(value.entries) <= LONG:
        return f"<code>{escape(entries(value.entries))}</code>"
    norm, low, high = value.norm, value.min, value.max
    if norm is None:
        shape = f"<code>{escape(shape_text(value.shape))}</code>"
        return word("step.unknown", shape=shape, dtype=f"<code>{escape(value.dtype)}</code>")
    if low is None or high is None:
        return f"<code>{escape(short_text(value))}</code>"
    numbers = {"norm": norm, "min": low, "max": high}
    slots = {name: f"<code>{escape(number(n))}</code>" for name, n in numbers.items()}
    return word("step.large", shape=f"<code>{escape(shape_text(value.shape))}</code>", **slots)
