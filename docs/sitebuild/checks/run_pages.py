"""Run pages on one imitated machine: ``python -m sitebuild.checks.run_pages MACHINE OUTCOMES PAGE…``.

A process of its own, since some of a machine's settings are read when torch is loaded. One line of JSON a page goes
into the file ``OUTCOMES``: what its cells showed, and how one of them failed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sitebuild.checks import cells
from sitebuild.checks.fresh_start import fresh_start
from sitebuild.checks.imitations import imitating
from sitebuild.checks.machines import MACHINES, PLAIN


def main(name: str, outcomes: str, *pages: str) -> None:
    """Run ``pages`` on the machine ``name``, each from the gallery's own fresh start."""
    (machine,) = [machine for machine in (PLAIN, *MACHINES) if machine.name == name]
    with Path(outcomes).open("a", encoding="utf-8") as file:
        for page in map(Path, pages):
            with fresh_start(page), imitating(machine.imitations):
                outcome = cells.as_data(*cells.run_cells(page, cells.cells(page)))
            print(json.dumps({"page": str(page), **outcome}), file=file, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
