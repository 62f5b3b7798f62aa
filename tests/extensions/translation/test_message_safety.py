"""A translation that would make the build do something is told from one that says something."""

from __future__ import annotations

import pytest

from _extensions.translation.message_safety import breaking_characters, dangers

SOURCE = "See :ref:`page-a` and `b`: two."


@pytest.mark.parametrize(
    "translation",
    [
        "Xem :ref:`trang a <page-a>` và `b`: hai.",
        "Hai… chấm :: và ba.",
        "Tỉ số 1:2... và thế là hết.",
        "(xem `b`:)",
        "a < b > c",
    ],
)
def test_words_are_no_danger(translation: str) -> None:
    assert list(dangers(SOURCE, translation)) == []


@pytest.mark.parametrize(
    "translation",
    [
        ".. include:: /etc/passwd",
        "Xem.\n\n.. raw:: html\n   :url: http://127.0.0.1/",
        "- .. include:: /etc/passwd",
        "+---+\n| .. include:: /etc/passwd |\n+---+",
        ".. |x| include:: /etc/passwd",
        "..  automodule :: antigravity",
        "..\tinclude:: /etc/passwd",
        "```{include} /etc/passwd\n```",
        "> - ~~~ {literalinclude} /etc/passwd\n~~~",
        ":::{eval-rst}\n.. x\n:::",
    ],
)
def test_directives_are_found_wherever_they_hide(translation: str) -> None:
    assert "holds a directive, which the English does not" in list(dangers(SOURCE, translation))


@pytest.mark.parametrize(
    "translation",
    [
        ":download:`/etc/passwd`",
        "`/etc/passwd`:download:",
        "{download}`/etc/passwd`",
        "{download}``/etc/passwd``",
    ],
)
def test_a_role_that_the_english_does_not_call_is_found(translation: str) -> None:
    assert list(dangers(SOURCE, translation)) == [
        "calls the role “download”, which the English does not"
    ]


def test_settings_at_the_head_are_found() -> None:
    assert list(dangers("One.", "---\nfile_format: mystnb\n---\nMột.")) == [
        "holds a block of settings, which the English does not"
    ]


def test_what_the_english_does_itself_is_no_danger() -> None:
    source = "```{note}\nOne.\n```\n\n.. note:: Two."
    assert list(dangers(source, source.replace("One", "Một"))) == []


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("Chép mã", []),
        ('Chép " onmouseover="alert(1)', ['"']),
        ("Chép <img src=x onerror=alert(1)", ["<"]),
        ("Chép &#34;", ["&"]),
        ("Chép `${alert(1)}`", ["`"]),
    ],
)
def test_a_word_of_the_interface_cannot_end_what_it_is_put_into(
    translation: str, found: list[str]
) -> None:
    assert breaking_characters(["Copy code"], translation) == found


def test_a_word_of_the_interface_keeps_the_characters_of_the_english() -> None:
    assert breaking_characters(['<a href="%(x)s">A</a>'], '<a href="%(x)s">B</a>') == []
