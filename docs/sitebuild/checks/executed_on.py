"""Check on which device the pages ran: a site that promises a GPU must not show outputs of a CPU."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from facts.curriculum import read_pages
from facts.errors import BuildError
from facts.folders import GENERATED
from facts.run_record import read_record, record_path


def devices(scripts: Iterable[str], generated: Path) -> dict[str, str]:
    """Return the device that every script ran on.

    Raises:
        BuildError: a script has no record of its run.
        DamagedRecordError: it has one that cannot be read.
    """
    found = {}
    for script in scripts:
        path = record_path(script, generated)
        record = read_record(path)
        if record is None:
            raise BuildError(f"{script} has no record of its run ({path}); run `make html`")
        found[script] = record.device
    return found


def main(device: str) -> int:
    """Fail unless every page ran on ``device`` (``cuda`` also stands for ``cuda:0``).

    Raises:
        BuildError: a page ran elsewhere, or has no record.
    """
    scripts = [page.script for page in read_pages()]
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
