"""The rooms of the house: who may import whom, and that the maps for people name them all."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.folders import DOCS, PACKAGE, ROOT

CODE = sorted(
    path
    for folder in (DOCS / "facts", DOCS / "_extensions", DOCS / "sitebuild", PACKAGE)
    for path in folder.rglob("*.py")
)


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


def importers(room: Path, *forbidden: str) -> list[str]:
    """Return the files below ``room`` that import one of the packages ``forbidden``."""
    return [
        f"{path.relative_to(ROOT)}: {module}"
        for path in CODE
        if path.is_relative_to(room)
        for module in imported(path)
        if module.split(".")[0] in forbidden
    ]


def test_the_ground_floor_needs_no_sphinx_no_torch_and_no_other_room() -> None:
    others = ("sphinx", "docutils", "torch", "_extensions", "sitebuild", "autograd_vi")
    assert importers(DOCS / "facts", *others) == []


def test_features_do_not_know_the_build() -> None:
    assert importers(DOCS / "_extensions", "sitebuild") == []


def test_the_build_takes_no_path_and_no_error_from_a_feature() -> None:
    assert importers(DOCS / "sitebuild", "_extensions") == []


def test_the_package_knows_nothing_of_the_site() -> None:
    site = ("sphinx", "docutils", "facts", "_extensions", "sitebuild")
    assert importers(PACKAGE, *site) == []


def test_each_feature_has_one_setup_and_its_modules_have_none() -> None:
    for path in CODE:
        if not path.is_relative_to(DOCS / "_extensions"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        setups = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name == "setup"
        ]
        allowed = path.name == "__init__.py" or path.parent == DOCS / "_extensions"
        assert allowed or not setups, path


@pytest.mark.parametrize("readme", sorted(ROOT.glob("README*.md")), ids=lambda path: path.name)
def test_the_map_in_the_readme_names_every_folder(readme: Path) -> None:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not listed:
        pytest.skip("no git checkout: which folders belong to the project is not known")
    text = readme.read_text(encoding="utf-8")
    parts = [Path(name).parts for name in listed]
    folders = {f"{place[0]}/" for place in parts if len(place) > 1 and place[0] != "docs"}
    folders |= {f"docs/{place[1]}/" for place in parts if len(place) > 2 and place[0] == "docs"}
    folders -= {"docs/screenshots/"}  # pictures of the README itself
    assert [name for name in sorted(folders) if name not in text] == []
