"""Every word that a page says by itself is found, wherever it comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import sphinx
from jinja2 import Environment
from jinja2.nodes import Call, Const, Name

from facts.errors import BuildError
from facts.folders import DOCS
from sitebuild.interface_messages import interface_catalogues, interface_messages

MESSAGE = frozenset({"_", "gettext", "ngettext"})
IN_TEMPLATE_STRING = re.compile(r"`[^`]*\$\{[^}`]*\b(?:_|n?gettext)\(")


def _messages(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that ask for a message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in MESSAGE:
                    yield node


def hidden_in_python(source: str) -> Iterator[int]:
    """Yield the lines of messages that Babel overlooks: inside an f-string, or put together from parts.

    A name may stand there: what it holds is listed elsewhere, as the package's own words are.
    """
    tree = ast.parse(source)
    for formatted in ast.walk(tree):
        if isinstance(formatted, ast.JoinedStr):
            yield from (call.lineno for call in _messages(formatted))
    for call in _messages(tree):
        match call.args[0]:
            case ast.Name() | ast.Constant(value=str()):
                pass
            case _:
                yield call.lineno


def hidden_in_template(source: str) -> Iterator[int]:
    """Yield the lines of a template's messages that are no text as it stands there."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    for call in tree.find_all(Call):
        if isinstance(call.node, Name) and call.node.name in MESSAGE:
            said = call.args[0] if call.args else None
            if not (isinstance(said, Const) and isinstance(said.value, str)):
                yield call.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('label = _("Answer")\nf"<b>{label}</b>"', []),
        ('f"{x}" + _("Answer")', []),
        ('_("%d words") % n', []),
        ("_(english)", []),
        ("x = 1\nf\"<b>{_('Answer')}</b>\"", [2]),
        ("f\"{x:{_('Answer')}}\"", [1]),
        ("f\"{', '.join(self.gettext('leaf') for _ in x)}\"", [1]),
        ('_(f"{n} words")', [1]),
        ('_("Answer" + kind)', [1]),
        ('_("%d words" % n)', [1]),
    ],
)
def test_a_message_that_babel_overlooks_is_found_in_python(source: str, lines: list[int]) -> None:
    assert list(dict.fromkeys(hidden_in_python(source))) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('{{ _("Answer") }}', []),
        ('{{ _("%(n)s words") % {"n": n} }}', []),
        ("{% trans %}Answer{% endtrans %}", []),
        ('\n{{ _("An" ~ "swer") }}', [2]),
        ("{{ _(kind) }}", [1]),
        ('{{ _("%s words" % n) }}', [1]),
    ],
)
def test_a_message_that_babel_overlooks_is_found_in_a_template(
    source: str, lines: list[int]
) -> None:
    assert list(hidden_in_template(source)) == lines


def test_no_extension_hides_a_message_from_babel() -> None:
    modules = sorted((DOCS / "_extensions").rglob("*.py"))
    found = {path: list(hidden_in_python(path.read_text(encoding="utf-8"))) for path in modules}
    advice = "name it before the f-string, with its placeholders in the text: label = _(…)"
    assert modules
    assert {path: lines for path, lines in found.items() if lines} == {}, advice


def test_no_template_builds_a_message() -> None:
    templates = sorted((DOCS / "_templates").rglob("*.html"))
    found = {path: list(hidden_in_template(path.read_text(encoding="utf-8"))) for path in templates}
    assert templates
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_no_script_hides_a_message_in_a_template_string() -> None:
    scripts = [*(DOCS / "_static").rglob("*.js"), *(DOCS / "_extensions").rglob("*.js")]
    assert scripts
    assert [p for p in scripts if IN_TEMPLATE_STRING.search(p.read_text(encoding="utf-8"))] == []
    assert IN_TEMPLATE_STRING.search("`<b>${_('Answer')}</b>`")


def test_the_interface_has_the_words_of_sphinx_furo_our_templates_and_scripts() -> None:
    sources = {
        entry.msgid: {name for name, _ in entry.occurrences} for entry in interface_messages(DOCS)
    }
    assert "sphinx/themes/basic/static/searchtools.js" in sources["Search Results"]
    assert "furo/page.html" in {name.replace("theme/furo/", "") for name in sources["Back to top"]}
    assert "docs/_static/copy_button_words.js" in sources["Copy to clipboard"]


def test_a_file_of_words_that_upstream_has_moved_stops_the_extraction() -> None:
    with pytest.raises(BuildError, match=r"furo has no theme/gone\.html any more.*_SOURCES"):
        interface_messages(DOCS, {"furo": ("theme/furo/page.html", "theme/gone.html")})


def test_every_word_of_our_extensions_reaches_the_interface() -> None:
    said = {
        call.args[0].value
        for path in sorted((DOCS / "_extensions").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_"
        and isinstance(call.args[0], ast.Constant)
    }
    assert "Output" in said
    assert said - {entry.msgid for entry in interface_messages(DOCS)} == set()


def test_the_site_s_own_interface_is_translated_completely() -> None:
    for folder in sorted((DOCS / "locale").glob("*/LC_MESSAGES")):
        for name, entries in interface_catalogues(DOCS).items():
            catalogue = polib.pofile(str(folder / f"{name}.po"))
            translated = {entry.msgid for entry in catalogue.translated_entries()}
            assert {entry.msgid for entry in entries} - translated == set(), folder / name


def test_our_own_words_stand_apart_from_those_that_override_others() -> None:
    catalogues = {
        name: {entry.msgid for entry in entries}
        for name, entries in interface_catalogues(DOCS).items()
    }
    assert "Copy to clipboard" in catalogues["autograd_vi"]
    assert "Back to top" in catalogues["sphinx"]
    assert catalogues["autograd_vi"].isdisjoint(catalogues["sphinx"])


def test_a_word_of_ours_that_sphinx_ships_a_translation_of_overrides_it() -> None:
    """Sphinx looks into its own catalogues before it looks into ours."""
    shipped = Path(sphinx.__file__).parent / "locale" / "sphinx.pot"
    known = {entry.msgid for entry in polib.pofile(str(shipped))}
    ours = {entry.msgid for entry in interface_catalogues(DOCS)["autograd_vi"]}
    assert known
    assert ours.isdisjoint(known)
