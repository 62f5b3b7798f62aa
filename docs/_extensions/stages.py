"""When our transforms work on a page, each stage by what it has to come before or after.

Sphinx and docutils order transforms by number. Theirs are read here, so that ours keep their places when those move
(what others have to do beside Sphinx's translation, and how: https://github.com/sphinx-doc/sphinx/issues/11157).
"""

from __future__ import annotations

from enum import IntEnum

from sphinx.transforms.i18n import Locale
from sphinx.transforms.post_transforms import ReferencesResolver
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx_gallery._doctree_links import CodeLinksTransform

_TRANSLATION = Locale.default_priority
_WHOLE_PAGE = 400
"""The page is translated and its references are known; no transform of Sphinx that ours depend on comes later."""


class Stage(IntEnum):
    """The stages while a page is read, in their order."""

    DROP_BOILERPLATE = _TRANSLATION - 15
    """Before messages are extracted or translated, and before targets are resolved."""
    MARK_NAMES = _TRANSLATION - 5
    """While the field "type" is still called so."""
    BEFORE_TRANSLATION = _TRANSLATION - 1
    AFTER_TRANSLATION = _TRANSLATION + 1
    SORT_GLOSSARY = _TRANSLATION + 2
    ADOPT_TRANSLATED_NODES = _TRANSLATION + 3
    TAKE_CAPTURED_HTML = _WHOLE_PAGE
    FILL_NOTES = _WHOLE_PAGE + 90
    FOLD_ANSWERS = _WHOLE_PAGE + 100
    """After the notes, which look for the output before them."""


class PostStage(IntEnum):
    """The stages when a page is written, in their order."""

    TAKE_FIGURE_WORDS = CodeLinksTransform.default_priority - 2
    """While the pictures stand where the run put them."""
    FOLD_CELLS = CodeLinksTransform.default_priority - 1
    """While a cell's code is one text, without links."""
    FILL_INDEX = ReferencesResolver.default_priority - 1
    """Before links are resolved."""
    FINISH = HighlightLanguageTransform.default_priority + 400
    """After links are resolved and code has its language."""
