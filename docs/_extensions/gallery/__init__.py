"""The gallery's pages: what sphinx-gallery wrote becomes a page of this site, in the reader's language.

Config values:
    provenance_dates: the last commit's date of every script; set here, so that a new date makes the pages anew.
    provenance_notebooks: the notebook that each page goes back to, by the page's name; likewise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.gallery import (
    announced_outputs,
    answers,
    boilerplate,
    captured_html,
    figure_place,
    notebook_notes,
    provenance,
    quiet_cells,
    recorded_numbers,
    translated_figures,
    weights_note,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register directives, nodes, transforms and handlers of the pages, in the order in which a page meets them."""
    app.add_transform(boilerplate.GalleryBoilerplate)
    _setup_answers(app)
    _setup_captured_html(app)

    app.add_node(weights_note.weights_note)
    app.add_directive("weights-note", weights_note.WeightsNote)
    app.add_transform(weights_note.FillWeightsNotes)

    app.add_directive("recorded-numbers", recorded_numbers.RecordedNumbers)

    group = (announced_outputs.visit_output_group, announced_outputs.depart_output_group)
    app.add_node(announced_outputs.output_group, html=group)
    app.add_post_transform(announced_outputs.AnnounceOutputs)
    _setup_figures(app)
    _setup_quiet_cells(app)
    note = (notebook_notes.visit_folded_note_html, quiet_cells.depart_details_html)
    app.add_node(notebook_notes.folded_note, html=note)
    app.connect("builder-inited", _fold_on_the_site)

    app.add_config_value("provenance_dates", {}, "html", types=(dict,))
    app.add_config_value("provenance_notebooks", {}, "html", types=(dict,))
    app.connect("config-inited", provenance.on_config_inited)
    app.connect("doctree-read", provenance.on_doctree_read)
    app.connect("html-page-context", provenance.on_html_page_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _setup_answers(app: Sphinx) -> None:
    html = (answers.visit_answer_html, quiet_cells.depart_details_html)
    plain = (answers.show_content, answers.show_content)
    app.add_node(answers.answer, html=html, latex=plain, text=plain, man=plain)
    app.add_directive("answer-begin", answers.AnswerBegin)
    app.add_directive("answer-end", answers.AnswerEnd)
    app.add_transform(answers.FoldAnswers)


def _setup_figures(app: Sphinx) -> None:
    skip = (translated_figures.skip, None)
    app.add_node(translated_figures.figure_words, latex=skip, text=skip, man=skip)
    app.add_directive("figure-words", translated_figures.FigureWords)
    app.add_post_transform(translated_figures.TakeFigureWords)
    app.connect("doctree-resolved", figure_place.on_doctree_resolved)


def _fold_on_the_site(app: Sphinx) -> None:
    """A book shows everything; what folds, folds on the site only."""
    if app.builder.name != "epub":
        app.add_post_transform(quiet_cells.FoldCells)
        app.add_post_transform(notebook_notes.FoldNotes)


def _setup_quiet_cells(app: Sphinx) -> None:
    close = quiet_cells.depart_details_html
    app.add_node(
        quiet_cells.checked_code,
        html=(quiet_cells.visit_checked_code_html, quiet_cells.depart_checked_code_html),
    )
    app.add_node(quiet_cells.folded_checks, html=(quiet_cells.visit_folded_checks_html, close))
    app.add_node(quiet_cells.folded_drawing, html=(quiet_cells.visit_folded_drawing_html, close))


def _setup_captured_html(app: Sphinx) -> None:
    html = (captured_html.visit_captured_html, None)
    plain = (captured_html.skip, None)
    app.add_node(captured_html.captured_html, html=html, latex=plain, text=plain, man=plain)
    app.add_transform(captured_html.TakeCapturedHtml)
    app.connect("config-inited", captured_html.on_config_inited)
    app.connect("html-page-context", captured_html.on_html_page_context)
