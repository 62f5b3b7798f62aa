"""A sentence that names a kernel of the CPU is found; an output is not a sentence."""

from pathlib import Path

import pytest

from sitebuild.checks.prose_names import foreign_names, prose

CPU, CUDA = (
    {"NativeBatchNormBackward0", "AddBackward0"},
    {"CudnnBatchNormBackward0", "AddBackward0"},
)

SCRIPT = '''r"""
A page
======
"""

# %%
# The node is ``NativeBatchNormBackward0``, and ``AddBackward0`` is another.
x = "NativeBatchNormBackward0"
'''


def page(tmp_path: Path, text: str, name: str = "plot_a.py") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_name_that_the_device_has_not_is_told_with_its_line(tmp_path: Path) -> None:
    path = page(tmp_path, SCRIPT)
    assert foreign_names(path, CPU, CUDA) == [(7, "NativeBatchNormBackward0")]
    assert foreign_names(path, CPU, CPU) == []


def test_a_name_that_only_the_cpu_can_have_needs_no_output(tmp_path: Path) -> None:
    assert foreign_names(page(tmp_path, SCRIPT), set(), CUDA) == [(7, "NativeBatchNormBackward0")]


def test_a_page_may_give_both_names(tmp_path: Path) -> None:
    both = SCRIPT.replace("is another", "is another; on CUDA ``CudnnBatchNormBackward0``")
    assert foreign_names(page(tmp_path, both), CPU, CUDA) == []


def test_cells_of_a_page_in_myst_are_no_prose(tmp_path: Path) -> None:
    text = "A `NativeBatchNormBackward0`.\n\n```{code-cell}\nNativeBatchNormBackward0 = 1\n```\n"
    assert foreign_names(page(tmp_path, text, "a.md"), CPU, CUDA) == [
        (1, "NativeBatchNormBackward0")
    ]


@pytest.mark.parametrize("element", ["text", "title", "desc"])
def test_the_texts_of_a_picture_are_read_and_its_attributes_are_not(
    tmp_path: Path, element: str
) -> None:
    svg = f'<svg>\n<{element} id="NativeBatchNormBackward0">MeanBackward0</{element}></svg>'
    assert list(prose(page(tmp_path, svg, "a.svg"))) == [(2, "MeanBackward0")]
