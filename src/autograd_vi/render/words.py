"""Every word that a picture or a stepper shows, under a key, so that any language can fill it in.

The HTML of this package is written once and read in several languages, so a word in it is an
element or an attribute that carries its key, with the English text in place for Jupyter:

- ``<span data-av-word="step.enters">Enters: <span data-av-slot="value">2.0</span></span>``: the
  sentence of ``step.enters``, with the slots' markup kept and free to move;
- ``<title data-av-word="graph.title" data-av-args='{"n": "7"}'>``: where no markup may stand, the
  values are in ``data-av-args``;
- ``data-av-word-aria-label="…"`` beside ``aria-label="…"``: the same for an attribute.

``translate_html`` puts another language in; ``strip_assets`` drops the style sheet and the script
that a page in Jupyter carries inline.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import TypeAlias

# Relative, so that a site without torch can load this file and that one without the package around them.
from .kinds import KINDS, word_key

WORDS: dict[str, str] = {
    "graph.title": "Autograd graph with {n} nodes and {m} edges",
    "graph.desc": "In the backward pass the gradient runs downwards, from the roots to the leaves.",
    "graph.desc_right": "In the backward pass the gradient runs to the right, from the roots to the leaves.",
    "graph.legend": "Key to the picture",
    "graph.picture": "Picture of the graph",
    "graph.text": "The graph as text",
    "graph.whole": "See the whole picture",
    "graph.unfold": "Unfold {name}",
    "graph.back": "Back to the graph",
    **{word_key(name): kind.meaning for name, kind in KINDS.items()},
    "box.root": "root",
    "box.root_nr": "root {n}",
    "box.arrived": "{k}/{n} arrived",
    "box.counts": "operations: {ops}, leaves: {leaves}",
    "box.keeps": "keeps {what}, {size}",
    "box.keeps_size": "keeps {size}",
    "box.counts_each": "each: operations: {ops}, leaves: {leaves}",
    "box.title": "{name}; operations: {ops}, leaves: {leaves}",
    "box.steps": "×{n}, one after the other",
    "box.branches": "×{n}, side by side",
    "box.title_each": "{name} ×{n}; in each: operations: {ops}, leaves: {leaves}",
    "box.title_steps": "Equal parts ×{n}, one after the other; in each: operations: {ops}, leaves: {leaves}",
    "box.title_branches": "Equal parts ×{n}, side by side; in each: operations: {ops}, leaves: {leaves}",
    "node.copies": "{op}, drawn once for {n} equal ones, shape of each: {shape}",
    "node.leaf": "{op}, leaf {name}, shape {shape}",
    "node.unnamed_leaf": "{op}, leaf without a name, shape {shape}",
    "node.plain": "{op}, shape of its result: {shape}",
    "node.source": "{op}, shape of its result: {shape}, recorded at: {line}",
    "node.plain_keeps": "{op}, shape of its result: {shape}; keeps {what}",
    "node.source_keeps": "{op}, shape of its result: {shape}, recorded at: {line}; keeps {what}",
    "step.figure": "The backward pass, step by step",
    "step.reset": "Back to the start",
    "step.previous": "Previous step",
    "step.next": "Next step",
    "step.again": "Start again",
    "step.choose": "Choose a step",
    "step.story": "What this step does",
    "step.play": "Play",
    "step.pause": "Pause",
    "step.end": "To the end",
    "step.to_nan": "To the first NaN: step {k}",
    "step.to_inf": "To the first infinity: step {k}",
    "step.first_nan": "Here NaN turns up for the first time.",
    "step.first_inf": "Here an infinity turns up for the first time.",
    "step.frees": "lets go of {what}; memory that this frees: {size}",
    "step.held": "kept for the backward pass after this step: {size}",
    "step.failed": "The backward pass failed in {node}.",
    "step.position": "Step {k} of {n}",
    "step.start": "Before the first step",
    "step.start_root": "The backward pass starts at {node} with {value}.",
    "step.help": "Arrow keys or a swipe move through the steps.",
    "step.enters": "enters: {value}",
    "step.enters_nr": "enters at output {nr}: {value}",
    "step.sum": "sum of the gradients that arrived: {n}",
    "step.leaves": "leaves towards {node}: {value}",
    "step.stays": "leaves to nobody: no tracked input here",
    "step.nothing": "nothing (None)",
    "step.large": "shape {shape}, norm {norm}, from {min} to {max}",
    "step.unknown": "shape {shape}, {dtype}: no summary can be made",
    "step.rule": "rule: from {forward} follows {backward}",
    "step.rule_follows": "rule: from {forward} follows",
    "step.rule_leaf": "rule: {backward}",
    "step.line": "recorded at {line}",
    "step.accumulates": "{name} changes from {before} to {after}",
    "step.unnamed": "this leaf's .grad",
    "step.leaf": "leaf {name}",
    "step.copy": "In the picture: number {k} of {n} equal ones, {name}",
    "step.copy_unnamed": "In the picture: number {k} of {n} equal parts",
    "step.omitted": "Steps not shown here: {n}",
    "rule.key": (
        "{g} is the gradient that enters, written for one output; a {g} with an index is what "
        "leaves towards that input. {operands} are inputs without a name, in their order; {result} "
        "is a result without one. {dot} multiplies element by element, {ones} holds nothing but "
        "ones, and a square bracket is 1 where its condition holds, 0 elsewhere. A line with a place, "
        "as in {place}, works out one entry: one with the largest gradient."
    ),
    "rule.broadcast": "Σ: the sum over the axes along which this input was repeated.",
    "rule.filled": "Where the formula has no value, as in 0/0, PyTorch sends 0.",
    "rule.border": "At the border itself other versions of PyTorch may send something else.",
    "grads.caption": "What the leaves hold in .grad",
    "grads.leaf": "leaf",
    "grads.unnamed": "without a name",
    "grads.unreached": "Without a gradient in this pass: {names}",
    "grads.before": "before",
    "grads.after": "after",
}

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE = re.compile(r"[\w .,:;(){}\[\]=+*/@#%|·×→…-]*", re.ASCII)
_PLACE = re.compile(r"\{(\w+)\}")
_ASSETS = re.compile(r"<!-- av:assets -->.*?<!-- /av:assets -->\n?", re.DOTALL)
_JSON = json.JSONEncoder(ensure_ascii=False)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)

Lookup: TypeAlias = Callable[[str, str], str]
WriteWord: TypeAlias = Callable[..., str]  # as text_word and plain_word do


def escape(text: object) -> str:
    """Escape for HTML text and for a double-quoted attribute; drop what XML cannot hold."""
    plain = str(text)
    if _SAFE.fullmatch(plain):
        return plain
    if not plain.isprintable():  # all that XML cannot hold is not printable either
        plain = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", plain)
    return html.escape(plain, quote=True)


def fill(template: str, values: dict[str, str]) -> str:
    """Replace ``{name}`` by ``values["name"]``; a place without a value raises KeyError."""
    return _PLACE.sub(lambda match: values[match[1]], template)


def word(key: str, tag: str = "span", attributes: str = "", **slots: str) -> str:
    """Return the word of ``key`` as an element; the slots are markup."""
    inner = fill_slots(
        WORDS[key],
        {n: f'<span data-av-slot="{n}">{value}</span>' for n, value in slots.items()},
    )
    return f'<{tag}{attributes} data-av-word="{key}">{inner}</{tag}>'


def text_word(key: str, tag: str, attributes: str = "", **values: str) -> str:
    """Return the word of ``key`` as an element that holds text only, such as an SVG title."""
    if not values:
        return f'<{tag}{attributes} data-av-word="{key}">{escape(WORDS[key])}</{tag}>'
    if _SAFE.fullmatch("".join(values.values())):
        return f"<{tag}{attributes}{_around_safe_values(key, *values) % values}</{tag}>"
    text = escape(WORDS[key].format_map(values))
    args = escape(", ".join([f'"{n}": {_JSON.encode(v)}' for n, v in values.items()]))
    return f'<{tag}{attributes} data-av-word="{key}" data-av-args="{{{args}}}">{text}</{tag}>'


def plain_word(key: str, tag: str, attributes: str = "", **values: str) -> str:
    """Return what ``text_word`` returns, but without the key: this word stays in English."""
    if _SAFE.fullmatch("".join(values.values())):
        return f"<{tag}{attributes}>{_percent_format(key) % values}</{tag}>"
    return f"<{tag}{attributes}>{escape(WORDS[key].format_map(values))}</{tag}>"


@cache
def _percent_format(key: str) -> str:
    """Return the escaped word of ``key`` with places for the percent operator.

    It fills places by their names in half the time of ``str.format``.
    """
    return _PLACE.sub(r"%(\1)s", escape(WORDS[key]).replace("%", "%%"))


@cache
def _around_safe_values(key: str, *names: str) -> str:
    """Return what ``text_word`` writes around values that need neither escapes nor JSON's encoder."""
    args = ", ".join(f"&quot;{name}&quot;: &quot;%({name})s&quot;" for name in names)
    return f' data-av-word="{key}" data-av-args="{{{args}}}">{_percent_format(key)}'


def attribute_word(key: str, attribute: str) -> str:
    """Return an attribute whose value is the word of ``key``, with the key beside it."""
    return f'{attribute}="{escape(WORDS[key])}" data-av-word-{attribute}="{key}"'


def fill_slots(template: str, slots: dict[str, str]) -> str:
    """Escape the words of ``template`` and put the slots' markup in."""
    parts = _PLACE.split(template)
    return "".join(escape(part) if i % 2 == 0 else slots[part] for i, part in enumerate(parts))


def strip_assets(captured: str) -> str:
    """Return ``captured`` without the inline style sheet and script.

    A site that loads ``stepper.js`` and ``graph.css`` as files of its own needs neither inline.
    """
    return _ASSETS.sub("", captured)


def translate_html(captured: str, lookup: Lookup) -> str:
    """Return ``captured`` with every keyed word replaced by ``lookup(key, english)``.

    What has no key stays byte for byte. A translation that lacks one of the English sentence's
    places, or has another, raises ValueError.
    """
    translator = _Translator(lookup)
    translator.feed(captured)
    translator.close()
    return "".join(translator.out)


class _Translator(HTMLParser):
    """Copies its input and replaces keyed words on the way."""

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(convert_charrefs=False)
        self.lookup = lookup
        self.out: list[str] = []
        # Open words: key, arguments, slots found, depth of the element, where its content starts.
        self.words: list[tuple[str, dict[str, str] | None, dict[str, str], int, int]] = []
        self.slots: list[tuple[str, int, int]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(attrs)
        if tag in _VOID:
            return
        values = dict(attrs)
        self.depth += 1
        if (slot := values.get("data-av-slot")) is not None:
            self.slots.append((slot, self.depth, len(self.out) - 1))
        if (key := values.get("data-av-word")) is not None:
            args = values.get("data-av-args")
            parsed = None if args is None else json.loads(args)
            self.words.append((key, parsed, {}, self.depth, len(self.out)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._start(attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.words and self.words[-1][3] == self.depth:
            key, args, slots, _, start = self.words.pop()
            del self.out[start:]
            template = self._translated(key)
            if args is None:
                self.out.append(fill_slots(template, slots))
            else:
                self.out.append(escape(fill(template, args)))
        self.out.append(f"</{tag}>")
        if self.slots and self.slots[-1][1] == self.depth:
            name, _, start = self.slots.pop()
            self.words[-1][2][name] = "".join(self.out[start:])
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def _start(self, attrs: list[tuple[str, str | None]]) -> None:
        raw = self.get_starttag_text() or ""
        for name, key in attrs:
            if name.startswith("data-av-word-") and key is not None:
                attribute = name.removeprefix("data-av-word-")
                value = escape(self._translated(key))
                raw = re.sub(
                    rf'(?<![\w-]){attribute}="[^"]*"',
                    lambda _, a=attribute, v=value: f'{a}="{v}"',  # type: ignore[misc]
                    raw,
                    count=1,
                )
        self.out.append(raw)

    def _translated(self, key: str) -> str:
        english = WORDS[key]
        translated = self.lookup(key, english)
        if set(_PLACE.findall(translated)) != set(_PLACE.findall(english)):
            msg = (
                f"the translation of {key!r} is {translated!r}; it needs the same places in "
                f"braces as {english!r}"
            )
            raise ValueError(msg)
        return translated
