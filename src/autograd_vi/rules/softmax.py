r"""Rules of softmax and of its logarithm; in the formulas $j$ counts the entries of one row."""

from __future__ import annotations

from autograd_vi.rules.entries import Entry
from autograd_vi.rules.rule import Leaving, Rule
from autograd_vi.rules.terms import Term, applied, total


def _softmax_entry(entry: Entry) -> Term:
    result, row = entry.values.result, entry.row(entry.values.dim)
    mean = total(entry.g(place) * entry.of(result, place) for place in row)
    return entry.of(result) * (entry.g() - mean)


def _log_softmax_entry(entry: Entry) -> Term:
    entered = total(entry.g(place) for place in entry.row(entry.values.dim))
    return entry.g() - applied("exp", entry.of(entry.values.result)) * entered


def _softmax(node: str, *, filled: bool = False) -> Rule:
    return Rule(
        node,
        r"\rho_i = e^{\xi_i} / \textstyle\sum_j e^{\xi_j}",
        (
            Leaving(
                r"\rho_i \bigl(g_i - \textstyle\sum_j g_j\, \rho_j\bigr)",
                lambda s, g: s.result * (g - (g * s.result).sum(s.dim, keepdim=True)),
                "i",
                entry=_softmax_entry,
            ),
        ),
        letters={"r": "result"},
        filled=filled,
    )


RULES = (
    _softmax("SoftmaxBackward0"),
    # Attention's: a row whose entries are all -inf gives zeros, where the formula has no value.
    _softmax("SafeSoftmaxBackward0", filled=True),
    Rule(
        "LogSoftmaxBackward0",
        r"\rho_i = \xi_i - \ln \textstyle\sum_j e^{\xi_j}",
        (
            Leaving(
                r"g_i - e^{\rho_i} \textstyle\sum_j g_j",
                lambda s, g: g - s.result.exp() * g.sum(s.dim, keepdim=True),
                "i",
                entry=_log_softmax_entry,
            ),
        ),
        letters={"r": "result"},
    ),
)
