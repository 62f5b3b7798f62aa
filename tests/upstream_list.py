"""The list of what we use of other projects without their word (``docs/upstream.toml``), and what a test says of it.

A test marked with ``upstream("name")`` fails with one sentence: what broke, in which version, what we need it for and
which file to mend. Only the standard library and pytest are needed, so that the package's tests can use it too.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import platform
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ParamSpec

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "upstream.toml"

P = ParamSpec("P")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+")


@dataclass(frozen=True)
class Use:
    """One thing of another project that we use and that the project does not document."""

    of: str
    name: str
    files: tuple[str, ...]
    why: str
    link: str
    reason: str
    says: str
    """What stands in the files."""

    @property
    def importable(self) -> bool:
        """Whether the name alone says where to look: a module of the project, and names in it."""
        module = self.of.replace("-", "_") if self.of != "Python" else "gettext"
        return _DOTTED.fullmatch(self.name) is not None and self.name.startswith(f"{module}.")


def _read() -> dict[str, Any]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def read_uses() -> dict[str, Use]:
    """Return the uses by their names."""
    entries = _read()["use"]
    uses = {
        entry["name"]: Use(
            of=entry["of"],
            name=entry["name"],
            files=tuple(entry["in"]),
            why=entry["why"],
            link=entry.get("link", ""),
            reason=entry.get("reason", ""),
            says=entry.get("says", entry["name"].rpartition(".")[2]),
        )
        for entry in entries
    }
    assert len(uses) == len(entries), f"{LIST}: a name is there twice"
    return uses


def documented() -> dict[str, list[str]]:
    """Return what may be used freely, by distribution."""
    found: dict[str, list[str]] = _read()["documented"]
    return found


def supported(distribution: str) -> str:
    """Return which versions of ``distribution`` the project allows, as pyproject.toml says it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if distribution == "Python":
        return str(project["requires-python"])
    extras = project["optional-dependencies"].values()
    for requirement in chain(project["dependencies"], *extras):
        name = re.match(r"[\w.-]+", requirement)
        if name and name[0] == distribution:
            return str(requirement.removeprefix(distribution))
    raise LookupError(f"{distribution} is no dependency in pyproject.toml")


def version(distribution: str) -> str:
    """Return the version of ``distribution`` that is installed."""
    if distribution == "Python":
        return platform.python_version()
    return importlib.metadata.version(distribution)


def sentence(use: Use, problem: object) -> str:
    """Return what a maintainer has to know when a use is broken."""
    told = " ".join(str(problem).split()) or type(problem).__name__
    see = f"; upstream: {use.link}" if use.link else ""
    return (
        f"{use.of} {version(use.of)} (we allow {supported(use.of)}) no longer gives us “{use.name}” as we use it: "
        f"{told}. We use it to {use.why}: mend {' and '.join(use.files)}, then docs/upstream.toml{see}"
    )


def resolve(name: str) -> object:
    """Return what a dotted name means: the longest module that can be imported, then attributes.

    Raises:
        AttributeError: there is no such name.
        ModuleNotFoundError: not even the first part can be imported.
    """
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            if end == 1:
                raise
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


def importable_uses() -> list[Use]:
    """Return the uses that can be looked up without a test of their own; torch's have their own place."""
    return [use for use in read_uses().values() if use.importable and use.of != "torch"]


def problem_of(use: Use) -> Exception | None:
    """Return why a use cannot be looked up, or None where it can."""
    try:
        resolve(use.name)
    except (AttributeError, ModuleNotFoundError) as error:
        return error
    return None


def gone() -> list[Use]:
    """Return the uses whose names are gone."""
    return [use for use in importable_uses() if problem_of(use)]


def upstream(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Mark the test that notices when the use ``name`` is broken."""
    use = read_uses()[name]

    def mark(test: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(test)
        def told(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                test(*args, **kwargs)
                return
            except Exception as error:  # noqa: BLE001  # whatever it is, upstream is not as we use it
                problem = error
            pytest.fail(sentence(use, problem), pytrace=False)

        return told

    return mark
