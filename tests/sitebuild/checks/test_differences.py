"""What may differ is stated in a file, with a reason; what is not needed there is complained of."""

from pathlib import Path

import pytest

from facts.errors import BuildError
from sitebuild.checks import differences
from sitebuild.checks.agreement import RELATIVE

WHOLE = """
[[difference]]
page = "gallery/a/plot_b"
shows = "step = 300"
relative = 0.01
reason = "Rounding grows."
"""


def read(tmp_path: Path, text: str) -> tuple[differences.Stated, ...]:
    path = tmp_path / "differences.toml"
    path.write_text(text, encoding="utf-8")
    return differences.read(path)


def test_an_entry_holds_for_the_outputs_that_contain_its_text(tmp_path: Path) -> None:
    stated = read(tmp_path, WHOLE)
    found = differences.tolerance(stated, "gallery/a/plot_b", "step = 200\nstep = 300")
    assert found is not None
    assert (found.relative, found.counts) == (0.01, False)
    assert differences.tolerance(stated, "gallery/a/plot_b", "step = 200") is None
    assert differences.tolerance(stated, "gallery/a/plot_c", "step = 300") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reason = "Rounding grows."\n', "", "lacks the key 'reason'"),
        ("0.01", "2.0", f"between {RELATIVE} and 1"),
        ("0.01", "1", f"between {RELATIVE} and 1"),
        ("relative", "tolerance", "unknown key 'tolerance'"),
        ("relative = 0.01", "counts = 1", "true or false"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        read(tmp_path, WHOLE.replace(old, new))


def test_an_entry_that_speaks_of_no_output_is_complained_of(tmp_path: Path) -> None:
    stated = read(tmp_path, WHOLE)
    assert differences.unused(stated, {"gallery/a/plot_b": ["step = 300"]}) == []
    (complaint,) = differences.unused(stated, {"gallery/a/plot_b": ["step = 200"]})
    assert "'step = 300'" in complaint
    assert differences.unused(stated, {"gallery/a/plot_c": []}) == []


def test_the_project_s_own_file_can_be_read() -> None:
    assert all(difference.reason.endswith(".") for difference in differences.read())
