"""A translator installs what the languages need: the documentation's extras without what only scripts need."""

from __future__ import annotations

import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
FOR_SCRIPTS = ("ipykernel", "matplotlib", "scikit-learn", "torchvision")


def test_the_group_for_translators_is_the_extras_without_what_scripts_need() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    needed = [
        requirement for requirement in extras["docs"] if not requirement.startswith(FOR_SCRIPTS)
    ]
    assert project["dependency-groups"]["translate"] == needed + extras["serve"]
