"""What a translatable message consists of: prose, and markup that no translation may change.

Pure functions over one message, as it stands in a catalogue: in reST (gallery pages, docstrings) or in
MyST (all other pages). No knowledge of Sphinx beyond the two syntaxes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# Roles whose content is a target or code, never words: what the page shows is filled in by Sphinx.
_OPAQUE_ROLES = frozenset(
    {
        *(
            "any",
            "code",
            "doc",
            "envvar",
            "eq",
            "literal",
            "math",
            "numref",
            "pep",
            "ref",
            "rfc",
            "samp",
        ),
        *("attr", "class", "const", "data", "exc", "func", "meth", "mod", "obj", "prop"),
        *(
            "py:attr",
            "py:class",
            "py:const",
            "py:data",
            "py:exc",
            "py:func",
            "py:meth",
            "py:mod",
            "py:obj",
        ),
    }
)
_FORMULA_ROLES = frozenset({"math", "eq"})

_FORMULA_TEXT = re.compile(r"\\(?:text|textrm|textit|mbox|mathrm)\{[^{}]*\}")

_ROLE = re.compile(
    r":(?P<rst>[A-Za-z][\w.+:-]*):`(?P<rst_text>[^`]+)`"
    r"|\{(?P<myst>[A-Za-z][\w.+:-]*)\}(?P<tick>`+)(?P<myst_text>.+?)(?P=tick)",
    re.DOTALL,
)
_TITLE_AND_TARGET = re.compile(r"(?P<title>.*?)\s*<(?P<target>[^<>]*)>", re.DOTALL)
_RST_LINK = re.compile(r"`(?P<title>[^`<]*?)\s*<(?P<target>[^<>`]+)>`__?")
_MYST_LINK = re.compile(r"!?\[(?P<title>[^\]]*)\]\((?P<target>[^()\s]*)\)")
_MYST_REFERENCE = re.compile(r"\[(?P<title>[^\]]+)\]\[(?P<target>[^\]]+)\]")
_AUTOLINK = re.compile(
    r"<(?P<target>(?:https?://|mailto:)[^<>\s]+)>|(?P<bare>https?://[^\s<>)\]]+)"
)
# Code in both syntaxes, whatever stands inside. In reST its last character may be a backtick itself.
_LITERAL = re.compile(
    r"(?P<tick>`+)(?P<text>(?<=``)\S.*?(?<=[^\s`]`)|.+?(?<!`))(?P=tick)(?![`_])"
    r"|(?P<stray>`+)(?P<stray_text>.+?)(?P=stray)(?!_)",
    re.DOTALL,
)
_DOLLARS = re.compile(
    r"(?<![\\$])(?P<mark>\$\$?)(?=\S)(?P<text>.+?)(?<=\S)(?P=mark)(?![$\d])", re.DOTALL
)
_SUBSTITUTION = re.compile(r"\|(?P<text>[^|\s][^|]*)\||\{\{(?P<myst>[^{}]+)\}\}")
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_STRONG = re.compile(r"\*\*(?=\S)(?P<text>.+?)(?<=\S)\*\*", re.DOTALL)
_EMPHASIS = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*])(?P<text>[^*]*?)(?<=[^\s\\])\*(?![\w*])", re.DOTALL
)


@dataclass
class Markup:
    """One message, taken apart.

    ``prose`` is what a reader sees as words. The counters hold what a translation has to keep:
    ``references`` counts (kind, role, target), ``emphasis`` counts "strong" and "emphasis";
    ``literals`` and ``formulas`` are sets, since a translation may say a name twice.
    """

    prose: str = ""
    references: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    emphasis: Counter[str] = field(default_factory=Counter)
    literals: set[str] = field(default_factory=set)
    formulas: set[str] = field(default_factory=set)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _replace_first_come(
    text: str, patterns: Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]
) -> str:
    """Replace what begins first, again and again: a role inside a literal is code, a literal inside a role its text."""
    done, place = [], 0
    while found := [
        (match, replacement)
        for pattern, replacement in patterns
        if (match := pattern.search(text, place))
    ]:
        match, replacement = min(found, key=lambda pair: pair[0].start())
        done += [text[place : match.start()], replacement(match)]
        place = match.end()
    return "".join(done) + text[place:]


class _Reader:
    """Takes markup out of a message: notes each piece, and leaves what it shows as words, or a blank."""

    def __init__(self) -> None:
        self.found = Markup()

    def role(self, match: re.Match[str]) -> str:
        name = match["rst"] or match["myst"]
        text = _squeeze(match["rst_text"] or match["myst_text"])
        if name in _FORMULA_ROLES:
            self.found.formulas.add(_FORMULA_TEXT.sub(" ", text))
            return " "
        titled = _TITLE_AND_TARGET.fullmatch(text)
        title, target = (titled["title"], titled["target"]) if titled else ("", text)
        syntax = "reST role" if match["rst"] else "MyST role"
        if name in {"sub", "sup", "abbr", "emphasis", "strong"}:
            self.found.references[syntax, name, ""] += 1
            return titled["title"] if titled else text
        # Sphinx looks terms up in lower case.
        self.found.references[syntax, name, target.lower() if name == "term" else target] += 1
        return title or (" " if name in _OPAQUE_ROLES else text)

    def link(self, match: re.Match[str]) -> str:
        self.found.references["link", "", match["target"]] += 1
        return str(match["title"])

    def autolink(self, match: re.Match[str]) -> str:
        target = match["target"] or match["bare"].rstrip(".,;:!?")
        self.found.references["link", "", target] += 1
        return " "

    def literal(self, match: re.Match[str]) -> str:
        self.found.literals.add(_squeeze(match["text"] or match["stray_text"]))
        return " "

    def dollars(self, match: re.Match[str]) -> str:
        self.found.formulas.add(_FORMULA_TEXT.sub(" ", _squeeze(match["text"])))
        return " "

    def substitution(self, match: re.Match[str]) -> str:
        name = (match["text"] or match["myst"]).strip()
        self.found.references["substitution", "", name] += 1
        return " "

    def html_tag(self, match: re.Match[str]) -> str:
        self.found.references["HTML tag", "", match[0]] += 1
        return " "

    def strong(self, match: re.Match[str]) -> str:
        self.found.emphasis["strong"] += 1
        return str(match["text"])

    def emphasis(self, match: re.Match[str]) -> str:
        self.found.emphasis["emphasis"] += 1
        return str(match["text"])


def read_markup(message: str) -> Markup:
    """Return the words of ``message`` and the markup around them.

    Every found piece is replaced by its shown text, if that is words, else by a blank, so that later
    patterns do not look into it.
    """
    reader = _Reader()
    text = _replace_first_come(
        message, ((_ROLE, reader.role), (_RST_LINK, reader.link), (_LITERAL, reader.literal))
    )
    for pattern, replacement in (
        (_DOLLARS, reader.dollars),
        (_MYST_LINK, reader.link),
        (_MYST_REFERENCE, reader.link),
        (_AUTOLINK, reader.autolink),
        (_SUBSTITUTION, reader.substitution),
        (_HTML_TAG, reader.html_tag),
        (_STRONG, reader.strong),
        (_EMPHASIS, reader.emphasis),
    ):
        text = pattern.sub(replacement, text)
    reader.found.prose = _squeeze(text)
    return reader.found


def has_prose(message: str) -> bool:
    """Tell whether ``message`` has a letter outside roles, literals and formulas."""
    return any(character.isalpha() for character in read_markup(message).prose)


def may_stay(message: str, unchanged: Iterable[str]) -> bool:
    """Tell whether ``message`` may read the same in every language.

    It may when no letter is left without its markup and without the words ``unchanged``: names such
    as PyTorch, and terms that another language takes over as they are.
    """
    prose = read_markup(message).prose
    words = sorted(unchanged, key=len, reverse=True)
    if words:
        names = "|".join(re.escape(word) for word in words)
        prose = re.sub(rf"(?<!\w)(?:{names})(?!\w)", " ", prose, flags=re.IGNORECASE)
    return not any(character.isalpha() for character in prose)


def markup_differences(source: str, translation: str) -> list[str]:
    """Return in words what the markup of ``translation`` has lost or added against ``source``."""
    before, after = read_markup(source), read_markup(translation)
    differences = []
    for verb, missing in (
        ("lacks", before.references - after.references),
        ("adds", after.references - before.references),
    ):
        differences += [
            f"{verb} the {' '.join(filter(None, (kind, name and f'“{name}”')))}"
            + (f" to “{target}”" if target else "")
            for kind, name, target in missing
        ]
    for what, wanted, found in (
        ("literal", before.literals, after.literals),
        ("formula", before.formulas, after.formulas),
    ):
        differences += [f"lacks the {what} “{text}”" for text in sorted(wanted - found)]
        differences += [f"adds the {what} “{text}”" for text in sorted(found - wanted)]
    for kind in ("strong", "emphasis"):
        if before.emphasis[kind] != after.emphasis[kind]:
            differences.append(
                f"has {after.emphasis[kind]} pieces of {kind} text where the English has {before.emphasis[kind]}"
            )
    return differences
