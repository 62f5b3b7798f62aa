"""Every name that can be looked up by itself is still there; torch's have their tests in ``tests/package``."""

import subprocess
import sys
from pathlib import Path

import pytest
from upstream_list import Use, importable_uses, problem_of, sentence

# As after a release without the name: nothing that imports it can be imported.
WITHOUT_A_NAME = """
import sys
import pytest
from sphinx_gallery import py_source_parser
del py_source_parser.split_code_and_text_blocks
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("use", importable_uses(), ids=lambda use: use.name)
def test_the_name_is_still_there(use: Use) -> None:
    if problem := problem_of(use):
        pytest.fail(sentence(use, problem), pytrace=False)


def test_a_name_that_is_gone_is_told_though_our_own_modules_cannot_be_imported() -> None:
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_NAME, str(here), "-k", "still_there"],
        cwd=here.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert (
        "no longer gives us “sphinx_gallery.py_source_parser.split_code_and_text_blocks”"
        in done.stdout
    )
    assert "mend docs/_extensions/downloads/cells.py" in done.stdout
    assert "1 failed" in done.stdout
