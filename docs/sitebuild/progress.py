"""How far a language is translated, catalogue by catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facts.catalogue import read_catalogue

_WORDS_SHOWN = 10


@dataclass(frozen=True)
class Progress:
    """How far one catalogue is translated."""

    catalogue: str
    total: int
    missing: tuple[str, ...]
    fuzzy: tuple[str, ...]

    @property
    def translated(self) -> int:
        """How many messages have a translation that is no guess."""
        return self.total - len(self.missing) - len(self.fuzzy)


def progress(folder: Path) -> list[Progress]:
    """Return the progress of every catalogue in ``folder`` (a language's LC_MESSAGES), in order of name."""
    found = []
    for path in sorted(folder.rglob("*.po")):
        entries = [entry for entry in read_catalogue(path) if not entry.obsolete]
        found.append(
            Progress(
                catalogue=path.relative_to(folder).as_posix(),
                total=len(entries),
                missing=tuple(
                    entry.msgid for entry in entries if not entry.translated() and not entry.fuzzy
                ),
                fuzzy=tuple(entry.msgid for entry in entries if entry.fuzzy),
            )
        )
    return found


def report(language: str, catalogues: Sequence[Progress]) -> str:
    """Return what is missing in a language, catalogue by catalogue, and the sum."""
    lines = []
    for catalogue in catalogues:
        if catalogue.missing or catalogue.fuzzy:
            lines.append(
                f"  {catalogue.catalogue}: {catalogue.translated} of {catalogue.total} translated, "
                f"{len(catalogue.missing)} missing, {len(catalogue.fuzzy)} fuzzy"
            )
            for kind, messages in (("missing", catalogue.missing), ("fuzzy", catalogue.fuzzy)):
                for message in messages:
                    words = message.split()
                    shown = " ".join(words[:_WORDS_SHOWN]) + (
                        " …" if len(words) > _WORDS_SHOWN else ""
                    )
                    lines.append(f"    {kind}: {shown}")
    total = sum(catalogue.total for catalogue in catalogues)
    missing = sum(len(catalogue.missing) for catalogue in catalogues)
    fuzzy = sum(len(catalogue.fuzzy) for catalogue in catalogues)
    lines.append(
        f"{language}: {total - missing - fuzzy} of {total} messages translated, {missing} missing, {fuzzy} fuzzy"
    )
    return "\n".join(lines)
