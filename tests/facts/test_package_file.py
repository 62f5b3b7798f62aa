"""Modules of the package that need no torch are loaded without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from facts.errors import BuildError
from facts.folders import DOCS
from facts.package_file import load_package_file

_PROGRAM = """
import sys
from facts.package_file import load_package_file
words = load_package_file("render/words.py")
print(words.WORDS["kind.leaf"], "torch" in sys.modules, "autograd_vi" in sys.modules)
"""


def test_the_words_and_the_table_of_kinds_that_they_read_need_neither_torch_nor_the_package() -> (
    None
):
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=DOCS, capture_output=True, text=True, check=True
    )
    assert run.stdout == "leaf: accumulates in .grad False False\n"


def test_the_same_file_is_loaded_once() -> None:
    assert load_package_file("render/words.py") is load_package_file("render/words.py")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BuildError, match=r"nothing\.py is missing; restore it"):
        load_package_file("render/nothing.py")
