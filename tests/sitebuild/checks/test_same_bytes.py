"""The same commit gives the same bytes, anywhere and at any time."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sandbox_site import Sandbox

from facts.digests import folder_digests
from facts.errors import BuildError
from sitebuild.checks import same_bytes
from sitebuild.checks.same_bytes import differing


def test_files_that_are_missing_or_not_the_same_differ(tmp_path: Path) -> None:
    for name, text in (("one/a", "1"), ("one/b/c", "2"), ("other/a", "1"), ("other/b/c", "3")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "other" / "new").touch()
    first, second = folder_digests(tmp_path / "one"), folder_digests(tmp_path / "other")
    assert list(first) == ["a", "b/c"]
    assert differing(first, second) == differing(second, first) == ["b/c", "new"]
    assert differing(first, first) == []


BUILD = """
import os, pathlib, sys, time
site = pathlib.Path("../build/html")
site.mkdir(parents=True, exist_ok=True)
(site / sys.argv[1]).write_text("always the same")
"""


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Commit a project whose build writes a file for each verb, and does what else is asked."""
    root = tmp_path / "project"
    monkeypatch.setattr(same_bytes, "ROOT", root)

    def make(more: str) -> None:
        build = root / "docs" / "sitebuild" / "__main__.py"
        build.parent.mkdir(parents=True)
        build.write_text(BUILD + more)
        named = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        for arguments in (["init", "-q"], ["add", "."], [*named, "commit", "-qm", "A site"]):
            subprocess.run(["git", *arguments], cwd=root, check=True)

    return make


def test_two_builds_of_a_site_that_depends_on_nothing_else_are_the_same(
    commit: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    commit("")
    assert same_bytes.main() == 0
    assert "same-bytes: 2 files compared, 0 differ" in capsys.readouterr().out


PERSONAL = """
for name, shown in {
    "folder": os.getcwd(),
    "hash": " ".join(set("abcdefgh")),
    "language": os.environ["LC_ALL"],
    "permissions": oct((site / sys.argv[1]).stat().st_mode),
    "zone": time.strftime("%H:%M", time.localtime(0)),
}.items():
    (site / name).write_text(shown)
"""


def test_pages_that_show_where_and_how_they_were_built_are_named(
    commit: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    commit(PERSONAL)
    assert same_bytes.main() == 1
    assert capsys.readouterr().out.endswith(
        "7 files compared, 5 differ\n  folder\n  hash\n  language\n  permissions\n  zone\n"
    )


def test_what_is_not_committed_takes_no_part(commit: Callable[[str], None], tmp_path: Path) -> None:
    commit("")
    (tmp_path / "project/docs/sitebuild/__main__.py").write_text("raise SystemExit(1)")
    assert same_bytes.main() == 0


def test_a_build_that_fails_is_told(commit: Callable[[str], None]) -> None:
    commit("raise SystemExit(3)\n")
    with pytest.raises(BuildError, match=r"the build in .*one failed: the message above says why"):
        same_bytes.main()


def test_a_folder_without_history_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_bytes, "ROOT", tmp_path)
    with pytest.raises(BuildError, match="same-bytes needs the git checkout of the project: "):
        same_bytes.main()


@pytest.mark.slow
@pytest.mark.xdist_group("bytes")
def test_a_clean_build_elsewhere_and_later_gives_the_same_bytes(
    undisturbed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    second = Sandbox.create(tmp_path / "another folder" / "project")
    built = second.build()
    assert built.status == 0, built.output[-3000:]
    assert differing(second.digests(), undisturbed.digests()) == []
