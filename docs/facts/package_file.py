"""Load one module of the package from its file: importing the package would need torch."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from facts.errors import BuildError
from facts.folders import PACKAGE


def load_package_file(name: str) -> ModuleType:
    """Return the module in ``src/autograd_vi/<name>``; it must import nothing of the package.

    Args:
        name: such as ``render/words.py``.

    Raises:
        BuildError: there is no such file.
    """
    path = PACKAGE / name
    if not path.is_file():
        raise BuildError(f"{path} is missing; restore it from the repository")
    module_name = f"autograd_vi_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018  # a .py file has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module
