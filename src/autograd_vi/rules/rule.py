"""What a rule is: a node's name, a condition on what the node saved, and a formula for each input."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import torch

from autograd_vi.rules import expressions
from autograd_vi.rules.expressions import LETTERS
from autograd_vi.rules.saved import HIDDEN, Kept, Saved, Shape

if TYPE_CHECKING:
    from autograd_vi.rules.entries import Entry
    from autograd_vi.rules.terms import Term


class UnknownError(LookupError):
    """A value that a formula needs was too large to keep, or is not kept by torch."""


class Values:
    """What a rule's function reads: the saved values under torch's names, and the shapes."""

    def __init__(self, saved: Saved) -> None:
        self._saved = saved
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever a node saves)
        self.read.add(name)
        if name not in self._saved.values:
            raise UnknownError(name)
        return _whole(self._saved.values[name])

    def shape(self, slot: int = 0) -> Shape:
        """Return the shape of an input; unknown for one that is not tracked."""
        operand = self._saved.operands[slot]
        if operand is None or operand.shape is None:
            raise UnknownError(f"shape of operand {slot}")
        return operand.shape

    def entries(self, name: str, slot: int) -> int:
        """Return how many entries a saved tensor has, or else the input that it is."""
        kept = self._saved.values.get(name)
        shape = (
            kept.shape if isinstance(kept, Kept) and kept.shape is not None else self.shape(slot)
        )
        return math.prod(shape)

    def result_shape(self, nr: int = 0) -> Shape:
        """Return the shape of an output."""
        shape = self._saved.results[nr].shape
        if shape is None:
            raise UnknownError(f"shape of result {nr}")
        return shape


def _whole(value: Any) -> Any:  # noqa: ANN401
    if value is HIDDEN:
        raise UnknownError("a tensor that this torch does not show")
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    if isinstance(value, Kept):
        if value.value is None:
            raise UnknownError("a large tensor")
        found = value.value.cpu()  # where the function makes its own tensors
        return (
            found.clone() if found.is_inference() else found
        )  # autograd refuses inference tensors
    return value


Function = Callable[..., "torch.Tensor | None"]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves towards one input.

    Attributes:
        latex: the formula's right side.
        function: its value, from ``Values`` and the gradients that entered.
        index: what stands below the operand's letter on the left side, such as ``i``; a formula with
            an index speaks of one entry.
        expression: the expression that both were made from, if they were.
        entry: works out one entry of the value, where the formula says more than a sum of gradients,
            each times a factor.
    """

    latex: str
    function: Function
    index: str = ""
    expression: str = ""
    entry: Callable[[Entry], Term] | None = None


NOTHING: Final = Leaving("", lambda s, *g: None)  # of an input that such a node does not have


class _Given:
    """In a condition: a tensor was saved under this name."""

    def __repr__(self) -> str:
        return "GIVEN"


GIVEN: Final = _Given()


class _AnyNumber:
    """In a condition: a number was saved under this name."""

    def __repr__(self) -> str:
        return "ANY_NUMBER"


ANY_NUMBER: Final = _AnyNumber()

Number = Callable[[Values], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A local rule.

    Attributes:
        node: the name of torch's node.
        forward: LaTeX of the forward formula; empty for a leaf.
        leaving: what leaves towards each input, in torch's order. A node with any number of inputs has
            ``many``, and one formula for all.
        when: what a node must have saved: a value, one of several in a ``frozenset``, or ``GIVEN``.
        trait: a behaviour of torch that the rule describes, where versions differ.
        letters: the saved tensors behind the letters, such as ``{"a": "self", "r": "result"}``.
        numbers: the letters that stand for one number, and the saved name or the function behind each.
        slots: the letters of the inputs, in torch's order.
        options: saved names on which the function also depends, with the values that a test must try.
        elementwise: whether each entry of the result comes from one entry of each (broadcast) operand.
        many: whether the one formula is that of any number of inputs.
        added: inputs that are broadcast to the result and added to it, where not all are (``elementwise``).
        parts: whether the node has several results, of which some may be used by nothing.
        filled: whether torch sends 0 where the formula has no value, such as 0/0.
        computes: the expression from which ``forward`` was made, if it was.
    """

    node: str
    forward: str
    leaving: tuple[Leaving, ...]
    when: Mapping[str, Any] = field(default_factory=dict)
    trait: tuple[str, float] | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str | Number] = field(default_factory=dict)
    slots: tuple[str, ...] = ("a", "b", "c")
    options: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    elementwise: bool = False
    many: bool = False
    added: tuple[int, ...] = ()
    parts: bool = False
    filled: bool = False
    computes: str = ""

    @property
    def formulas(self) -> tuple[str, ...]:
        """All formulas of the rule, in LaTeX."""
        return (
            *([self.forward] if self.forward else []),
            *[leaving.latex for leaving in self.leaving if leaving.latex],
        )

    def formula(self, slot: int) -> Leaving:
        """Return what leaves towards an input."""
        return self.leaving[0 if self.many else slot]

    def repeats(self, slot: int) -> bool:
        """Whether an input may be smaller than the result, which then uses its entries again and again."""
        return self.elementwise or slot in self.added

    def fits(self, saved: Saved) -> bool:
        """Whether the node's saved values are those of the rule."""
        return all(
            name in saved.values and _meets(saved.values[name], wanted)
            for name, wanted in self.when.items()
        )

    def number(self, letter: str, values: Values) -> Any:  # noqa: ANN401 (a number)
        """Return the number behind a letter."""
        source = self.numbers[letter]
        return getattr(values, source) if isinstance(source, str) else source(values)


def _meets(found: Any, wanted: Any) -> bool:  # noqa: ANN401
    if found is HIDDEN:
        return False
    if wanted is GIVEN:
        return isinstance(found, Kept)
    if wanted is ANY_NUMBER:
        return isinstance(found, int | float)
    if isinstance(wanted, frozenset):
        return not isinstance(found, Kept) and found in wanted
    return type(found) is not Kept and bool(found == wanted) and (found is None) == (wanted is None)


def result(forward: str, numbers: frozenset[str] = frozenset()) -> str:
    """Return ``ρ = …`` for an expression."""
    return f"{LETTERS['r']} = {expressions.latex(forward, numbers)}"


def pointwise(
    node: str,
    forward: str,
    *leaving: str,
    elementwise: bool = True,
    letters: str = "a=self r=result",
    numbers: Mapping[str, str | Number] | None = None,
    plain: str = "",
    entry: Callable[[Entry], Term] | None = None,
    **more: Any,  # noqa: ANN401 (the other fields of Rule)
) -> Rule:
    """Return a rule all of whose formulas are expressions.

    Args:
        node: the name of torch's node.
        forward: the expression of the result; with ``=``, LaTeX as it stands.
        leaving: for each input, the expression of what leaves.
        elementwise: as in ``Rule``.
        letters: the saved tensors behind the letters, as in ``a=self b=other``.
        numbers: as in ``Rule``.
        plain: ``g`` where the result is one number, next to which no sign of multiplication is shown.
        entry: as in ``Leaving``, for every input.
        more: the other fields of ``Rule``.
    """
    pairs = dict(pair.split("=") for pair in letters.split())
    values = numbers or {}
    scalars = frozenset((*values, *plain.split()))
    written = " = " in forward or r"\leftarrow" in forward
    used = frozenset().union(*map(expressions.names, leaving))
    return Rule(
        node,
        forward if written else result(forward, scalars),
        tuple(
            Leaving(
                expressions.latex(expression, scalars),
                _computed(expression, pairs, values),
                expression=expression,
                entry=entry,
            )
            for expression in leaving
        ),
        letters={letter: name for letter, name in pairs.items() if letter in used},
        numbers=values,
        elementwise=elementwise,
        computes="" if written else forward,
        **more,
    )


def _computed(
    expression: str, letters: Mapping[str, str], numbers: Mapping[str, str | Number]
) -> Function:
    def function(s: Values, g: torch.Tensor) -> torch.Tensor:
        read: dict[str, Any] = {"g": g}
        for name in expressions.names(expression) - {"g", "pi"}:
            if name == "ones":
                read[name] = g.new_ones(s.shape())
            elif name in letters:
                read[name] = getattr(s, letters[name])
            else:
                source = numbers[name]
                read[name] = getattr(s, source) if isinstance(source, str) else source(s)
        found: torch.Tensor = expressions.value(expression, read)
        return found

    return function
