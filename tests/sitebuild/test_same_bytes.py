"""The same commit gives the same bytes: anywhere, at any time, and whatever happened to the builds before."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sandbox_site import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bytes")]

MOMENTS = 50


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one | other if one.get(name) != other.get(name))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = Sandbox.create(tmp_path_factory.mktemp("bytes") / "project")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    return sandbox


def test_a_clean_build_elsewhere_and_later_gives_the_same_bytes(
    undisturbed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    other = Sandbox.create(tmp_path / "another folder" / "project")
    built = other.build()
    assert built.status == 0, built.output[-3000:]
    assert differing(other.digests(), undisturbed.digests()) == []


def test_a_build_killed_between_the_md5_and_the_page_is_made_whole(undisturbed: Sandbox) -> None:
    """sphinx-gallery writes the script's MD5 before its page; a kill in between leaves just this."""
    before = undisturbed.digests()
    folder = undisturbed.root / "docs" / "gallery" / "first"
    (folder / "plot_square.rst").unlink()
    assert (folder / "plot_square.py.md5").is_file()
    built = undisturbed.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: 1 of 2 scripts" in built.output
    assert differing(undisturbed.digests(), before) == []


def _kill_after(sandbox: Sandbox, seconds: float) -> bool:
    """Start a build and kill it with all its processes; return whether it was still running."""
    with (sandbox.root / "killed.log").open("w") as log:
        process = subprocess.Popen(
            sandbox.command(),
            cwd=sandbox.root / "docs",
            env=sandbox.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        time.sleep(seconds)
        running = process.poll() is None
        if running:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return running


def test_a_build_killed_at_any_moment_leaves_nothing_that_looks_finished(
    undisturbed: Sandbox, tmp_path: Path
) -> None:
    """Clean and incremental builds are killed in turn; what is published stays whole, and the next build mends it."""
    reference = undisturbed.digests()
    sandbox = Sandbox.create(tmp_path / "project")
    started = time.monotonic()
    assert sandbox.build().status == 0
    clean = time.monotonic() - started
    chance = random.Random(20260101)
    killed = 0
    for moment in range(MOMENTS):
        if moment % 2:
            sandbox.build("clean")
        sandbox.edit("gallery/first/plot_line.py", "2 + 3", "2 + 3 + 0")
        published = sandbox.digests() if sandbox.published.exists() else None
        killed += _kill_after(sandbox, chance.uniform(0, clean))
        if published is not None and sandbox.published.exists():
            now = sandbox.digests()
            # Either the old site or the new one, never a mixture.
            assert now == published or "2 + 3 + 0" in sandbox.page("en/gallery/first/plot_line")
        sandbox.edit("gallery/first/plot_line.py", "2 + 3 + 0", "2 + 3")
        if moment % 5 == 4:
            built = sandbox.build()
            assert built.status == 0, f"moment {moment}: {built.output[-3000:]}"
            assert differing(sandbox.digests(), reference) == [], f"moment {moment}"
    assert killed >= MOMENTS // 2


def test_a_second_build_waits_for_the_first(undisturbed: Sandbox) -> None:
    before = undisturbed.digests()
    builds = [
        subprocess.Popen(
            undisturbed.command(),
            cwd=undisturbed.root / "docs",
            env=undisturbed.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert sum("another build is running here" in output for output in outputs) == 1
    assert differing(undisturbed.digests(), before) == []


def test_a_write_limit_on_the_process_leaves_the_old_site_whole(undisturbed: Sandbox) -> None:
    """A stand-in for a full disk: no file may grow beyond 8 kB."""
    before = undisturbed.digests()
    undisturbed.edit("docs/index.md", "Begin here.", "Begin here!")
    undisturbed.edit(
        "docs/locale/vi/LC_MESSAGES/index.po", 'msgid "Begin here."', 'msgid "Begin here!"'
    )
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$0" "$@"', *undisturbed.command()],
        cwd=undisturbed.root / "docs",
        env=undisturbed.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert limited.returncode != 0
    assert "sitebuild: " in limited.stdout, limited.stdout[-2000:]
    assert undisturbed.digests() == before
