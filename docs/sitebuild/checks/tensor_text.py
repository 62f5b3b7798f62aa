"""The text of a tensor with its device in it, broken into lines as torch breaks it."""

from __future__ import annotations

import re

import torch

_PARTS = re.compile(
    r"(?P<head>(?:.*?containing:\n)?\w+\(.*?)(?P<rest>(?:,\s+(?:size|dtype|grad_fn|requires_grad)=.*)?)\)",
    re.DOTALL,
)
_SUFFIX = re.compile(r",\s+(?=(?:size|dtype|grad_fn|requires_grad)=)")
LINE = 80
"""torch breaks a line that would become longer."""
INDENT = len("tensor(")


def with_device(text: str, device: torch.device) -> str:
    """Return the text of a tensor of the CPU as it would be on ``device``.

    Args:
        text: what ``repr`` gives, such as ``tensor([1.], requires_grad=True)``.
        device: the device to name.
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return text
    suffixes = [f"device='{device}'", *filter(None, _SUFFIX.split(parts["rest"]))]
    out = parts["head"]
    for suffix in suffixes:
        room = LINE - len(out.rpartition("\n")[2])
        fits = len(suffix) + 4 <= room  # the comma, the space, and two more that torch keeps free
        out += f", {suffix}" if fits else ",\n" + " " * INDENT + suffix
    return out + ")"
