"""The first code cell of a page that uses our package: it installs the package where it is missing.

It is plain Python, so that it does the same in a notebook and in a script.
"""

from __future__ import annotations

from sphinx.locale import _

from _extensions.downloads.cells import Cell

PACKAGE = "autograd_vi"

_INSTALL = """\
# {comment}
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("{package}") is None:
    wheel = "{wheel}"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", wheel], check=True)
    importlib.invalidate_caches()"""

_REFUSE = """\
# {comment}
import importlib.util

if importlib.util.find_spec("{package}") is None:
    raise ModuleNotFoundError({message!r})"""


def install_cell(wheel: str | None) -> Cell:
    """Return the cell that installs the package where it is missing, or says how to.

    Args:
        wheel: the address of the published wheel; None where the site has no address.
    """
    words = {"package": PACKAGE}
    if wheel:
        comment = _("Installs %(package)s, the package of these pages, where it is missing.")
        source = _INSTALL.format(comment=comment % words, package=PACKAGE, wheel=wheel)
    else:
        comment = _("Looks for %(package)s, the package of these pages.")
        message = _(
            "The package %(package)s is not installed. Take its wheel from the folder wheels of the site "
            "and install that file with python -m pip install."
        )
        source = _REFUSE.format(comment=comment % words, package=PACKAGE, message=message % words)
    return Cell(source, code=True, answer=False)
