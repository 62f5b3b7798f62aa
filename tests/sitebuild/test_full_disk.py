"""Where a build cannot write, the old site stays whole, and the reason is named."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sandbox_site import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bytes")]


def test_a_write_limit_on_the_process_leaves_the_old_site_whole(
    undisturbed: Sandbox, tmp_path: Path
) -> None:
    """A stand-in for a full disk: no file may grow beyond 8 kB."""
    sandbox = Sandbox(Path(shutil.copytree(undisturbed.root, tmp_path / "project", symlinks=True)))
    before = sandbox.digests()
    sandbox.edit("docs/index.md", "Begin here.", "Begin here!")
    sandbox.edit(
        "docs/locale/vi/LC_MESSAGES/index.po", 'msgid "Begin here."', 'msgid "Begin here!"'
    )
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$0" "$@"', *sandbox.command()],
        cwd=sandbox.root / "docs",
        env=sandbox.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert limited.returncode != 0
    assert "sitebuild: " in limited.stdout, limited.stdout[-2000:]
    assert sandbox.digests() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], None]]:
    """Mount a file system at ``tmp_path / "disk"``; the value sets its size in kB beyond what lies on it."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(*options: str) -> subprocess.CompletedProcess[str]:
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(disk)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    if shutil.which("mount") is None or (done := mount("size=1g")).returncode:
        reason = "no command mount" if shutil.which("mount") is None else done.stderr.strip()
        pytest.skip(f"no file system can be mounted here: {reason}")

    def leave(kilobytes: int) -> None:
        state = os.statvfs(disk)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize // 1024
        done = mount("remount", f"size={used + kilobytes}k")
        assert done.returncode == 0, done.stderr

    yield leave
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_old_site_whole_and_is_named(
    undisturbed: Sandbox, small_disk: Callable[[int], None], tmp_path: Path
) -> None:
    """Full at once, in the run, and in what comes after it; then there is room again."""
    sandbox = Sandbox(
        Path(shutil.copytree(undisturbed.root, tmp_path / "disk" / "project", symlinks=True))
    )
    before = sandbox.digests()
    script = "gallery/first/plot_line.py"
    sandbox.edit(script, "2 + 3", "2 + 3 + 0")
    for kilobytes in (0, 100, 500):
        small_disk(kilobytes)
        built = sandbox.build()
        assert built.status != 0, f"{kilobytes} kB were enough; this test wants fewer"
        assert "disk is full" in built.last_lines, built.output[-3000:]
        assert sandbox.digests() == before
    small_disk(500_000)
    sandbox.edit(script, "2 + 3 + 0", "2 + 3")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    assert sandbox.digests() == before
