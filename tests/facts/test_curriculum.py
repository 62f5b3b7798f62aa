"""``curriculum.toml`` is read whole and agrees with the gallery, and each mistake names the file to edit."""

from pathlib import Path

import pytest

from facts.curriculum import CurriculumError, check_curriculum, read_curriculum
from facts.folders import DOCS, GALLERY


def write(folder: Path, text: str) -> Path:
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_real_list_agrees_with_the_gallery() -> None:
    check_curriculum(read_curriculum(), GALLERY, DOCS / "curriculum.toml")


@pytest.mark.parametrize("name", ["../plot_x", "plot_x/../../y", "Plot", "", 3])
def test_a_page_cannot_be_a_path(tmp_path: Path, name: object) -> None:
    value = f'"{name}"' if isinstance(name, str) else name
    path = write(
        tmp_path,
        f'[[part]]\nfolder = "one"\npages = [{{ name = {value}, minutes = 1 }}]',
    )
    with pytest.raises(CurriculumError, match="a page of one is"):
        read_curriculum(path)


@pytest.mark.parametrize("folder", ["../one", "/etc", "one/..", "<b>", "", 3, ["one"]])
def test_a_part_cannot_be_a_path(tmp_path: Path, folder: object) -> None:
    path = write(tmp_path, f"[[part]]\nfolder = {folder!r}\npages = []")
    with pytest.raises(CurriculumError, match="a part's folder is"):
        read_curriculum(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('part = "one"', "part is 'one'; it has to be a list of tables"),
        ("part = [1]", "an entry of part is 1"),
        ('pages = "plot_x"', "pages is 'plot_x'; it has to be a list of tables"),
        ('pages = ["plot_x"]', "an entry of pages is 'plot_x'"),
        ('pages = [{ name = "plot_x", minutes = "ten" }]', "the minutes of plot_x are 'ten'"),
        ('pages = [{ name = "plot_x", minutes = true }]', "the minutes of plot_x are True"),
        ('pages = [{ name = "plot_x", minutes = 0 }]', "the minutes of plot_x are 0"),
        ('pages = [{ name = "plot_x" }]', "a page of one lacks the key 'minutes'"),
        ('pages = [{ name = "plot_x", minute = 3 }]', "did you mean 'minutes'?"),
        (
            'pages = [{ name = "plot_x", minutes = 1, notebook = "<script>" }]',
            "notebook is '<script>'",
        ),
        ("pages = []\n[[part]]\nfolder = 'one'\npages = []", "the part one is listed twice"),
    ],
)
def test_a_curriculum_of_the_wrong_types_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    if not text.startswith("part"):
        text = f'[[part]]\nfolder = "one"\n{text}'
    path = write(tmp_path, text)
    with pytest.raises(CurriculumError) as caught:
        read_curriculum(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(CurriculumError, match=r"file\.toml: not UTF-8 at byte 9"):
        read_curriculum(path)


def test_a_page_may_go_back_to_no_notebook(tmp_path: Path) -> None:
    pages = '{ name = "plot_x", minutes = 1, notebook = "N" }, { name = "plot_y", minutes = 1 }'
    path = write(tmp_path, f'[[part]]\nfolder = "one"\npages = [{pages}]')
    (part,) = read_curriculum(path)
    assert [page.notebook for page in part.pages] == ["N", None]


def test_a_page_listed_twice_is_refused(tmp_path: Path) -> None:
    page = '{ name = "plot_x", minutes = 1 }'
    path = write(tmp_path, f'[[part]]\nfolder = "one"\npages = [{page}, {page}]')
    with pytest.raises(CurriculumError, match=r"one/plot_x\.py is listed twice"):
        read_curriculum(path)


def test_a_part_can_need_only_what_stands_before_it(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[[part]]\nfolder = "one"\npages = []\nneeds = ["two"]\n'
        '[[part]]\nfolder = "two"\npages = []',
    )
    with pytest.raises(CurriculumError, match=r"the part one needs 'two'; allowed .* \[\]"):
        read_curriculum(path)


def test_what_a_part_needs_is_a_list(tmp_path: Path) -> None:
    path = write(tmp_path, '[[part]]\nfolder = "one"\npages = []\nneeds = "zero"\n')
    with pytest.raises(CurriculumError, match=r"what one needs is 'zero'; write a list"):
        read_curriculum(path)


def test_every_disagreement_between_list_and_folder_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[[part]]\nfolder = "one"\npages = [{ name = "plot_x", minutes = 1 }]',
    )
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "plot_y.py").touch()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "GALLERY_HEADER.rst").touch()
    with pytest.raises(CurriculumError) as caught:
        check_curriculum(read_curriculum(path), tmp_path, path)
    message = str(caught.value)
    assert "lists one/plot_x.py, but" in message
    assert "plot_y.py is not listed in" in message
    assert "GALLERY_HEADER.rst is missing" in message
    assert f"{tmp_path / 'two'} is a part that" in message
