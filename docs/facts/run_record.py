"""The record of a run: which script ran, on what, and what it left. One format, written and read here only.

Every gallery page has one, written last; so a page without one is not whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from facts.errors import ExplainedError
from facts.whole_file import write_whole

SUFFIX = ".stamp"
DEVICE_VARIABLE = "AUTOGRAD_VI_DEVICE"
"""Names the device that the pages run on."""
CELLS = "autograd_vi.json"
"""The record of all cells of the guide, in the cache of their outputs."""


class DamagedRecordError(ExplainedError, ValueError):
    """A record lies where it should, and cannot be read."""


@dataclass(frozen=True)
class RunRecord:
    """What is known of one page's run."""

    script: str
    """The digest of the script when its run began; the file may have been changed since."""
    surroundings: Mapping[str, Any]
    """All that the outputs depend on, but for the script: versions, device, weights, package, configuration."""
    outputs: Mapping[str, str]
    """The digests of the files that the run left, by their names from the folder of all outputs."""

    @property
    def device(self) -> str:
        """The device that the page ran on, such as ``cuda``."""
        return str(self.surroundings["device"])

    @property
    def torch(self) -> str:
        """The version of torch."""
        return str(self.surroundings["versions"]["torch"])


def record_path(page: str, generated: Path) -> Path:
    """Return where the record of a page lies.

    Args:
        page: the script's path below the gallery, or the page's name below the outputs.
        generated: the folder of all outputs.
    """
    return (generated / page).with_suffix(SUFFIX)


def write_record(path: Path, record: RunRecord) -> None:
    """Write ``record`` in one step."""
    write_whole(path, json.dumps(asdict(record), indent=1, sort_keys=True))


def read_record(path: Path) -> RunRecord | None:
    """Return the record in ``path``, or None where there is none.

    Raises:
        DamagedRecordError: it is none that this version writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        record = RunRecord(data["script"], dict(data["surroundings"]), dict(data["outputs"]))
        _ = record.device, record.torch
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedRecordError(
            f"{path} is damaged, so nothing is known of the run; remove it and run `make html`"
        ) from None
    return record
