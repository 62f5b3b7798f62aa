"""Run pages and change the values of their claims: ``python -m sitebuild.checks.perturb_pages OUTCOMES PAGE…``.

One line of JSON a page goes into the file ``OUTCOMES``: how the page failed, if it did, and what its claims let
through.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from sitebuild.checks import cells
from sitebuild.checks.changes import changes, changes_of_bound, is_zero
from sitebuild.checks.claims import CLAIMS, Claim, Kind, Part, Rewriter
from sitebuild.checks.fresh_start import fresh_start

ZERO = "it is zero: neither its sign nor its factor is seen"
Body = Callable[[Callable[[int, Callable[[], Any]], Any]], Any]
"""A claim as a function of the wrapper of its parts."""


def changes_of(part: Part, value: Any) -> dict[str, Any]:
    """Return the changes of one part's value that its claim has to see."""
    found = dict(changes_of_bound(value) if part.kind is Kind.BOUND else changes(value))
    if part.in_formula:
        found.pop("order", None)  # a sum does not see it
    return found


class Values:
    """The values of a claim's parts: computed in the first pass, and one of them changed in later ones."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._found: dict[int, list[Any]] = defaultdict(list)
        self._next: dict[int, int] = {}
        self._first = True
        self._changed: tuple[int, str] | None = None

    def __call__(self, number: int, compute: Callable[[], Any]) -> Any:
        """Return the value of part ``number``."""
        if self._first:
            self._found[number].append(compute())
            return self._found[number][-1]
        at = self._next.get(number, 0)
        self._next[number] = at + 1
        value = self._found[number][at] if at < len(self._found[number]) else compute()
        if self._changed and self._changed[0] == number:
            changed = changes_of(self._claim.parts[number], value)
            return changed.get(self._changed[1], value)
        return value

    def of(self, number: int) -> list[Any]:
        """Return the values that part ``number`` had: several, where the claim is one about all of a list."""
        return self._found[number]

    def change(self, number: int, name: str) -> None:
        """Let part ``number`` have the changed value in the pass to come."""
        self._first, self._next, self._changed = False, {}, (number, name)


class Recorder:
    """Checks claims as they stand, and then with each of their parts changed."""

    def __init__(self, rewriter: Rewriter) -> None:
        self._claims = rewriter.claims
        self.refused: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.let_through: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.zeros: dict[tuple[int, int], bool] = {}
        """Whether a part was zero each time, by the numbers of its claim and of itself."""

    def holds(self, number: int, body: Body) -> Any:
        """Return what an assert tests."""
        values = Values(self._claims[number])
        outcome = body(values)
        if outcome:
            self._try(number, body, values)
        return outcome

    def passes(self, number: int, body: Body) -> None:
        """Run a function that raises where a claim does not hold."""
        values = Values(self._claims[number])
        body(values)
        self._try(number, lambda part: body(part) is None, values)

    def _try(self, number: int, body: Body, values: Values) -> None:
        with torch.no_grad():
            for at, part in enumerate(self._claims[number].parts):
                found, key = values.of(at), (number, at)
                if found:
                    self.zeros[key] = self.zeros.get(key, True) and all(map(is_zero, found))
                names = [name for value in found for name in changes_of(part, value)]
                for name in dict.fromkeys(names):
                    values.change(at, name)
                    try:
                        passed = bool(body(values))
                    except Exception:  # noqa: BLE001  # a claim that breaks does not let the value through
                        passed = False
                    (self.let_through if passed else self.refused)[key].add(name)

    def _survived(self, number: int, at: int) -> set[str]:
        """Return the changes of one part that its claim let through each time, or none where that is right."""
        part, key = self._claims[number].parts[at], (number, at)
        names = self.let_through[key] - self.refused[key]
        if part.kind is Kind.BOUND:
            beside = enumerate(self._claims[number].parts)
            together = [i for i, other in beside if other.comparison == part.comparison]
            # One of them is enough; and each side of a comparison need not be listed.
            if at != together[0] or any(self.refused[number, i] for i in together):
                return set()
        hidden = part.in_formula and self.zeros.get(key) and part.text != "0.0"
        return names | ({ZERO} if hidden else set())

    def survivors(self) -> list[dict[str, Any]]:
        """Return the parts of which a change was let through each time, with the names of the changes."""
        return [
            {
                "line": claim.line,
                "claim": claim.text,
                "part": part.text,
                "changes": sorted(names),
            }
            for number, claim in enumerate(self._claims)
            for at, part in enumerate(claim.parts)
            if (names := self._survived(number, at))
        ]

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of claims, of claims that could not be changed, and of changes that were tried."""
        tried = {
            key: len(self.refused[key] | self.let_through[key])
            for key in {*self.refused, *self.let_through}
        }
        changed = {number for number, _ in tried}
        return len(self._claims), len(self._claims) - len(changed), sum(tried.values())


def perturb(page: Path) -> dict[str, Any]:
    """Run ``page`` with its claims changed, and return what came of it."""
    rewriter = Rewriter()
    recorder = Recorder(rewriter)
    _, failure = cells.run_cells(page, cells.cells(page), rewriter, **{CLAIMS: recorder})
    claims, unchanged, changed = recorder.counts()
    return {
        **cells.as_data([], failure),
        "claims": claims,
        "unchanged": unchanged,
        "changes": changed,
        "survivors": recorder.survivors(),
    }


def main(outcomes: str, *pages: str) -> None:
    """Perturb ``pages``, each from the gallery's own fresh start."""
    with Path(outcomes).open("a", encoding="utf-8") as file:
        for page in map(Path, pages):
            with fresh_start(page):
                outcome = perturb(page)
            print(json.dumps({"page": str(page), **outcome}), file=file, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
