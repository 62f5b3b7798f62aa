"""Check on which device the pages ran: a site that promises a GPU must not show outputs of a CPU."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from _extensions.curriculum import read_curriculum
from sitebuild.freshness import GENERATED, stamp_path
from sitebuild.run import BuildError


def devices(scripts: Iterable[str], generated: Path) -> dict[str, str]:
    """Return the device that every script ran on.

    Raises:
        BuildError: a script has no record of its run.
    """
    found = {}
    for script in scripts:
        stamp = stamp_path(script, generated)
        try:
            found[script] = json.loads(stamp.read_text(encoding="utf-8"))["surroundings"]["device"]
        except (OSError, ValueError, KeyError, TypeError):
            raise BuildError(
                f"{script} has no record of its run ({stamp}); run `make html`"
            ) from None
    return found


def main(device: str) -> int:
    """Fail unless every page ran on ``device`` (``cuda`` also stands for ``cuda:0``).

    Raises:
        BuildError: a page ran elsewhere, or has no record.
    """
    scripts = [page.script for chapter in read_curriculum() for page in chapter.pages]
    elsewhere = {
        script: name
        for script, name in devices(scripts, GENERATED).items()
        if name.partition(":")[0] != device
    }
    if elsewhere:
        lines = "".join(f"\n  {script}: {name}" for script, name in elsewhere.items())
        raise BuildError(f"these pages did not run on {device}:{lines}")
    print(f"all {len(scripts)} pages ran on {device}")
    return 0
