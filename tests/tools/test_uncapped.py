"""The newest releases are asked for by our own requirements without their upper bounds."""

import runpy
from pathlib import Path

import pytest

TOOL = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "uncapped.py"))
uncapped, requirements = TOOL["uncapped"], TOOL["requirements"]


@pytest.mark.parametrize(
    ("capped", "free"),
    [
        ("sphinx>=9.0,<9.1", "sphinx>=9.0"),
        ("igraph>=0.11, <2", "igraph>=0.11"),
        ("torch>=2.6", "torch>=2.6"),
        ("types-polib", "types-polib"),
        ("numpy<3", "numpy"),
        ("one<=1.*", "one"),
    ],
)
def test_only_the_upper_bound_goes(capped: str, free: str) -> None:
    assert uncapped(capped) == free


def test_the_package_s_own_requirements_come_with_those_of_the_extras() -> None:
    project = {
        "dependencies": ["torch>=2.6"],
        "optional-dependencies": {"docs": ["sphinx>=9.0,<9.1"], "lint": ["ruff"]},
    }
    assert requirements(project, ["docs"]) == ["torch>=2.6", "sphinx>=9.0"]
    with pytest.raises(KeyError):
        requirements(project, ["no_such_extra"])
