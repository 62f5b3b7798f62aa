"""What we use of Sphinx although Sphinx does not document it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import sphinx.application
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.directives.other import TocTree
from sphinx.domains.std import Glossary
from sphinx.locale import admonitionlabels
from sphinx.search import IndexBuilder, SearchLanguage, js_index
from sphinx.testing.util import SphinxTestApp
from sphinx.transforms.i18n import Locale
from sphinx.transforms.post_transforms import ReferencesResolver
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx.util import docfields
from sphinx.util.nodes import extract_messages
from upstream_list import upstream

from _extensions.path.learning_path import LearningPath
from _extensions.reference.field_dashes import HYPHENS
from _extensions.search.index import UNREAD
from _extensions.stages import PostStage
from sitebuild.interface_messages import interface_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SPHINX = Path(sphinx.__file__).parent
STATIC = SPHINX / "themes" / "basic" / "static"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def script(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class Site(SphinxTestApp):
    """The smallest site, and what a build of it has shown."""

    contexts: ClassVar[dict[str, dict[str, Any]]] = {}
    read: ClassVar[list[str]] = []


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    source = tmp_path_factory.mktemp("site") / "source"
    source.mkdir()
    (source / "conf.py").write_text("language = 'en'\n", encoding="utf-8")
    text = "One\n===\n\n.. glossary::\n\n   leaf\n      A tensor.\n\n.. math:: x\n   :label: one\n"
    (source / "index.rst").write_text(text, encoding="utf-8")
    made = Site(srcdir=source, builddir=source.parent / "build")

    def on_page(
        _app: Sphinx, name: str, _template: str, context: dict[str, Any], _: object
    ) -> None:
        made.contexts[name] = context

    made.connect("html-page-context", on_page)
    made.connect("doctree-read", lambda app, _: made.read.append(app.env.current_document.docname))
    made.build()
    yield made
    made.cleanup()


@upstream("sphinx.transforms.i18n.Locale.default_priority")
def test_pages_are_translated_early_enough_for_the_steps_after_it() -> None:
    assert 15 < Locale.default_priority < 400


@upstream("sphinx.transforms.post_transforms.ReferencesResolver.default_priority")
def test_links_are_resolved_at_a_known_step_before_code_has_its_language() -> None:
    assert ReferencesResolver.default_priority > PostStage.FILL_INDEX
    assert ReferencesResolver.default_priority < HighlightLanguageTransform.default_priority


@upstream("sphinx.transforms.post_transforms.code.HighlightLanguageTransform.default_priority")
def test_code_has_its_language_at_a_known_step() -> None:
    assert isinstance(HighlightLanguageTransform.default_priority, int)


@upstream("sphinx.util.nodes.extract_messages")
def test_messages_come_with_their_nodes() -> None:
    document = new_document("page", get_default_settings())
    paragraph = nodes.paragraph("A word.", "A word.")
    paragraph.source, paragraph.line = "page", 1
    document += paragraph
    assert list(extract_messages(document)) == [(paragraph, "A word.")]


@upstream("a node is no message where it says translatable=False")
def test_a_node_that_is_not_translatable_has_no_message() -> None:
    document = new_document("page", get_default_settings())
    paragraph = nodes.paragraph("A word.", "A word.", translatable=False)
    paragraph.source, paragraph.line = "page", 1
    document += paragraph
    assert list(extract_messages(document)) == []


@upstream("sphinx.domains.std.Glossary")
def test_the_directive_of_glossaries_reads_its_content_line_by_line() -> None:
    source = inspect.getsource(Glossary.run)
    assert "self.content" in source
    assert "self.content.items" in source


@upstream("sphinx.domains.std.StandardDomain.note_object")
def test_a_term_can_be_noted_by_another_wording(app: Site) -> None:
    domain = app.env.domains.standard_domain
    domain.note_object("term", "leaves", "term-leaf", location=None)
    assert ("term", "leaves") in domain.objects


@upstream("the environment's domains.standard_domain and current_document.docname")
def test_the_environment_knows_the_page_that_is_read_and_the_standard_domain(app: Site) -> None:
    assert app.read == ["index"]
    assert app.env.domains.standard_domain.name == "std"


@upstream("attributes of addnodes.toctree")
def test_our_table_of_contents_has_the_attributes_that_the_directive_sets() -> None:
    sphinx_s = set(re.findall(r"subnode\['(\w+)'\]", inspect.getsource(TocTree.run)))
    ours = set(re.findall(r"(\w+)=", inspect.getsource(LearningPath.run).partition("toctree(")[2]))
    assert sphinx_s
    assert sphinx_s - ours == set()
    assert "rawentries" in inspect.getsource(addnodes.toctree)


@upstream("two hyphens between a field's name and its text")
def test_a_field_s_name_and_text_are_joined_by_two_hyphens() -> None:
    assert f"Text({HYPHENS!r})" in inspect.getsource(docfields)


@upstream("sphinx.locale.admonitionlabels")
def test_every_kind_of_note_that_docutils_knows_has_a_title() -> None:
    kinds = {
        "attention",
        "caution",
        "danger",
        "error",
        "hint",
        "important",
        "note",
        "tip",
        "warning",
    }
    assert kinds - admonitionlabels.keys() == set()


@upstream("the interface's catalogue is loaded before any extension")
def test_the_interface_s_catalogue_is_loaded_before_the_extensions() -> None:
    start = inspect.getsource(sphinx.application.Sphinx.__init__)
    assert start.index("self._init_i18n()") < start.index("self.setup_extension(")
    assert "write_mo" in inspect.getsource(sphinx.application.Sphinx._init_i18n)


@upstream("sphinx.util.math.get_node_equation_number")
def test_an_equation_has_its_number(app: Site) -> None:
    from sphinx.util.math import get_node_equation_number  # noqa: PLC0415  # what is asked for

    document = app.env.get_and_resolve_doctree("index", app.builder, tags=app.tags)
    (equation,) = document.findall(nodes.math_block)
    writer: Any = SimpleNamespace(builder=app.builder, config=app.config)
    assert str(get_node_equation_number(writer, equation)) == "1"


@upstream("sphinx.writers.html5.HTML5Translator.add_permalink_ref")
def test_a_permanent_link_is_made_of_a_node_and_a_title() -> None:
    from sphinx.writers.html5 import HTML5Translator  # noqa: PLC0415  # what is asked for

    assert [*inspect.signature(HTML5Translator.add_permalink_ref).parameters] == [
        "self",
        "node",
        "title",
    ]


@upstream("the templates' value metatags")
def test_a_page_has_its_head_s_tags_in_a_value(app: Site) -> None:
    assert isinstance(app.contexts["index"]["metatags"], str)


@upstream("the name of the file .buildinfo")
def test_the_record_of_a_build_is_named_as_we_leave_it_out(app: Site) -> None:
    hidden = {path.name for path in Path(app.outdir).iterdir() if path.name.startswith(".")}
    assert hidden <= {".buildinfo", ".doctrees"}
    assert ".buildinfo" in hidden


@upstream("sphinx.js beside sphinx.po")
def test_the_words_of_scripts_are_looked_for_beside_the_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "sphinx.js").touch()
    config = SimpleNamespace(language="vi", locale_dirs=[str(tmp_path / "locale")])
    builder: Any = SimpleNamespace(config=config, srcdir=tmp_path)
    assert StandaloneHTMLBuilder._get_translations_js(builder) == folder / "sphinx.js"


@upstream(
    "doctools.js: Documentation.LOCALE, Documentation.TRANSLATIONS, Documentation.PLURAL_EXPR"
)
def test_the_theme_s_script_translates_by_the_three_values() -> None:
    text = script("doctools.js")
    for words in ("LOCALE: ", "TRANSLATIONS: ", "PLURAL_EXPR: ", "Documentation.PLURAL_EXPR(n)"):
        assert words in text


@upstream("files that say words to readers")
def test_every_file_that_we_look_into_for_words_is_there_and_says_some() -> None:
    messages = {
        entry.msgid for entry in interface_messages(DOCS)
    }  # refuses a pattern without a file
    for word in (
        "Search",
        "Previous",
        "Parameters",
        "Toggle table of contents sidebar",
        "Searching",
    ):
        assert word in messages, word


@upstream("sphinx.search.IndexBuilder")
def test_the_index_s_builder_knows_the_class_of_a_language(app: Site) -> None:
    assert isinstance(IndexBuilder(app.env, "en", {}, "").lang, SearchLanguage)


@upstream("sphinx.search.js_index")
def test_the_index_that_is_written_can_be_read_and_written(app: Site) -> None:
    text = Path(app.outdir, "searchindex.js").read_text(encoding="utf-8")
    assert js_index.dumps(js_index.loads(text)) == text


@upstream("keys of searchindex.js")
def test_the_index_has_what_we_leave_out_and_what_we_read(app: Site) -> None:
    index = js_index.loads(Path(app.outdir, "searchindex.js").read_text(encoding="utf-8"))
    assert {*UNREAD, "docnames", "titles"} - index.keys() == set()


@upstream(
    "searchtools.js: Search.query, Search._index, Search.output, _finishSearch, splitQuery, stopwords, Stemmer"
)
def test_the_search_s_script_asks_our_query_and_has_what_it_uses() -> None:
    text = script("searchtools.js")
    for words in (
        *("_index: null", "query: (query) =>", "Search.query(query)", "Search.output = "),
        *("const _finishSearch = (resultCount) =>", "var splitQuery = (query) =>", "new Stemmer()"),
    ):
        assert words in text, words
    # Ours comes with the language's data: it can replace the query, and finds the stop words.
    data = script("language_data.js.jinja")
    assert "const stopwords = new Set(" in data
    assert "search_scorer_tool" in data


@upstream(
    "documentation_options.js: DOCUMENTATION_OPTIONS.LINK_SUFFIX, DOCUMENTATION_OPTIONS.FILE_SUFFIX, "
    "data-content_root"
)
def test_scripts_are_told_how_pages_are_named() -> None:
    text = script("documentation_options.js.jinja")
    assert "FILE_SUFFIX: " in text
    assert "LINK_SUFFIX: " in text
    assert "dataset.content_root" in script("searchtools.js")


@upstream("sphinx_highlight.js: the key sphinx_highlight_terms")
def test_the_words_to_mark_are_left_under_the_same_key() -> None:
    assert 'getItem("sphinx_highlight_terms")' in script("sphinx_highlight.js")


@upstream("sphinx.builders.epub3.Epub3Builder.guide_titles")
def test_a_book_s_parts_are_named_by_two_keys() -> None:
    assert Epub3Builder.guide_titles.keys() == {"toc", "cover"}


@upstream("sphinx.builders.epub3.Epub3Builder.media_types")
def test_a_book_s_kinds_of_files_are_listed_by_their_endings() -> None:
    assert Epub3Builder.media_types[".svg"] == "image/svg+xml"


@upstream("the templates' value html_tag")
def test_a_chapter_s_first_tag_is_a_value_that_begins_as_we_expect() -> None:
    assert Epub3Builder.html_tag.startswith("<html ")
    assert "globalcontext['html_tag']" in inspect.getsource(Epub3Builder)
