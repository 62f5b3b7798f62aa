"""Read back the matrices that a page printed."""

import re


def rows_of(text: str, name: str) -> list[list[list[float]]]:
    """The matrices printed as ``name = tensor([[…]])``, in their order."""
    printed = re.findall(rf"^{re.escape(name)} = tensor\(\[\[(.*?)\]\]", text, re.M | re.S)
    return [
        [[float(entry) for entry in row.split(",")] for row in re.split(r"\],\s*\[", matrix)]
        for matrix in printed
    ]
