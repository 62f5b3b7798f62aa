"""What we use of the writers of Markdown, catalogues and MathML although they do not document it."""

import inspect
from pathlib import Path

import docutils.utils
import polib
import sphinx_intl.basic
from docutils import frontend, nodes
from math_core import LatexToMathML
from sphinx_markdown_builder.contexts import SubContext
from sphinx_markdown_builder.translator import MarkdownTranslator
from upstream_list import upstream

from _extensions.downloads.markdown import _BUILDER, render
from _extensions.formulas import mathml


@upstream(
    "MarkdownTranslator._push_context, ._ctx_queue, .status.escape_text and the settings that it asks for"
)
def test_the_translator_of_markdown_takes_what_we_push_and_asks_for_no_more_settings() -> None:
    document = docutils.utils.new_document("page", frontend.get_default_settings())
    translator = MarkdownTranslator(document, _BUILDER)
    assert translator.status.escape_text is True
    inner = SubContext()
    translator._push_context(inner)
    translator.add("text")
    assert translator._ctx_queue.pop() is inner
    assert inner.make() == "text"
    page = nodes.paragraph(
        "", "", nodes.Text("a "), nodes.emphasis("", "đ"), nodes.Text(" $ "), nodes.literal("", "c")
    )
    items = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "one")))
    assert render([page, items], lambda _: None) == "a *đ* \\$ `c`\n\n- one"


@upstream("sphinx_intl.basic.update")
def test_a_new_message_comes_into_the_catalogue_and_a_gone_one_goes(tmp_path: Path) -> None:
    parameters = inspect.signature(sphinx_intl.basic.update).parameters
    assert [*parameters][:4] == ["locale_dir", "pot_dir", "languages", "line_width"]
    assert {"ignore_obsolete", "jobs"} <= parameters.keys()
    template = polib.POFile()
    template.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    template.append(polib.POEntry(msgid="New."))
    (tmp_path / "pot").mkdir()
    template.save(str(tmp_path / "pot" / "page.pot"))
    catalogue = tmp_path / "locale" / "vi" / "LC_MESSAGES" / "page.po"
    catalogue.parent.mkdir(parents=True)
    old = polib.POFile()
    old.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    old.append(polib.POEntry(msgid="A sentence that is gone.", msgstr="Câu cũ."))
    old.save(str(catalogue))
    sphinx_intl.basic.update(
        str(tmp_path / "locale"), str(tmp_path / "pot"), ("vi",), 0, ignore_obsolete=True, jobs=1
    )
    assert [entry.msgid for entry in polib.pofile(str(catalogue))] == ["New."]


@upstream("the form of primes, of sized brackets and of named characters")
def test_formulas_have_the_forms_that_we_mend() -> None:
    def convert(latex: str) -> str:
        return LatexToMathML(fancy_error=False).convert_with_local_state(latex, displaystyle=False)

    assert mathml._PRIME.search(convert("f'")), "a prime"
    assert mathml._SIZED_BASE.search(convert(r"\bigl(x\bigr)^2")), "a sized bracket with a power"
    assert mathml._ENTITY.search(convert(r"\operatorname{vec} x")), "a named character"
