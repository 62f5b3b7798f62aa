"""A build that did not finish leaves nothing that the next one would take for finished."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitebuild import last_good
from sitebuild.last_good import restore, restored_unless_finished


def state(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "vi"
    folder.mkdir()
    (folder / "page").write_text("of the last build")
    return folder


def fail(folder: Path, error: BaseException) -> None:
    with restored_unless_finished(folder):
        (folder / "page").write_text("half")
        (folder / "more").write_text("new")
        raise error


@pytest.mark.parametrize("error", [RuntimeError("a warning"), KeyboardInterrupt()])
def test_a_failed_build_leaves_what_the_one_before_left(folder: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        fail(folder, error)
    assert state(folder) == {"page": "of the last build"}
    assert [path.name for path in folder.parent.iterdir()] == ["vi"]


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
    before = state(folder)
    with monkeypatch.context() as patch:
        patch.setattr(last_good.shutil, "rmtree", counted(shutil.rmtree, half_removed))
        patch.setattr(last_good.shutil, "copytree", counted(shutil.copytree, half_copied))
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
