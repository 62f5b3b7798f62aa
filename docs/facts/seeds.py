"""Which seeds a gallery script starts its random numbers from."""

from __future__ import annotations

import ast

FUNCTION = "seed_everything"
"""The package's function that sets the seed, ``av.seed_everything(0)``."""


def seeds_of(source: str) -> tuple[int, ...]:
    """Return the seeds that a script sets, in their order and each once; empty where it sets none.

    Raises:
        ValueError: a seed is no number that stands in the script, so a page could not say it.
    """
    found: dict[int, None] = {}
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else None
        if name is None and isinstance(call.func, ast.Name):
            name = call.func.id
        if name != FUNCTION:
            continue
        match [*call.args, *(keyword.value for keyword in call.keywords)]:
            case [ast.Constant(value=int(seed))]:
                found[seed] = None
            case _:
                raise ValueError(
                    f"line {call.lineno}: {ast.unparse(call)} must be given one whole number, such as {FUNCTION}(0)"
                )
    return tuple(found)
