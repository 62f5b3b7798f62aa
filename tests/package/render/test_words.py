"""Words by key: another language reaches every one of them, and nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from package.render.graphs import stack_graph, toy

import autograd_vi as av
from autograd_vi.render.words import (
    WORDS,
    escape,
    fill,
    strip_assets,
    text_word,
    translate_html,
    word,
)


def _marked(_: str, english: str) -> str:
    return f"⟦{english}⟧"


def _places(_: str, english: str) -> str:
    return " ".join(re.findall(r"\{\w+\}", english))


def _stepper() -> str:
    output, params = toy()
    return strip_assets(av.replay(output, params=params)._repr_html_())


def _captured() -> list[str]:
    leaf = torch.rand(9, 9, requires_grad=True)
    unnamed = av.replay([(leaf * 2).sum(), leaf.exp().mean()])
    return [
        _stepper(),
        strip_assets(stack_graph(12)._repr_html_()),
        strip_assets(unnamed._repr_html_()),
    ]


def test_the_same_words_give_the_same_bytes() -> None:
    for captured in _captured():
        assert translate_html(captured, lambda _, english: english) == captured


def test_another_language_reaches_every_word() -> None:
    for captured in _captured():
        translated = translate_html(captured, _marked)
        root = ET.fromstring(f"<div>{translated}</div>")
        for element in root.iter():
            tag = element.tag.rpartition("}")[2]
            for name in ("title", "aria-label"):
                if name in element.attrib:
                    assert element.attrib[name].startswith("⟦")
            if tag in {"title", "desc", "summary", "button", "th", "caption"}:
                text = "".join(element.itertext())
                assert not text or text.startswith("⟦") or element.find(".//code") is not None
            if "data-av-word" in element.attrib:
                assert "".join(element.itertext()).startswith("⟦")
            if tag == "p":
                assert "⟦" in "".join(element.itertext()) or element.find("code") is not None


def test_no_letters_stand_outside_keys_codes_names_and_formulas() -> None:
    for captured in _captured():
        translated = translate_html(captured, _places)
        rest = re.sub(r"<(code|pre|math|text|title)\b.*?</\1>", "", translated, flags=re.DOTALL)
        assert not re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", rest))


def test_the_values_of_a_sentence_may_change_places() -> None:
    english = word("step.accumulates", name="<code>x</code>", before="1", after="2")
    turned = translate_html(english, lambda *_: "{after} ← {before}: {name} & more")
    assert re.sub(r"<[^>]*>", "", turned) == "2 ← 1: x &amp; more"
    assert "<code>x</code>" in turned


def test_words_inside_values_are_translated_too() -> None:
    english = word("step.enters", value=word("step.nothing"))
    assert re.sub(r"<[^>]*>", "", translate_html(english, _marked)) == (
        "⟦enters: ⟦nothing (None)⟧⟧"
    )


def test_plain_text_words_take_their_values_from_the_attribute() -> None:
    english = text_word("graph.title", "title", n="7", m='"6"')
    assert translate_html(english, lambda *_: "{m} < {n}").endswith(">&quot;6&quot; &lt; 7</title>")


@pytest.mark.parametrize("wrong", ["no place", "{value} {other}"])
def test_a_translation_with_other_places_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"step\.enters"):
        translate_html(word("step.enters", value="1"), lambda *_: wrong)


@pytest.mark.parametrize("key", WORDS)
def test_a_translation_is_text_and_never_markup(key: str) -> None:
    places = "".join(f"{{{name}}}" for name in re.findall(r"\{(\w+)\}", WORDS[key]))
    slots = dict.fromkeys(re.findall(r"\{(\w+)\}", WORDS[key]), "1")
    turned = translate_html(word(key, **slots), lambda *_: f"<script>alert(1)</script>{places}")
    assert "<script" not in turned


def test_the_assets_can_be_dropped() -> None:
    output, params = toy()
    captured = av.replay(output, params=params)._repr_html_()
    assert "<script>" in captured
    assert "<style>" in captured
    data = strip_assets(captured)
    assert "<script" not in data
    assert "<style" not in data
    assert captured.startswith(data)


@settings(deadline=None)
@given(st.text())
def test_escaped_text_comes_back_from_xml(text: str) -> None:
    parsed = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    kept = "".join(c if c in "\t\n\r" or c >= " " else "\ufffd" for c in text)
    kept = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", kept)
    assert (parsed.text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{n}", {})
