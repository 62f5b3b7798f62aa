"""A message is taken apart into words and what a translation may not change."""

from __future__ import annotations

import pytest

from _extensions.translation.message_markup import (
    has_prose,
    markup_differences,
    may_stay,
    read_markup,
)


@pytest.mark.parametrize(
    "message",
    [
        ":func:`torch.autograd.grad`",
        ":doc:`/gallery/first/plot_square`",
        "{py:func}`torch.ones`, {ref}`page-square`",
        ":math:`x^2 + y`",
        "$f(x)$ = $2x$",
        "``loss.backward()``",
        "`w.grad`",
        "3.14 + 2",
        "<https://example.org/page>",
        "|release|",
    ],
)
def test_roles_literals_formulas_and_numbers_are_no_prose(message: str) -> None:
    assert not has_prose(message)


@pytest.mark.parametrize(
    "message",
    [
        "Read :func:`torch.autograd.grad`.",
        ":term:`leaf tensor`",
        "{term}`leaf tensors <leaf tensor>`",
        ":ref:`the page <page-square>`",
        "`Sphinx <https://example.org>`_",
        "[the page](page.md)",
        "**x**",
        "ý",
    ],
)
def test_whatever_a_reader_sees_as_words_is_prose(message: str) -> None:
    assert has_prose(message)


def test_the_shown_text_of_a_link_is_prose_and_its_target_is_not() -> None:
    prose = read_markup("See :term:`two leaves <leaf>` and [here](tensor.md) and `x`.").prose
    assert prose == "See two leaves and here and ."


def test_a_role_inside_code_is_code() -> None:
    found = read_markup("Write `` :term:`leaf` `` or ``{term}`leaf` `` for {term}`leaf`.")
    assert list(found.references) == [("MyST role", "term", "leaf")]
    assert found.literals == {":term:`leaf`", "{term}`leaf`"}


@pytest.mark.parametrize(
    ("message", "references", "literals", "prose"),
    [
        ("``:ref:`x```", [], {":ref:`x`"}, ""),
        ("``:ref:`x``` and ``y``", [], {":ref:`x`", "y"}, "and"),
        ("`:ref:` and `x`", [], {":ref:", "x"}, "and"),
        ("`{ref}` and `x`", [], {"{ref}", "x"}, "and"),
        ("`:math:` or :ref:`x`", [("reST role", "ref", "x")], {":math:"}, "or"),
        ("{code}``a `b` c``, then", [("MyST role", "code", "a `b` c")], set(), ", then"),
        ("``a ``` b`` c", [], {"a ``` b"}, "c"),
        (
            ":ref:`page-a`, ``b``, `c <https://d.org>`_",
            [("reST role", "ref", "page-a"), ("link", "", "https://d.org")],
            {"b"},
            ", , c",
        ),
    ],
)
def test_what_begins_first_is_what_it_is(
    message: str, references: list[tuple[str, str, str]], literals: set[str], prose: str
) -> None:
    found = read_markup(message)
    assert list(found.references) == references
    assert found.literals == literals
    assert found.prose == prose


@pytest.mark.parametrize(
    ("message", "stays"),
    [
        ("PyTorch", True),
        ("PyTorch, NumPy", True),
        ("Gradients", True),
        ("PyTorch and NumPy", False),
        ("Ungradient", False),
    ],
)
def test_a_message_of_names_alone_may_stay(message: str, stays: bool) -> None:
    assert may_stay(message, ["PyTorch", "NumPy", "gradient", "gradients"]) is stays


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("A :term:`Leaf` of ``w``.", "Một :term:`nút lá <leaf>` của ``w``."),
        ("{ref}`page-a`, then $x$", "$x$ rồi {ref}`page-a`, lại $x$"),
        (r":math:`y \text{ if } x`", r":math:`y \text{ nếu } x`"),
        ("**Two** of *them*, 2 * 3 * 4.", "*Hai* trong **số** đó, 2 * 3 * 4."),
        ("`Sphinx <https://example.org>`_", "`tài liệu Sphinx <https://example.org>`_"),
    ],
)
def test_a_translation_that_keeps_the_markup_differs_in_nothing(
    source: str, translation: str
) -> None:
    assert markup_differences(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        ("A :term:`leaf`.", "Một nút lá.", "lacks the reST role “term” to “leaf”"),
        ("A :term:`leaf`.", "Một :term:`nút lá <lef>`.", "adds the reST role “term” to “lef”"),
        ("A :term:`leaf`.", "Một {term}`nút lá <leaf>`.", "adds the MyST role “term” to “leaf”"),
        ("Call ``backward()``.", "Gọi ``backward``.", "adds the literal “backward”"),
        ("It is $2x$.", "Đó là $2 x$.", "adds the formula “2 x”"),
        ("[a](x.md)", "[a](y.md)", "lacks the link to “x.md”"),
        ("See <https://a.org>.", "Xem.", "lacks the link to “https://a.org”"),
        ("A **b**.", "A b.", "has 0 pieces of strong text where the English has 1"),
        ("A *b*.", "A *b.", "has 0 pieces of emphasis text where the English has 1"),
        ("Text.", "Chữ <script>alert(1)</script>.", "adds the HTML tag to “<script>”"),
    ],
)
def test_lost_or_added_markup_is_named(source: str, translation: str, said: str) -> None:
    assert said in markup_differences(source, translation)
