"""The picture of the rooms shows the code's own imports, and the rooms keep their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from _extensions.architecture.picture import levels
from _extensions.architecture.rooms import read_rooms
from facts.folders import ROOT

FILES = {
    "docs/facts/__init__.py": '"""The ground floor.\n\nMore."""\n',
    "docs/facts/site.py": "import os\n",
    "docs/_extensions/__init__.py": '"""No room."""\n',
    "docs/_extensions/stages.py": '"""When it happens."""\n',
    "docs/_extensions/page/__init__.py": '"""The frame."""\nfrom _extensions.page import bar\n',
    "docs/_extensions/page/bar.py": "from facts.site import Site\nfrom _extensions.stages import Stage\n",
    "docs/sitebuild/__init__.py": '"""The build."""\n',
    "docs/sitebuild/__main__.py": '"""The commands."""\nimport sitebuild.run\nimport sitebuild.checks.same_bytes\n',
    "docs/sitebuild/run.py": "import os\n",
    "docs/sitebuild/checks/__init__.py": '"""The checks."""\n',
    "docs/sitebuild/checks/same_bytes.py": "def late():\n    from facts import site\n    from sitebuild import run\n",
    "src/autograd_vi/__init__.py": '"""The package."""\n',
    "gallery/one/plot_x.py": '"""A title."""\nimport autograd_vi as av\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def uses(root: Path) -> dict[str, tuple[str, ...]]:
    return {room.name: room.uses for room in read_rooms(root)}


def test_each_room_knows_its_place_its_purpose_and_what_it_imports_from(project: Path) -> None:
    rooms = {room.name: (room.place, room.purpose, room.uses) for room in read_rooms(project)}
    assert rooms == {
        "autograd_vi": ("src/autograd_vi/", "The package.", ()),
        "checks": ("docs/sitebuild/checks/", "The checks.", ("facts", "sitebuild")),
        "commands": ("docs/sitebuild/__main__.py", "The commands.", ("checks", "sitebuild")),
        "facts": ("docs/facts/", "The ground floor.", ()),
        "page": ("docs/_extensions/page/", "The frame.", ("facts", "stages")),
        "scripts": (
            "gallery/",
            "The scripts behind the gallery's pages, a folder a part.",
            ("autograd_vi",),
        ),
        "sitebuild": ("docs/sitebuild/", "The build.", ()),
        "stages": ("docs/_extensions/stages.py", "When it happens.", ()),
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import facts.site\n", ("facts",)),
        ("import facts\n", ("facts",)),
        ("from facts import site\n", ("facts",)),
        ("from _extensions import stages\n", ("stages",)),
        ("import os, _extensions.page.bar as bar\n", ("page",)),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import facts\n", ("facts",)),
        ("import factsheet\n", ()),
    ],
)
def test_a_new_import_is_found_however_it_is_written(
    project: Path, line: str, found: tuple[str, ...]
) -> None:
    assert uses(project)["autograd_vi"] == ()
    (project / "src/autograd_vi/new.py").write_text(line)
    assert uses(project)["autograd_vi"] == found


def test_every_room_of_the_project_says_what_it_is_for() -> None:
    assert [room.name for room in read_rooms(ROOT) if not room.purpose.endswith(".")] == []


def test_the_ground_floor_and_the_package_lean_on_nothing_and_no_feature_on_the_build() -> None:
    rooms = read_rooms(ROOT)
    known = {room.name: set(room.uses) for room in rooms}
    assert known["facts"] == known["autograd_vi"] == set()
    features = [room.name for room in rooms if room.place.startswith("docs/_extensions/")]
    assert len(features) > 5
    assert [name for name in features if known[name] & {"sitebuild", "checks", "commands"}] == []


def test_no_rooms_import_from_each_other_in_a_circle() -> None:
    found = uses(ROOT)
    level = levels(found)
    assert all(level[room] > level[used] for room in found for used in found[room])
