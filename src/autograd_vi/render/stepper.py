"""A replay as HTML: the picture with the gradients, the story as a list, the leaves' ``.grad``.

Without the script the whole story can be read. The script shows one step at a time: it reads
``data-av-at``, the steps in which something is lit, and needs no data of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.excerpt import first_nonfinite, told
from autograd_vi.render.controls import bar_html
from autograd_vi.render.copy_numbers import copy_html, copy_numbers
from autograd_vi.render.figure import Drawn, assets, key_html, stepper_foot_html
from autograd_vi.render.folding import fold
from autograd_vi.render.grad_table import grad_html, leaves_html
from autograd_vi.render.kept import step_html
from autograd_vi.render.numbers import leaf_text, short_text, story_html
from autograd_vi.render.numbers_in_formulas import math, place_mathml
from autograd_vi.render.overlay import Overlay
from autograd_vi.render.rule_lines import SYMBOLS, rule_html
from autograd_vi.render.words import attribute_word, escape, word
from autograd_vi.rules.nodes import saved_by_node

if TYPE_CHECKING:
    from autograd_vi.graph import Graph, Node
    from autograd_vi.recorded import NonFinite
    from autograd_vi.render.direction import Direction
    from autograd_vi.render.picture import Picture
    from autograd_vi.replay import Replay, Step
    from autograd_vi.rules.saved import Saved


def replay_html(replay: Replay, direction: Direction = "down") -> str:
    """Return the stepper as an HTML fragment that is also well-formed XML."""
    graph = replay.graph
    picture = fold(graph)
    shown = overlay(replay)
    first = first_nonfinite(replay.steps)
    drawn = Drawn(graph, picture, shown, direction)
    parts = [
        f'<figure class="av-figure av-stepper" {attribute_word("step.figure", "aria-label")}'
        f' data-av-steps="{len(replay.steps)}">',
        bar_html(replay.steps, first),
        '<div class="av-columns">',
        drawn.html,
        f'<div class="av-story" role="group" {attribute_word("step.story", "aria-label")}>'
        f"{_story(replay, picture, shown.roots, first)}</div>",
        leaves_html(replay),
        "</div>",
        stepper_foot_html(graph, drawn, key_html(picture, _rule_key())),
        "</figure>",
    ]
    scripts = assets(stepper=True, opens=bool(drawn.parts))
    return "\n".join(part for part in parts if part) + "\n" + scripts


def overlay(replay: Replay) -> Overlay:
    """Return what the picture shows of a replay."""
    steps: dict[int, tuple[int, ...]] = {}
    values: dict[tuple[int, int], str] = {}
    before: dict[int, str] = {}
    leaves: dict[int, str] = {}
    first: dict[int, Step] = {}
    for k, step in enumerate(replay.steps, 1):
        node = step.node.id
        steps[node] = (*steps.get(node, ()), k)
        first.setdefault(node, step)
        for slot, grad in enumerate(step.grad_inputs):
            values[node, slot] = short_text(grad)
        if step.node.kind == "leaf":
            before.setdefault(node, leaf_text(step.grad_before))
            leaves[node] = leaf_text(step.grad_after)
    roots = tuple(
        short_text(first[node].grad_outputs[nr])
        if node in first and nr < len(first[node].grad_outputs)
        else "None"
        for node, nr in replay.graph.roots
    )
    arrivals: dict[int, list[int]] = {leaf: [] for leaf in leaves}
    for edge in replay.graph.edges:
        if edge.target in arrivals:
            arrivals[edge.target].extend(steps.get(edge.source, ()))
    for node, _ in replay.graph.roots:
        if node in arrivals:
            arrivals[node].append(0)
    sorted_arrivals = {leaf: tuple(sorted(found)) for leaf, found in arrivals.items()}
    saved = replay.graph.saved or ()
    return Overlay(steps, values, roots, before, leaves, sorted_arrivals, saved)


def _story(
    replay: Replay, picture: Picture, roots: tuple[str, ...], first: dict[NonFinite, int]
) -> str:
    copies = copy_numbers(picture)
    below: dict[int, dict[int, int]] = {}
    arrivals: dict[int, int] = {}
    for edge in replay.graph.edges:
        below.setdefault(edge.source, {})[edge.slot] = edge.target
        arrivals[edge.target] = arrivals.get(edge.target, 0) + 1
    saved = saved_by_node(replay)
    rows = [_start(replay, roots)]
    held = replay.held_bytes
    end = 0
    for stretch in told(len(replay.steps), first.values()):
        if (omitted := stretch.start - end - 1) > 0:
            text = word("step.omitted", "p", n=f"{omitted:,}")
            at = f"{end + 1}-{stretch.start - 1}"
            rows.append(f'<li class="av-step" data-av-at="{at}" value="{end + 1}">{text}</li>')
        end = stretch.stop - 1
        for k in stretch:
            step = replay.steps[k - 1]
            marks = "".join(
                word(f"step.first_{kind}", "p", ' class="av-nonfinite"')
                for kind, number in first.items()
                if number == k
            )
            node = step.node.id
            text = _step(
                replay.graph, step, below.get(node, {}), arrivals.get(node, 0), saved.get(node)
            )
            text += copy_html(copies.get(node, []))
            if held is not None:
                text += step_html(replay, k, held)
            rows.append(f'<li class="av-step" data-av-at="{k}" value="{k}">{text}{marks}</li>')
    if replay.failed is not None:
        text = word("step.failed", "p", node=_code(replay.failed.op))
        rows.append(f'<li class="av-step" data-av-at="{end}" value="{end + 1}">{text}</li>')
    return f'<ol start="0" aria-live="polite">{"".join(rows)}</ol>'


def _start(replay: Replay, roots: tuple[str, ...]) -> str:
    sentences = [
        word(
            "step.start_root",
            "p",
            node=_code(replay.graph.nodes[node].op),
            value=_code(text),
        )
        for (node, _), text in zip(replay.graph.roots, roots, strict=True)
    ]
    return (
        f'<li class="av-step" data-av-at="0" value="0">{word("step.start", "p")}'
        f"{''.join(sentences)}</li>"
    )


def _step(
    graph: Graph, step: Step, below: dict[int, int], arrivals: int, saved: Saved | None
) -> str:
    node = step.node
    parts = [f'<p class="av-op">{_title(node)}</p>']
    if node.source is not None:
        parts.append(word("step.line", "p", line=_code(node.source.text)))
    several = len(step.grad_outputs) > 1
    for nr, grad in enumerate(step.grad_outputs):
        if several and grad is None:
            continue
        slots = {"value": story_html(grad)} | ({"nr": str(nr)} if several else {})
        parts.append(word("step.enters_nr" if several else "step.enters", "p", **slots))
    if arrivals > 1:
        parts.append(word("step.sum", "p", n=str(arrivals)))
    parts.append(rule_html(step, saved))
    if node.kind == "leaf":
        name = _code(f"{_names(node)}.grad") if node.name else word("step.unnamed")
        before, after = grad_html(step.grad_before), grad_html(step.grad_after)
        parts.append(word("step.accumulates", "p", name=name, before=before, after=after))
        return "".join(parts)
    leaving = [
        word(
            "step.leaves",
            "li",
            node=_target(graph.nodes[below[slot]]),
            value=story_html(grad),
        )
        for slot, grad in enumerate(step.grad_inputs)
        if slot in below
    ]
    if leaving:
        parts.append(f'<ul class="av-out">{"".join(leaving)}</ul>')
    else:
        parts.append(word("step.stays", "p"))
    return "".join(parts)


def _title(node: Node) -> str:
    return (
        f"{_code(node.op)}\N{NO-BREAK SPACE}· {_code(_names(node))}"
        if node.names
        else _code(node.op)
    )


def _target(node: Node) -> str:
    if node.kind == "leaf" and node.names:
        return word("step.leaf", name=_code(_names(node)))
    return _code(node.op)


def _names(node: Node) -> str:
    return " = ".join(node.names)


def _rule_key() -> str:
    """Return what the letters and signs of the rules mean, and which keys move through the steps."""
    slots = {
        "g": _math("g"),
        "operands": ", ".join(_math(SYMBOLS[letter]) for letter in "abc"),
        "result": _math(SYMBOLS["r"]),
        "dot": _math("⊙", "mo"),
        "ones": _math(SYMBOLS["ones"]),
        "place": math(f"<mi>{SYMBOLS['a']}</mi>{place_mathml((0, 2))}"),
    }
    key = f'<p class="av-key">{word("rule.key", **slots)}</p>'
    return key + word("step.help", "p", ' class="av-help"')


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _math(letter: str, tag: str = "mi") -> str:
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><{tag}>{letter}</{tag}></math>'
