"""Change the values of every claim of the pages, and list the changes that no assert saw.

A check that passes with a wrong value checks nothing. ``docs/lenient_claims.toml`` names the claims that let a change
through and why they may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from facts.errors import BuildError
from facts.folders import LENIENT_CLAIMS_FILE
from facts.toml_file import check_keys, one_line, read_toml, tables
from sitebuild.checks.findings import add_to_summary
from sitebuild.checks.pages import Outcome, chosen, outcomes, sources


@dataclass(frozen=True)
class Lenient:
    """A claim that may let a change through."""

    page: str
    part: str
    """The value that may be changed, as the page writes it."""
    reason: str


def read(path: Path = LENIENT_CLAIMS_FILE) -> tuple[Lenient, ...]:
    """Return the claims that may let a change through.

    Raises:
        BuildError: the file says something else than it should.
    """
    found = []
    data = read_toml(path, BuildError)
    check_keys(data, ("claim",), "the file", path, BuildError, optional=["claim"])
    for entry in tables(data, "claim", path, BuildError):
        keys = ("page", "part", "reason")
        check_keys(entry, keys, "an entry", path, BuildError)
        page, part, reason = (one_line(entry, key, path, BuildError) for key in keys)
        found.append(Lenient(page, part, reason))
    return tuple(found)


def complaints(said: Mapping[str, Outcome], lenient: Iterable[Lenient]) -> list[str]:
    """Return what the claims of the pages let through, but for what they may, and the entries that are not needed."""
    allowed = {(claim.page, claim.part): False for claim in lenient}
    found = []
    for page, outcome in said.items():
        if failure := outcome["failure"]:
            found.append(f"{page}:{failure['line']}: the page fails: {failure['error']}")
        for survivor in outcome["survivors"]:
            if (page, survivor["part"]) in allowed:
                allowed[page, survivor["part"]] = True
                continue
            found.append(
                f"{page}:{survivor['line']}: {survivor['part']} may be changed "
                f"({', '.join(survivor['changes'])}) in\n  {survivor['claim']}"
            )
    found += [
        f"{LENIENT_CLAIMS_FILE.name} allows {part!r} on {page}, where nothing is let through: remove the entry"
        for (page, part), used in allowed.items()
        if page in said and not used
    ]
    return found


def main(asked: Sequence[str] = ()) -> int:
    """Change the claims of the pages that were asked for, or of all; return 1 where one lets a change through.

    Raises:
        BuildError: no page has such a name, or the run died.
    """
    pages = chosen(sources(), asked)
    said = outcomes(["sitebuild.checks.perturb_pages"], pages, {}, what="the run of changed claims")
    found = complaints(said, read())
    print(*found, sep="\n")
    claims, unchanged, changes = (
        sum(outcome[key] for outcome in said.values()) for key in ("claims", "unchanged", "changes")
    )
    told = (
        f"{len(said)} pages, {claims} asserts ({unchanged} with nothing to change), "
        f"{changes} changed values, {len(found)} complaints"
    )
    print(f"perturb: {told}")
    add_to_summary(
        "\n".join([f"## {told}\n", *(f"````text\n{complaint}\n````" for complaint in found), ""])
    )
    return 1 if found else 0
