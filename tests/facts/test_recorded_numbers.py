"""The file of recorded numbers names each machine once."""

from pathlib import Path

import pytest

from facts.errors import BuildError
from facts.folders import RECORDED_NUMBERS_FILE
from facts.recorded_numbers import HEADER, Seen, read

SEEN = '[[number.seen]]\nmachine = "GPU"\ntorch = "2.11"\nshows = "0.1"\n'
WHOLE = f'[[number]]\npage = "gallery/a/plot_b"\nwhat = "loss"\n{SEEN}'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "numbers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_machine_showed_is_read(tmp_path: Path) -> None:
    (number,) = read(write(tmp_path, WHOLE))
    assert (number.page, number.what) == ("gallery/a/plot_b", "loss")
    assert number.seen == (Seen("GPU", "2.11", "0.1"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WHOLE + SEEN, "name each machine once"),
        (WHOLE.replace(SEEN, ""), "an entry lacks the key 'seen'"),
        (WHOLE.replace(SEEN, "seen = []\n"), "one at least"),
        (WHOLE.replace('what = "loss"\n', ""), "lacks the key 'what'"),
        (WHOLE.replace('shows = "0.1"\n', ""), "lacks the key 'shows'"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        read(write(tmp_path, text))


def test_the_project_s_own_file_names_a_gpu_and_keeps_its_explanation() -> None:
    assert any("NVIDIA" in seen.machine for number in read() for seen in number.seen)
    assert RECORDED_NUMBERS_FILE.read_text(encoding="utf-8").startswith(HEADER)
