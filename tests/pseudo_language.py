"""A language that is all marks: ⟦every message of every catalogue⟧, to see what no catalogue reaches.

Pure functions and one that writes files; used by tests, not loaded by Sphinx. Build with
``-D language=en_150 -D locale_dirs=<folder>``.
"""

from __future__ import annotations

import html.parser
import re
from collections.abc import Iterator
from pathlib import Path

import polib

OPEN, CLOSE = "⟦", "⟧"
# Babel has to know a language, and Sphinx must not bring catalogues for it: English for Europe fits.
LANGUAGE = "en_150"

# Elements whose content belongs to every language.
CODE = frozenset({"code", "math", "pre", "script", "style"})

_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input"),
        *("link", "meta", "source", "track", "wbr"),
    }
)
_SHOWN_ATTRIBUTES = frozenset(
    {
        *("alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext"),
        *("data-tooltip", "placeholder", "summary", "title"),
    }
)
_SHOWN_META = frozenset(
    {"description", "og:title", "og:description", "twitter:title", "twitter:description"}
)
_CSS_CONTENT = re.compile(
    r"content\s*:\s*((?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')(?:\s*/\s*(?:\"[^\"]*\"|'[^']*'))?)"
)
_CSS_ESCAPE = re.compile(r"\\[0-9a-fA-F]{1,6}\s?")


def marked(message: str) -> str:
    """Return ``message`` between the marks; spaces at its ends stay outside."""
    start = message[: len(message) - len(message.lstrip())]
    end = message[len(message.rstrip()) :] if message.strip() else ""
    return f"{start}{OPEN}{message.strip()}{CLOSE}{end}"


def write_pseudo_catalogues(templates: Path, locale: Path, language: str = LANGUAGE) -> list[Path]:
    """Write a catalogue of ``language`` below ``locale`` for every .pot or .po below ``templates``.

    Returns the files written.
    """
    folder = locale / language / "LC_MESSAGES"
    written = []
    for path in sorted([*templates.rglob("*.pot"), *templates.rglob("*.po")]):
        entries = polib.pofile(str(path))
        catalogue = polib.POFile(wrapwidth=0)
        catalogue.metadata = {
            "Language": language,
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for entry in entries:
            if entry.obsolete:
                continue
            entry.flags = []
            if entry.msgid_plural:
                entry.msgstr_plural = {0: marked(entry.msgid), 1: marked(entry.msgid_plural)}
            else:
                entry.msgstr = marked(entry.msgid)
            catalogue.append(entry)
        target = (folder / path.relative_to(templates)).with_suffix(".po")
        target.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(target))
        written.append(target)
    return written


def _letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


class _Page(html.parser.HTMLParser):
    """Follow a page's text from mark to mark; collect the letters that stand outside all marks."""

    def __init__(
        self, exempt_tags: frozenset[str], exempt_classes: frozenset[str], site: str
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.exempt_tags, self.exempt_classes, self.site = exempt_tags, exempt_classes, site
        self.unmarked: list[tuple[str, str]] = []
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def _exempt(self) -> bool:
        return any(exempt for _, exempt in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        exempt = (
            tag in self.exempt_tags
            or bool(self.exempt_classes & set(values.get("class", "").split()))
            or "hreflang" in values
            or values.get("translate") == "no"
            or "notranslate" in values.get("class", "").split()
        )
        if tag == "a" and values.get("title") == values.get("href", "").partition("#")[2]:
            del values["title"]  # the full name of what an abbreviated name leads to
        shown = {name: value for name, value in values.items() if name in _SHOWN_ATTRIBUTES}
        if tag == "meta" and (values.get("name") or values.get("property")) in _SHOWN_META:
            shown["content"] = values.get("content", "")
        if tag == "input" and values.get("type") in {"submit", "button", "reset"}:
            shown["value"] = values.get("value", "")
        if not exempt and not self._exempt():
            for name, value in shown.items():
                if _letters(value) and OPEN not in value:
                    self.unmarked.append((f"<{tag} {name}>", value))
        if tag not in _VOID:
            self._open.append((tag, exempt))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _ = self._open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if [tag for tag, _ in self._open] == ["html", "head", "title"]:
            data = data.strip().removesuffix(self.site)
        outside = ""
        for character in data:
            if character == OPEN:
                self._depth += 1
            elif character == CLOSE:
                self._depth = max(0, self._depth - 1)
            elif self._depth == 0:
                outside += character
        if _letters(outside) and not self._exempt():
            where = " ".join(f"<{tag}>" for tag, _ in self._open[-3:])
            self.unmarked.append((where, " ".join(outside.split())))


def unmarked_text(
    page: str,
    *,
    exempt_tags: frozenset[str] = CODE,
    exempt_classes: frozenset[str] = frozenset(),
    site: str = "",
) -> list[tuple[str, str]]:
    """Return (where, text) for whatever an HTML ``page`` shows with letters but without a mark.

    Text, and the attributes that a reader sees or hears. Left out: what ``exempt_tags`` and elements of
    ``exempt_classes`` hold; what is marked as not to be translated, with ``translate="no"`` or, in pictures, the
    class ``notranslate``; links to other languages (``hreflang``); the full name that a link to a name of the
    reference shows on hover; and the name of the ``site`` at the end of the page's title.
    """
    parser = _Page(exempt_tags, exempt_classes, site)
    parser.feed(page)
    parser.close()
    return parser.unmarked


def unmarked_css_content(style_sheet: str) -> Iterator[str]:
    """Yield every ``content:`` string of a style sheet that shows letters: words that no catalogue reaches."""
    for match in _CSS_CONTENT.finditer(style_sheet):
        if _letters(_CSS_ESCAPE.sub("", match[1])):
            yield match[1]
