"""A replay as a page of its own, which needs nothing but itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.render.stepper import replay_html
from autograd_vi.render.words import escape, translate_html

if TYPE_CHECKING:
    from autograd_vi.render.direction import Direction
    from autograd_vi.render.words import Lookup
    from autograd_vi.replay import Replay

# The browser itself refuses any request.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_STYLE = """:root { color-scheme: light dark; }
body { --color-background-primary: #fff; max-width: 80rem; margin: 1.5rem auto; padding: 0 1rem;
  background: var(--color-background-primary); color: #1b1f24; font: 16px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { body { --color-background-primary: #16181b; color: #d6d9dd; } }
"""


def replay_page(
    replay: Replay, title: str, language: str, lookup: Lookup | None, direction: Direction
) -> str:
    """Return the stepper as an HTML document; arguments as for :meth:`autograd_vi.Replay.save_html`."""
    body = replay_html(replay, direction)
    if lookup is not None:
        body = translate_html(body, lookup)
    name = escape(title or f"autograd_vi: {replay.graph.nodes[replay.graph.roots[0][0]].op}")
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<title>{name}</title>",
        f"<style>{_STYLE}</style>",
    ]
    start = f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n'
    heading = f"<h1>{name}</h1>\n" if title else ""
    main = f'<body data-theme="auto">\n<main>\n{heading}{body}</main>\n</body>\n</html>\n'
    return start + "\n".join(head) + f"\n</head>\n{main}"
