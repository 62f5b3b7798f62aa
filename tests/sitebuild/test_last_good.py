"""A build that did not finish, or was meddled with, leaves nothing that the next one would take for finished."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitebuild.last_good import RECORD, restore, restored_unless_finished, write_record


def state(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != RECORD
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "vi"
    folder.mkdir()
    (folder / "page").write_text("of the last build")
    write_record(folder)
    return folder


def fail(folder: Path, error: BaseException) -> None:
    with restored_unless_finished(folder):
        (folder / "page").write_text("half")
        (folder / "more").write_text("new")
        raise error


@pytest.mark.parametrize("error", [RuntimeError("a warning"), KeyboardInterrupt()])
def test_a_failed_build_leaves_what_the_one_before_left_and_its_own_pages_beside_it(
    folder: Path, error: BaseException
) -> None:
    for _ in range(2):
        with pytest.raises(type(error)):
            fail(folder, error)
        assert state(folder) == {"page": "of the last build"}
        beside = folder.with_name("vi.unfinished")
        assert state(beside) == {"page": "half", "more": "new"}
        assert set(folder.parent.iterdir()) == {folder, beside}
    with restored_unless_finished(folder):
        pass
    assert set(folder.parent.iterdir()) == {folder}


def test_a_finished_build_leaves_its_own_state_and_nothing_else(folder: Path) -> None:
    with restored_unless_finished(folder):
        (folder / "page").write_text("new")
    assert state(folder) == {"page": "new"}
    assert [path.name for path in folder.parent.iterdir()] == ["vi"]


def test_the_first_build_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "vi"
    with pytest.raises(RuntimeError):
        fail(folder, RuntimeError())
    assert state(folder) == {}


def test_a_folder_that_a_finished_build_left_is_built_on(folder: Path) -> None:
    for name in ("doctrees/index", "html/index", "html/_images/one"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(name)
    write_record(folder)
    with restored_unless_finished(folder):
        (folder / "html" / "index").write_text("new")
    left = state(folder)
    assert set(left) == {"page", "doctrees/index", "html/index", "html/_images/one"}
    with restored_unless_finished(folder):
        assert state(folder) == left
    shutil.rmtree(folder / "html")  # Sphinx makes it anew
    with restored_unless_finished(folder):
        assert set(state(folder)) == {"page", "doctrees/index"}


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a file is cut short": lambda folder: (folder / "doctrees" / "index").write_text("doc"),
    "a file is full of garbage": lambda folder: (folder / "page").write_bytes(b"\xff\x00"),
    "a file is gone from among others": lambda folder: (folder / "doctrees" / "index").unlink(),
    "a file is new": lambda folder: (folder / "doctrees" / "more").write_text("x"),
    "a folder is new": lambda folder: (folder / "more").mkdir(),
    "the record is gone": lambda folder: (folder / RECORD).unlink(),
    "the record is cut short": lambda folder: (folder / RECORD).write_text("{"),
    "the record is of another kind": lambda folder: (folder / RECORD).write_text("[]"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_something_else_has_changed_is_made_anew(
    folder: Path, damage: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "doctrees").mkdir()
    for name in ("index", "learn"):
        (folder / "doctrees" / name).write_text(name)
    write_record(folder)
    damage(folder)
    with restored_unless_finished(folder):
        assert state(folder) == {}
        (folder / "page").write_text("new")
    assert state(folder) == {"page": "new"}
    assert capsys.readouterr().out == (
        f"{folder} is not as a finished build left it: making it anew\n"
    )


class Killed(BaseException):
    """The process ends here: nothing of it runs any more."""


@pytest.mark.parametrize("calls", range(1, 20))
def test_a_kill_at_any_step_leaves_one_of_the_two_states_for_the_next_build(
    folder: Path, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change that is made to the disk is, once, the last one: half done where it can be."""
    left = calls

    def counted(
        function: Callable[..., object], half: Callable[..., None] | None = None
    ) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal left
            left -= 1
            if left == 0 and half:
                half(*arguments)
            if left <= 0:
                raise Killed
            return function(*arguments, **options)

        return call

    def half_removed(path: Path, **_: object) -> None:
        for inner in list(path.glob("*"))[:1]:
            inner.unlink()

    def half_copied(_source: Path, target: Path) -> None:
        target.mkdir()
        (target / "page").write_text("ha")

    (folder / "and").write_text("another")
    write_record(folder)
    before = state(folder)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", counted(shutil.rmtree, half_removed))
        patch.setattr(shutil, "copytree", counted(shutil.copytree, half_copied))
        patch.setattr(Path, "rename", counted(Path.rename))
        try:
            with restored_unless_finished(folder):
                (folder / "page").write_text("new")
        except Killed:
            pass
        finished = left > 0
    restore(folder)
    after = state(folder)
    assert after in (before, before | {"page": "new"})
    assert not finished or after["page"] == "new"
    with restored_unless_finished(folder):
        assert state(folder) == after
    assert [path.name for path in folder.parent.iterdir()] == ["vi"]
