"""A page runs again when something that its outputs depend on changes, and only then."""

import copy
import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from _extensions.run.settings import SETTINGS
from facts.digests import file_digest, folder_digest
from facts.errors import NotRunnableError
from facts.folders import DOCS, PACKAGE
from facts.generated import files_of
from facts.run_record import record_path
from sitebuild import freshness

SCRIPT = "one/plot_x.py"
NOW: dict[str, Any] = {
    "package": "p",
    "run": {"isolation": "i"},
    "versions": {"torch": "2", "torchvision": "0.2", "matplotlib": "3"},
    "device": "cpu",
    "weights": [],
}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    source, generated = tmp_path / "gallery", tmp_path / "generated"
    (source / "one").mkdir(parents=True)
    (generated / "one" / "images").mkdir(parents=True)
    (source / SCRIPT).write_text("print(1)")
    (generated / "one" / "plot_x.rst").write_text("page")
    (generated / "one" / "plot_x.py.md5").write_text("md5")
    (generated / "one" / "images" / "sphx_glr_plot_x_001.svg").write_text("<svg/>")
    (generated / "one" / "images" / "sphx_glr_plot_xy_001.svg").write_text("<svg/>")
    ran = file_digest(source / SCRIPT)
    freshness.note_run(SCRIPT, ran, generated, NOW)
    return source, generated


def test_a_page_with_a_matching_stamp_is_fresh(folders: tuple[Path, Path]) -> None:
    assert freshness.is_fresh(SCRIPT, *folders, NOW)
    assert freshness.stale_scripts([SCRIPT], *folders, NOW) == []


def test_a_script_that_was_changed_while_it_ran_runs_again(folders: tuple[Path, Path]) -> None:
    source, generated = folders
    ran = file_digest(source / SCRIPT)
    (source / SCRIPT).write_text("print(2)")
    freshness.note_run(SCRIPT, ran, generated, NOW)
    assert not freshness.is_fresh(SCRIPT, source, generated, NOW)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("package",), "other"),
        (("run", "isolation"), "other"),
        (("versions", "torch"), "3"),
        (("versions", "torchvision"), "0.3"),
        (("versions", "matplotlib"), "4"),
        (("device",), "cuda"),
        (("weights",), ["resnet18.pth"]),
    ],
)
def test_a_page_is_stale_when_its_surroundings_change(
    folders: tuple[Path, Path], path: tuple[str, ...], value: object
) -> None:
    now = copy.deepcopy(NOW)
    place = now
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert freshness.stale_scripts([SCRIPT], *folders, now) == [SCRIPT]


def test_a_page_is_stale_when_its_script_changes(folders: tuple[Path, Path]) -> None:
    (folders[0] / SCRIPT).write_text("print(2)")
    assert not freshness.is_fresh(SCRIPT, *folders, NOW)


@pytest.mark.parametrize("name", ["plot_x.rst", "plot_x.py.md5", "images/sphx_glr_plot_x_001.svg"])
@pytest.mark.parametrize("damage", ["remove", "truncate", "scramble"])
def test_a_page_is_stale_when_an_output_is_not_whole(
    folders: tuple[Path, Path], name: str, damage: str
) -> None:
    path = folders[1] / "one" / name
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "truncate" else b"\xff\0")
    assert not freshness.is_fresh(SCRIPT, *folders, NOW)


def test_a_build_killed_between_the_md5_and_the_page_is_noticed(
    folders: tuple[Path, Path],
) -> None:
    """sphinx-gallery would take the MD5 for the proof that the page is there."""
    source, generated = folders
    (source / SCRIPT).write_text("print(2)")
    freshness.forget(SCRIPT, generated)
    (generated / "one" / "plot_x.py.md5").write_text("md5 of the new script")
    assert freshness.stale_scripts([SCRIPT], source, generated, NOW) == [SCRIPT]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"script": 1}', b"null", b"\xff\0"])
def test_a_damaged_stamp_means_stale(folders: tuple[Path, Path], text: bytes) -> None:
    record_path(SCRIPT, folders[1]).write_bytes(text)
    assert not freshness.is_fresh(SCRIPT, *folders, NOW)


@pytest.mark.parametrize("name", ["", "..", "/", "x" * 300, "a\0b", "one"])
def test_a_stamp_that_names_no_file_means_stale(folders: tuple[Path, Path], name: str) -> None:
    path = record_path(SCRIPT, folders[1])
    stamp = json.loads(path.read_text())
    stamp["outputs"][name] = "0"
    path.write_text(json.dumps(stamp))
    assert not freshness.is_fresh(SCRIPT, *folders, NOW)


def test_forgetting_a_page_leaves_its_neighbours(folders: tuple[Path, Path]) -> None:
    generated = folders[1]
    freshness.forget(SCRIPT, generated)
    left = {path.name for path in generated.rglob("*") if path.is_file()}
    assert left == {"sphx_glr_plot_xy_001.svg"}


def test_the_pages_of_a_deleted_script_vanish(folders: tuple[Path, Path]) -> None:
    generated = folders[1]
    (generated / "one" / "index.rst").write_text("part")
    assert freshness.remove_orphans([], generated) == [SCRIPT]
    assert [path for path in generated.rglob("*") if path.is_file()] == []


def test_the_pages_of_listed_scripts_stay(folders: tuple[Path, Path]) -> None:
    assert freshness.remove_orphans([SCRIPT], folders[1]) == []
    assert freshness.is_fresh(SCRIPT, *folders, NOW)


def test_the_pages_of_a_renamed_script_vanish_and_the_new_name_runs(
    folders: tuple[Path, Path],
) -> None:
    source, generated = folders
    renamed = "one/plot_y.py"
    (source / SCRIPT).rename(source / renamed)
    assert freshness.remove_orphans([renamed], generated) == [SCRIPT]
    assert files_of(SCRIPT, generated) == []
    assert freshness.stale_scripts([renamed], source, generated, NOW) == [renamed]


def test_without_its_stamp_a_page_is_stale_whatever_sphinx_gallery_left(
    folders: tuple[Path, Path],
) -> None:
    """A run that was killed before the stamp, also right after the page, is not taken for finished."""
    record_path(SCRIPT, folders[1]).unlink()
    assert not freshness.is_fresh(SCRIPT, *folders, NOW)


def test_the_surroundings_are_read_where_they_are(tmp_path: Path) -> None:
    now = freshness.surroundings({"AUTOGRAD_VI_DEVICE": "mps", "TORCH_HOME": str(tmp_path)})
    assert now["package"] == folder_digest(PACKAGE)
    assert now["device"] == "mps"
    assert now["weights"] == []
    for name in ("torch", "torchvision", "matplotlib"):
        assert now["versions"][name] == metadata.version(name)
    assert freshness.surroundings({})["device"] == "cpu"


def test_the_configuration_of_the_gallery_counts_with_all_that_it_names() -> None:
    named = set(re.findall(r"_extensions\.run\.(\w+)\.", repr(SETTINGS)))
    assert "isolation" in named
    counted = {Path(name).stem for name in freshness.RUN_SOURCES}
    assert named - {"reading_order"} <= counted  # the order of the pages changes no output
    assert "settings" in counted
    digests = freshness.surroundings()["run"]
    assert digests == {name: file_digest(DOCS / name) for name in freshness.RUN_SOURCES}


def without_torch() -> dict[str, Any]:
    return NOW | {
        "versions": {"torch": None, "torchvision": None, "matplotlib": None},
        "device": "x",
    }


def test_without_torch_the_outputs_of_another_machine_are_fresh(
    folders: tuple[Path, Path],
) -> None:
    assert freshness.is_fresh(SCRIPT, *folders, without_torch())


def test_without_torch_a_changed_script_is_refused_by_name(folders: tuple[Path, Path]) -> None:
    (folders[0] / SCRIPT).write_text("print(2)")
    with pytest.raises(NotRunnableError, match=r"one/plot_x\.py: .* torch is not installed"):
        freshness.stale_scripts([SCRIPT], *folders, without_torch())


def test_the_surroundings_name_weights_in_torchs_cache(tmp_path: Path) -> None:
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "resnet18-f37072fd.pth").write_bytes(b"cut")
    assert freshness.pretrained_weights({"TORCH_HOME": str(tmp_path)}) == [
        "resnet18-f37072fd.pth (3 bytes)"
    ]
    assert freshness.pretrained_weights({"XDG_CACHE_HOME": str(tmp_path)}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<AddBackward0 object at 0x7f12ab34cd56>", ["0x7f12ab34cd56"]),
        ("see /checkout/gallery/x.py", ["/checkout"]),
        ("colour 0xff and [204.8000]", []),
    ],
)
def test_addresses_and_checkout_paths_are_found(text: str, found: list[str]) -> None:
    assert freshness.leaks(text, Path("/checkout")) == found
