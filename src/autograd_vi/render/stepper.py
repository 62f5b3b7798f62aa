"""A replay as HTML: the picture with the gradients, the story as a list, the leaves' ``.grad``.

Without the script the whole story can be read. The script shows one step at a time: it reads
``data-av-at``, the steps in which something is lit, and needs no data of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.excerpt import ENDS, first_nonfinite, told
from autograd_vi.render.copy_numbers import copy_html, copy_numbers
from autograd_vi.render.figure import assets, key_html, picture_html, text_html, unfolded_html
from autograd_vi.render.folding import fold
from autograd_vi.render.icons import icon
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
    from autograd_vi.replay import Recorded, Replay, Step
    from autograd_vi.rules.saved import Saved

TABLE = 12  # a longer table of leaves is folded away


def replay_html(replay: Replay, direction: Direction = "down") -> str:
    """Return the stepper as an HTML fragment that is also well-formed XML."""
    graph = replay.graph
    picture = fold(graph)
    shown = overlay(replay)
    first = first_nonfinite(replay.steps)
    parts = [
        f'<figure class="av-figure av-stepper" {attribute_word("step.figure", "aria-label")}'
        f' data-av-steps="{len(replay.steps)}">',
        _bar(len(replay.steps), first),
        '<div class="av-columns">',
        picture_html(graph, picture, shown, direction),
        f'<div class="av-story">{_story(replay, picture, shown.roots, first)}</div>',
        "</div>",
        _grads(replay),
        _unreached(replay),
        key_html(picture),
        _rule_key(),
        unfolded_html(graph, picture, shown, direction),
        text_html(graph),
        "</figure>",
    ]
    return "\n".join(part for part in parts if part) + "\n" + assets(script=True)


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


def _bar(n: int, first: dict[NonFinite, int]) -> str:
    """Return the buttons, which stay hidden until the script shows them."""
    buttons = "".join(map(_button, ("reset", "previous", "next", "play", "pause", "end")))
    for kind, k in first.items():
        text = word(f"step.to_{kind}", k=str(k))
        buttons += f'<button type="button" data-av-go="{k}">{text}</button>'
    where = word(
        "step.position",
        attributes=' data-av-where=""',
        k='<span class="av-k">0</span>',
        n=str(n),
    )
    help_text = word("step.help", "p", ' class="av-help"')
    return (
        f'<div class="av-bar" hidden="hidden">{buttons}<span class="av-where">{where}</span>'
        f"{help_text}</div>"
    )


def _button(name: str) -> str:
    """Return a button; the one that a reader needs first says in words what it does."""
    start = f'<button type="button" data-av-go="{name}"'
    if name == "next":
        return f'{start} class="av-go">{word("step.next")} {icon(name)}</button>'
    label = (
        f"{attribute_word(f'step.{name}', 'aria-label')} {attribute_word(f'step.{name}', 'title')}"
    )
    return f"{start} {label}>{icon(name)}</button>"


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
        before, after = _grad(step.grad_before), _grad(step.grad_after)
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
    return f"{_code(node.op)} · {_code(_names(node))}" if node.names else _code(node.op)


def _target(node: Node) -> str:
    if node.kind == "leaf" and node.names:
        return word("step.leaf", name=_code(_names(node)))
    return _code(node.op)


def _names(node: Node) -> str:
    return " = ".join(node.names)


def _rule_key() -> str:
    """Return what the letters and signs of the rules mean."""
    slots = {
        "g": _math("g"),
        "operands": ", ".join(_math(SYMBOLS[letter]) for letter in "abc"),
        "result": _math(SYMBOLS["r"]),
        "dot": _math("⊙", "mo"),
        "ones": _math(SYMBOLS["ones"]),
        "place": math(f"<mi>{SYMBOLS['a']}</mi>{place_mathml((0, 2))}"),
    }
    return f'<p class="av-key">{word("rule.key", **slots)}</p>'


def _grads(replay: Replay) -> str:
    leaves = [(k, step) for k, step in enumerate(replay.steps, 1) if step.node.kind == "leaf"]
    if not leaves:
        return ""
    rows = [
        f'<tr><th scope="row">{_code(_names(step.node)) if step.node.name else word("grads.unnamed")}</th>'
        f"<td>{_grad(step.grad_before)}</td>"
        f'<td class="av-after" data-av-at="{k}"><span>{_grad(step.grad_after)}</span></td></tr>'
        for k, step in leaves[:ENDS]
    ]
    if len(leaves) > ENDS:
        text = word("step.omitted", n=f"{len(leaves) - ENDS:,}")
        rows.append(f'<tr><td colspan="3">{text}</td></tr>')
    names = ("leaf", "before", "after")
    heads = "".join(word(f"grads.{name}", "th", ' scope="col"') for name in names)
    table = (
        f'<div class="av-tablebox" tabindex="0" role="group" '
        f"{attribute_word('grads.caption', 'aria-label')}>"
        f'<table class="av-grads"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    if len(leaves) <= TABLE:
        return word("grads.caption", "p", ' class="av-caption"') + table
    return f"<details><summary>{word('grads.caption')}</summary>{table}</details>"


def _unreached(replay: Replay) -> str:
    """Return the names to which the pass brought nothing."""
    if not replay.unreached:
        return ""
    names = ", ".join(map(_code, replay.unreached))
    return word("grads.unreached", "p", ' class="av-caption"', names=names)


def _grad(value: Recorded | None) -> str:
    return _code("None") if value is None else story_html(value)


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _math(letter: str, tag: str = "mi") -> str:
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><{tag}>{letter}</{tag}></math>'
