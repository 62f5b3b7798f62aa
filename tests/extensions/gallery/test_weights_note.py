"""The note about weights says, in the reader's language, what the page's own run printed."""

from __future__ import annotations

import docutils.utils
import pytest
from docutils import frontend, nodes
from minimal_site import Built, MinimalSite

from _extensions.gallery.weights_note import RecordedStart, fill, recorded_start, weights_note
from autograd_vi import Start

PRETRAINED = Start("ResNet18_Weights.IMAGENET1K_V1", None)
RANDOM = Start(None, 3, reason="URLError: no network")


def output(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language="none")


def page(*children: nodes.Node) -> nodes.document:
    new = docutils.utils.new_document("page", frontend.get_default_settings())
    section = nodes.section()
    section += list(children)
    new += section
    return new


def _parts(tree: nodes.document) -> list[nodes.Node]:
    """Return what the page's section holds."""
    return next(tree.findall(nodes.section)).children


def test_what_the_package_prints_is_what_the_note_reads() -> None:
    assert recorded_start(f"start = {PRETRAINED}") == RecordedStart(PRETRAINED.weights, None)
    assert recorded_start(f"start = {RANDOM}") == RecordedStart(None, "3")
    assert recorded_start("loss = 3.0\nStart here") is None


def test_the_note_stands_where_the_directive_stood_and_names_the_weights() -> None:
    tree = page(output(f"start = {PRETRAINED}"), weights_note(), output("loss = 1"))
    assert fill(tree) == []
    _, note, _ = _parts(tree)
    assert isinstance(note, nodes.note)
    assert [code.astext() for code in note.findall(nodes.literal)] == [PRETRAINED.weights]


def test_a_random_start_is_called_one_with_its_seed() -> None:
    tree = page(output(f"start = {RANDOM}"), weights_note())
    fill(tree)
    note = _parts(tree)[1].astext()
    assert "random start with seed 3" in note
    assert "ResNet18_Weights" not in note


def test_the_last_start_before_the_note_counts() -> None:
    tree = page(
        output(f"{PRETRAINED}"), output(f"{RANDOM}"), weights_note(), output(f"{PRETRAINED}")
    )
    fill(tree)
    assert "seed 3" in _parts(tree)[2].astext()


@pytest.mark.parametrize(
    "before",
    [
        (),
        (nodes.literal_block("", f"{PRETRAINED}", language="Python"),),  # code, not its output
        (nodes.paragraph("", f"{PRETRAINED}"),),
    ],
)
def test_a_note_that_no_output_supports_is_returned(before: tuple[nodes.Node, ...]) -> None:
    tree = page(*before, weights_note(), output(f"{RANDOM}"))
    assert len(fill(tree)) == 1


CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "The outputs on this page come from the pretrained weights ``%(weights)s``."
msgstr "Kết quả đến từ ``%(weights)s``, đã huấn luyện sẵn."
"""


TITLE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "The start"
msgstr "Điểm xuất phát"
"""


def build(site: MinimalSite, language: str, *lines: str, builder: str = "html") -> Built:
    (site.docs / "weights.rst").write_text(
        "\n".join(
            [":orphan:", "", "The start", "=========", "", *lines, "", ".. weights-note::", ""]
        )
    )
    catalogues = site.docs / "locale/vi/LC_MESSAGES"
    (catalogues / "sphinx.po").write_text(CATALOGUE, encoding="utf-8")
    (catalogues / "weights.po").write_text(TITLE, encoding="utf-8")
    return site.build(
        language,
        builder,
        extensions=[
            "myst_parser",
            "_extensions.glossary",
            "_extensions.gallery",
        ],
        locale_dirs=[str(site.docs / "locale")],
    )


OUTPUT = (".. code-block:: none", "", f"   start = {PRETRAINED}")


def test_the_note_speaks_the_reader_s_language(minimal_site: MinimalSite) -> None:
    english = build(minimal_site, "en", *OUTPUT)
    assert "come from the pretrained weights <code" in english.page("weights")
    vietnamese = build(minimal_site, "vi", *OUTPUT)
    assert "Kết quả đến từ <code" in vietnamese.page("weights")
    assert "đã huấn luyện sẵn." in vietnamese.page("weights")
    assert [line for line in vietnamese.warnings if "weights.rst" in line] == []


def test_the_note_is_no_message_of_the_page(minimal_site: MinimalSite) -> None:
    built = build(minimal_site, "en", *OUTPUT, builder="gettext")
    assert "pretrained" not in (built.out / "weights.pot").read_text(encoding="utf-8")


def test_a_note_without_an_output_is_a_warning_with_its_place(minimal_site: MinimalSite) -> None:
    built = build(minimal_site, "en", "Nothing printed.")
    (warning,) = [line for line in built.warnings if "weights-note" in line]
    assert "weights.rst:8" in warning
    assert "load_resnet18" in warning
