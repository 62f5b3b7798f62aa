"""Each kind of page has one that stands for it; a mistake in the list is told in one line."""

from pathlib import Path

import pytest

from facts.errors import BuildError
from facts.page_kinds import Kind, read_kinds

WHOLE = (
    '[[kind]]\nname = "home"\npage = "index.html"\n\n[[kind]]\nname = "a"\npage = "b"\nat = "#c"\n'
)


def read(tmp_path: Path, text: str) -> list[Kind]:
    path = tmp_path / "kinds.toml"
    path.write_text(text, encoding="utf-8")
    return read_kinds(path)


def test_kinds_come_in_their_order(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == [Kind("home", "index.html"), Kind("a", "b", "#c")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('page = "b"\n', "", "lacks the key 'page'"),
        ("at =", "to =", "unknown key 'to'; the keys are name, page, at"),
        ('"#c"', "3", "at is 3; it has to be one line of text"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        read(tmp_path, WHOLE.replace(old, new))


def test_each_kind_has_a_name_of_its_own() -> None:
    names = [kind.name for kind in read_kinds()]
    assert len(set(names)) == len(names) >= 12
