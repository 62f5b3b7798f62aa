"""Pack files into a zip whose bytes depend on nothing but the files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
_MODE = 0o644 << 16
_UNIX = 3


def entry(name: str) -> zipfile.ZipInfo:
    """Return the description of a file in an archive, the same wherever and whenever it is written."""
    described = zipfile.ZipInfo(name, DATE)
    described.compress_type = zipfile.ZIP_DEFLATED
    described.create_system = _UNIX
    described.external_attr = _MODE
    return described


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` (name in the archive to content) to ``target``, in the order of their names."""
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            archive.writestr(entry(name), files[name], compresslevel=9)
