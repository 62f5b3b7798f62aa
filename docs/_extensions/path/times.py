"""How long something takes, in the words of the reader's language."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import get_translation

_ = get_translation("sphinx")

_GAP = "\N{NO-BREAK SPACE}"


def unbroken(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", _GAP)


def dotted(*parts: str) -> str:
    """Return parts with a dot between them, which never begins a line."""
    return f"{_GAP}· ".join(parts)


def minutes_said(minutes: int) -> str:
    """Return a time in full words."""
    said = _("1 minute") if minutes == 1 else _("%(count)d minutes") % {"count": minutes}
    return unbroken(said)


def pages_said(pages: int) -> str:
    """Return a number of pages in full words."""
    return unbroken(_("1 page") if pages == 1 else _("%(count)d pages") % {"count": pages})


def time_of(minutes: int, template: str) -> nodes.inline:
    """Return what stands behind a link: how long that takes; ``template`` has ``%d`` in it."""
    text = f"{_GAP}· {unbroken(template % minutes)}"
    return nodes.inline("", text, classes=["minutes"])
