"""Recorded gradients as text: small ones in full, large ones as a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

from autograd_vi.render.labels import shape_text
from autograd_vi.render.words import escape, word

if TYPE_CHECKING:
    from autograd_vi.replay import Recorded

Number: TypeAlias = bool | int | float | complex
Nested: TypeAlias = Union[Number, "list[Nested]"]

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


def entries(nested: Nested) -> str:
    """Return nested lists of numbers as Python writes them, with short numbers."""
    if isinstance(nested, list):
        return "[" + ", ".join(map(entries, nested)) + "]"
    return number(nested)


def short_text(value: Recorded | None) -> str:
    """Return the text for the picture: up to four entries, else the norm."""
    if value is None:
        return "None"
    if value.tensor is not None and value.tensor.numel() <= SHORT:
        return entries(value.tensor.tolist())
    return f"‖g‖ = {number(value.norm)}"


def leaf_text(value: Recorded | None) -> str:
    """Return the text for a leaf's ``.grad`` in the picture."""
    text = short_text(value)
    return f"‖.grad‖{text.removeprefix('‖g‖')}" if text.startswith("‖g‖") else f".grad = {text}"


def story_html(value: Recorded | None) -> str:
    """Return the markup for the story: up to 24 entries, else shape, norm, smallest, largest."""
    if value is None:
        return word("step.nothing")
    if value.tensor is not None and value.tensor.numel() <= LONG:
        return f"<code>{escape(entries(value.tensor.tolist()))}</code>"
    low, high = value.min, value.max
    if low is None or high is None:
        return f"<code>{escape(short_text(value))}</code>"
    numbers = {"norm": value.norm, "min": low, "max": high}
    slots = {name: f"<code>{escape(number(n))}</code>" for name, n in numbers.items()}
    return word("step.large", shape=f"<code>{escape(shape_text(value.shape))}</code>", **slots)
