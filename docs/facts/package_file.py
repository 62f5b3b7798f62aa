"""Load one module of the package from its file: importing the package would need torch."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from facts.errors import BuildError
from facts.folders import PACKAGE

_STAND_IN = "autograd_vi_files"  # stands for the package, without what its __init__ imports


def load_package_file(name: str) -> ModuleType:
    """Return the module in ``src/autograd_vi/<name>``.

    Of the package it may import only such modules as need no torch either, and these by relative imports.

    Args:
        name: such as ``render/words.py``.

    Raises:
        BuildError: there is no such file.
    """
    path = PACKAGE / name
    if not path.is_file():
        raise BuildError(f"{path} is missing; restore it from the repository")
    folders = Path(name).parent.parts
    for depth in range(len(folders) + 1):
        package = ModuleType(".".join([_STAND_IN, *folders[:depth]]))
        package.__path__ = [str(PACKAGE.joinpath(*folders[:depth]))]
        sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(".".join([_STAND_IN, *folders, path.stem]))
