"""Build the wheel of the package from this checkout and publish it with the site.

A notebook names the wheel that was made with it: by its digest in the address, and again for pip to check. So a
notebook saved long ago still gets the package that it was written for, as long as the published wheels stay.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from facts.addresses import WHEELS, wheel_path
from facts.digests import file_digest
from facts.errors import BuildError
from facts.folders import BUILD, ROOT


def _last_line(text: str) -> str:
    return "".join(text.strip().splitlines()[-1:])


def build(target: Path = BUILD / "work" / "wheel", project: Path = ROOT) -> Path:
    """Build the wheel into the emptied folder ``target`` and return its path.

    hatchling is called itself: pip would fetch it anew for every build. The bytes depend on the sources only; the dates
    in the wheel are ``SOURCE_DATE_EPOCH``, or a constant of hatchling's where that is not set.

    Raises:
        BuildError: hatchling is missing or failed.
    """
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    wheels = sorted(target.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        raise BuildError(
            f"the wheel of {project} could not be built: {_last_line(result.stderr) or wheels}. "
            "hatchling and hatch-vcs build it; pip install -e '.[docs]' installs them"
        )
    return wheels[0]


def version(project: Path = ROOT) -> str:
    """Return the version that the wheel of ``project`` has: the newest release tag's.

    Raises:
        BuildError: hatchling or hatch-vcs is missing or failed.
    """
    command = [sys.executable, "-m", "hatchling", "version"]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BuildError(
            f"the version of {project} is unknown: {_last_line(result.stderr)}. hatchling and hatch-vcs take it from "
            "git's tags; pip install -e '.[docs]' installs them"
        )
    return result.stdout.strip()


def address(wheel: Path) -> str:
    """Return the wheel's address relative to the site's, with the digest that pip checks."""
    return wheel_path(wheel.name, file_digest(wheel))


def publish(wheel: Path, new: Path, published: Path) -> None:
    """Put the wheel into the site ``new``, beside the wheels of the site that it will replace."""
    if (published / WHEELS).is_dir():
        shutil.copytree(published / WHEELS, new / WHEELS)
    target = new / address(wheel).partition("#")[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wheel, target)
