"""The learning path: where a page stands in it, what question it opens with, what comes next, and how one begins.

Config values:
    learning_path: the parts of ``curriculum.toml`` (:class:`facts.curriculum.Part`); a change makes the pages anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.path import fill, home, learning_path, openings, places
from facts.curriculum import read_curriculum

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, what is collected from the pages, and what fills in what the path says of them."""
    app.add_config_value(
        "learning_path", lambda _config: read_curriculum(), "html", types=frozenset({tuple})
    )
    app.connect("doctree-read", openings.on_doctree_read)
    app.connect("env-updated", openings.on_env_updated)

    app.add_directive("learning-path", learning_path.LearningPath)
    app.add_directive("route", learning_path.RouteList)
    app.add_directive("begin", home.Begin)
    app.add_directive("part-cards", home.PartCards)
    for marker in (learning_path.page_question, home.begin, home.part_cards):
        app.add_node(marker)
    app.add_node(home.begin_link, html=(home.visit_begin_link, home.depart_begin_link))
    app.add_post_transform(fill.FillPath)

    app.connect("html-page-context", places.on_html_page_context)
    return {
        "version": "1",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
