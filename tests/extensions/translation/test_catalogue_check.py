"""Each mistake in a catalogue is found, with its line, and nothing else is."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polib
import pytest

from _extensions.translation.catalogue_check import Problem, check_catalogue, used_terms
from facts.catalogue import read_catalogue
from facts.folders import GLOSSARY_FILE
from facts.glossary import read_glossary

GLOSSARY = read_glossary(GLOSSARY_FILE)


def _problems(
    source: str, translation: str, comment: str = "", *, interface: bool = False
) -> list[Problem]:
    entry = polib.POEntry(msgid=source, msgstr=translation, tcomment=comment, linenum=7)
    return check_catalogue([entry], "vi", GLOSSARY, interface=interface)


def _kinds(
    source: str, translation: str, comment: str = "", *, interface: bool = False
) -> list[str]:
    return [
        problem.kind for problem in _problems(source, translation, comment, interface=interface)
    ]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("The derivative.", "Đạo hàm."),
        ("The derivative.", "ĐẠO HÀM."),
        ("Two leaf tensors.", "Hai tensor lá."),
        ("It accumulated.", "Nó cộng dồn."),
        ("The chain rule.", "Quy tắc dây chuyền."),
        ("The chain rule.", "Đạo hàm hàm hợp."),
        ("A square root.", "Một căn bậc hai."),
        ("The vector–Jacobian product.", "Tích vector–Jacobian."),
        ("The vector-Jacobian product.", "Tích vector-Jacobian."),
        ("The code `gradient`.", "Đoạn mã `gradient`."),
        ("See :func:`torch.autograd.grad`.", "Xem :func:`torch.autograd.grad`."),
        ("Distinguish them.", "Hãy phân biệt chúng."),
        ("Its slope.", "Độ dốc của nó."),
        ("Anything.", ""),
    ],
)
def test_a_good_translation_passes(source: str, translation: str) -> None:
    assert _problems(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        ("The derivatives.", "Các vi phân.", "does not say “đạo hàm”"),
        (
            "A :term:`leaf tensor`.",
            "Một :term:`lá tensor <leaf tensor>`.",
            "does not say “tensor lá”",
        ),
        ("The computational\ngraph.", "Biểu đồ.", "does not say “đồ thị tính toán”"),
        ("The gradient.", "gradient, tức độ dốc.", "“độ dốc” is not how this site says “gradient”"),
        (
            "Anything.",
            "Theo quy tắc chuỗi.",
            "“quy tắc chuỗi” is not how this site says “chain rule”",
        ),
        (
            "Automatic differentiation.",
            "Vi phân tự động, sự khác biệt.",
            "“sự khác biệt” is not how",
        ),
    ],
)
def test_a_term_without_its_translation_is_named(source: str, translation: str, said: str) -> None:
    problems = _problems(source, translation)
    assert [problem.kind for problem in problems] == ["term"]
    assert said in problems[0].text
    assert problems[0].line == 7


def test_a_target_is_not_a_translation_of_its_term() -> None:
    assert _kinds("A :term:`gradient`.", "Một :term:`đạo hàm <gradient>`.") == ["term"]


def test_a_translator_may_say_that_a_word_is_not_the_term() -> None:
    assert _kinds("On one layer of paint.", "Trên một lớp sơn.") == ["term"]
    assert _kinds("On one layer of paint.", "Trên một lớp sơn.", "glossary: layer - of paint") == []
    assert _kinds("On one layer of paint.", "Trên một lớp sơn.", "nothing about it") == ["term"]


def test_the_longest_term_wins() -> None:
    found = used_terms("partial derivatives of a loss function", GLOSSARY.terms)
    assert {term.term for term in found} == {"partial derivative", "loss function"}


@pytest.mark.parametrize(
    "word", ["hoá", "Hoá", "khoá", "toả", "minh hoạ", "uỷ", "tuỳ", "huỷ", "khoẻ"]
)
def test_the_old_place_of_the_tone_mark_is_found(word: str) -> None:
    assert _kinds("Word.", f"Từ {word}.") == ["spelling"]


@pytest.mark.parametrize(
    "word", ["hóa", "toán", "quý", "quỷ", "khuỷu", "thúy", "hoàn", "xoay", "huỳnh"]
)
def test_the_right_place_of_the_tone_mark_passes(word: str) -> None:
    assert _kinds("Word.", f"Từ {word}.") == []


def test_decomposed_letters_are_found_and_still_compared_as_letters() -> None:
    decomposed = unicodedata.normalize("NFD", "Đạo hàm.")
    assert _kinds("The derivative.", decomposed) == ["not_nfc"]


def test_broken_markup_is_found() -> None:
    assert _kinds("See :ref:`page-a`.", "Xem :ref:`page-b`.") == ["markup", "markup"]


def test_fuzzy_and_obsolete_messages_are_found(tmp_path: Path) -> None:
    path = tmp_path / "page.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#, fuzzy\nmsgid "One."\nmsgstr "Một."\n\n'
        '#~ msgid "Old."\n#~ msgstr "Cũ."\n',
        encoding="utf-8",
    )
    problems = check_catalogue(read_catalogue(path), "vi", GLOSSARY)
    assert [(problem.line, problem.kind) for problem in problems] == [(5, "fuzzy"), (9, "obsolete")]


@pytest.mark.parametrize(
    ("source", "translation", "kinds"),
    [
        ("Search", "Tìm kiếm", []),
        ("Search", "", ["untranslated"]),
        ("Logo of %s", "Biểu trưng", ["markup"]),
        ("Search %(title)s", "Tìm %(titel)s", ["markup"]),
        ('<a href="%(path)s">Copyright</a>', '<a href="%(path)s">Bản quyền</a>', []),
        ("Copyright", "<script>Bản quyền</script>", ["markup"]),
        ("%b %d, %Y", "%d/%m/%Y", []),
        ("%s of all", "%s (100 %) trong tất cả", ["markup"]),
        ("%s of all", "%s (100 %%) trong tất cả", []),
    ],
)
def test_the_interface_has_to_be_translated_and_keep_its_placeholders(
    source: str, translation: str, kinds: list[str]
) -> None:
    assert _kinds(source, translation, interface=True) == kinds


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('msgid "One."\nmsgstr "Một."\nmsgid "Two\nmsgstr "Hai"\n', 3),
        ('msgid "One."\nmsgstr "Một."\n\nmsgid "Say "yes"."\nmsgstr ""\n', 4),
        ('msgid "One."\nmsgstr "Một."\nmsgidd "Two"\n', 3),
        ('msgstr "Một."\n', 1),
        ('msgid "One."\nmsgstr "Một."\n\nmsgid "One."\nmsgstr "Một lần nữa."\n', 4),
        ("<<<<<<< HEAD\n", 1),
    ],
)
def test_a_syntax_error_names_the_file_and_the_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "page.po"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"page\.po:{line}: ") as caught:
        read_catalogue(path)
    assert "\n" not in str(caught.value)


def test_a_catalogue_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.po"
    path.write_bytes('msgid "One."\nmsgstr "Một lần ầ"\n'.encode("utf-16"))
    with pytest.raises(ValueError, match=r"page\.po: not UTF-8"):
        read_catalogue(path)


@pytest.mark.parametrize(
    "translation", ['Tìm "onfocus="alert(1)', "Tìm <img src=x onerror=alert(1)", "Tìm &lt;"]
)
def test_a_word_of_the_interface_that_would_break_a_template_is_found(translation: str) -> None:
    assert _kinds("Search", translation, interface=True) == ["markup"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Content-Type: text/plain; charset=UTF-7", "charset=utf-7"),
        ("Plural-Forms: nplurals=1; plural=__import__('os').getpid();", "Plural-Forms"),
    ],
)
def test_a_header_that_would_be_read_in_another_way_is_refused(
    tmp_path: Path, header: str, said: str
) -> None:
    path = tmp_path / "page.po"
    path.write_text(f'msgid ""\nmsgstr "{header}\\n"\n\nmsgid "One."\nmsgstr "+ADw-b+AD4-"\n')
    with pytest.raises(ValueError, match=r"page\.po:1: the header") as caught:
        read_catalogue(path)
    assert said in str(caught.value)
