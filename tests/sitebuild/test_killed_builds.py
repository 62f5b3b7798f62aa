"""A build that is killed at any moment leaves nothing that looks finished; the next one gives the same bytes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sandbox_site import Sandbox

from sitebuild.checks.same_bytes import differing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bytes")]

KILLS = int(os.environ.get("AUTOGRAD_VI_KILLS", "50"))
KILLS_A_ROUND = 5
ATTEMPTS = 20


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


KILL = """
import os, signal

def setup(app):
    app.connect("html-collect-pages", lambda app: os.killpg(0, signal.SIGKILL))
"""


def test_a_build_killed_between_the_pages_and_their_pictures_is_made_whole(
    undisturbed: Sandbox, tmp_path: Path
) -> None:
    """Sphinx copies the pictures of the pages that it writes, and would not write these again."""
    sandbox = Sandbox.create(tmp_path / "project")
    settings = sandbox.root / "docs" / "conf.py"
    whole = settings.read_text(encoding="utf-8")
    settings.write_text(whole + KILL, encoding="utf-8")
    killed = subprocess.run(
        sandbox.command(),
        cwd=sandbox.root / "docs",
        env=sandbox.environment(),
        start_new_session=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    work = sandbox.root / "build" / "work"
    pages = list(work.rglob("html/**/plot_square.html"))
    assert pages
    assert not list(work.rglob("html/_images/sphx_glr_plot_square_001.svg"))
    settings.write_text(whole, encoding="utf-8")
    _timed(sandbox)
    assert differing(sandbox.digests(), undisturbed.digests()) == []


@dataclass
class Killer:
    """Kills builds at random moments of the time that one takes undisturbed, and counts those that it met alive."""

    sandbox: Sandbox
    chance: random.Random
    seconds: float
    moments: list[float] = field(default_factory=list)

    def kill(self, *verb: str) -> None:
        """Start builds until one is killed before it ends, with all its processes."""
        for _ in range(ATTEMPTS):
            moment = self.chance.uniform(0, self.seconds)
            started = time.monotonic()
            with (self.sandbox.root / "killed.log").open("w") as log:
                process = subprocess.Popen(
                    self.sandbox.command(*verb),
                    cwd=self.sandbox.root / "docs",
                    env=self.sandbox.environment(),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                try:
                    process.wait(moment)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    self.moments.append(moment)
                    return
            # It had less to do than the undisturbed one, or the machine became faster.
            self.seconds = time.monotonic() - started
        pytest.fail(f"no build of {ATTEMPTS} was still running when it was to be killed")

    def __str__(self) -> str:
        return ", ".join(f"{moment:.2f}" for moment in self.moments)


def _timed(sandbox: Sandbox, *verb: str) -> float:
    started = time.monotonic()
    built = sandbox.build(*verb)
    assert built.status == 0, built.output[-3000:]
    return time.monotonic() - started


def test_a_build_killed_at_any_moment_leaves_nothing_that_looks_finished(
    undisturbed: Sandbox, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Rounds of kills, each from a clean tree or from a finished one; every build starts from what the last one left.

    After each kill the published site is a whole one: that of the sources before or after the change, or none. At the
    end of a round one build runs through, and its site is that of an undisturbed build.
    """
    old, new = "2 + 3", "2 + 3 + 0"
    script = "gallery/first/plot_line.py"
    changed = Sandbox.create(tmp_path / "changed")
    changed.edit(script, old, new)
    sandbox = Sandbox.create(tmp_path / "project")
    times = {"clean": _timed(changed), "finished": 0.0}
    whole = {old: undisturbed.digests(), new: changed.digests()}
    _timed(sandbox)
    sandbox.edit(script, old, new)
    times["finished"] = _timed(sandbox)
    assert differing(sandbox.digests(), whole[new]) == []
    now, other = new, old
    chance = random.Random(20260101)
    rounds = -(-KILLS // KILLS_A_ROUND)
    for number in range(rounds):
        start = "clean" if number % 2 else "finished"
        if start == "clean":
            sandbox.build("clean")
        killer = Killer(sandbox, chance, times[start])
        for _ in range(min(KILLS_A_ROUND, KILLS - number * KILLS_A_ROUND)):
            sandbox.edit(script, now, other)
            now, other = other, now
            killer.kill()
            published = sandbox.digests() if sandbox.published.exists() else None
            assert published is None or [] in (
                wrong := [differing(published, site) for site in whole.values()]
            ), f"after {killer} s of a {start} build, {wrong} differ"
        seconds = _timed(sandbox)
        assert differing(sandbox.digests(), whole[now]) == [], f"after {killer} s"
        record_property(
            f"killed in a {start} build of {times[start]:.1f} s",
            f"after {killer} s; the build after them took {seconds:.1f} s and gave the same bytes",
        )


def test_a_killed_update_of_the_catalogues_leaves_each_of_them_whole(
    undisturbed: Sandbox, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    sandbox = Sandbox(Path(shutil.copytree(undisturbed.root, tmp_path / "project", symlinks=True)))

    def catalogues() -> dict[str, str]:
        folder = sandbox.root / "docs" / "locale"
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*.po")
        }

    seconds = _timed(sandbox, "translations")
    finished = catalogues()
    killer = Killer(sandbox, random.Random(20260102), seconds)
    for _ in range(max(1, KILLS // 10)):
        for name, text in finished.items():
            sandbox.write(f"docs/locale/{name}", text + '\nmsgid "Gone."\nmsgstr "Đã mất."\n')
        before = catalogues()
        killer.kill("translations")
        after = catalogues()
        assert after.keys() == before.keys()
        assert all(text in (before[name], finished[name]) for name, text in after.items())
        _timed(sandbox, "translations")
        assert catalogues() == finished
    record_property(
        f"killed in an update of the catalogues of {seconds:.1f} s", f"after {killer} s"
    )


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
