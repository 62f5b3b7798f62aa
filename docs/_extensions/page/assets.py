"""Load few files on each page: one style sheet and one script for what every page uses.

Sphinx, the theme and the extensions bring a dozen files, and each is a request that a reader on a phone waits
for. What every page loads is joined, in the same order, into ``_static/page.css`` and ``_static/page.js``; what
only some pages use (formulas, graphs) stays apart. MyST-NB's style sheet goes: site.css gives the guide's
outputs the look of the gallery's.

Config value:
    assets_digest: the digest of the site's own extensions, templates and static files; set here, so that a changed
        one makes the pages anew (Sphinx itself does not look at them).
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import furo
from sphinx.errors import ExtensionError

from facts.digests import file_digests, joint_digest
from facts.folders import DOCS, PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

STATIC_SOURCES = (
    DOCS / "_extensions",
    DOCS / "facts",
    DOCS / "_static",
    DOCS / "_templates",
    PACKAGE / "render",
)
_SOURCES = frozenset({".css", ".html", ".js", ".py", ".woff2"})
NEVER = ("mystnb.",)
ON_SOME_PAGES = frozenset(
    {
        *("glossary.css", "glossary_filter.js", "graph.css", "maths.css", "opening.js"),
        *("stations.css", "stepper.js"),
    }
)
PYGMENTS = "pygments.css"
_USUAL = 500  # Sphinx's own default priority of a file
_COMMENTS = {
    ".css": re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.DOTALL | re.MULTILINE),
    ".js": re.compile(r"^[ \t]*//.*\n", re.MULTILINE),
}
_SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+?(\*/)?\s*$")


def is_joined(filename: str) -> bool | None:
    """Whether ``filename`` belongs into the joined file; None if no page needs it."""
    name = filename.rpartition("/")[2]
    if name.startswith(NEVER):
        return None
    return name not in ON_SOME_PAGES and "://" not in filename


def join(texts: Iterable[str], end: str = "\n") -> str:
    """Return style sheets or scripts as one, without the comments that name source maps.

    Args:
        texts: the files' contents.
        end: what ends each of them. A script needs a semicolon, or a bracket at the next one's start would call its
            last value.
    """
    return "".join(_SOURCE_MAP.sub("", text).rstrip() + end for text in texts)


def without_comments(text: str, suffix: str) -> str:
    """Return a style sheet, or a script, of ours without what only its authors read: comments on lines of their own.

    Args:
        text: the file's content.
        suffix: ``.css`` or ``.js``.
    """
    return _COMMENTS[suffix].sub("", text)


def sources_digest(folders: Iterable[Path], root: Path = ROOT) -> str:
    """Return one digest of the extensions, templates, style sheets, scripts and fonts below ``folders``."""
    paths = (path for folder in folders for path in folder.rglob("*") if path.suffix in _SOURCES)
    return joint_digest(file_digests(paths, root))


def split(files: Iterable[Any]) -> tuple[list[str], list[Any]]:
    """Return the names of the files to join and the files that stay apart, from Sphinx's asset objects.

    Both in the order of their priorities, which Sphinx itself looks at only after the handlers.
    """
    together: list[str] = []
    apart: list[Any] = []
    for file in sorted(files, key=lambda file: getattr(file, "priority", _USUAL)):
        name = str(getattr(file, "filename", file))
        match is_joined(name):
            case True:
                together.append(name)
            case False:
                apart.append(file)
    return together, apart


def _text(path: Path) -> str:
    """Return what a file says to a browser; the comments of others may be their licences, and stay."""
    text = path.read_text(encoding="utf-8")
    ours = (DOCS / "_static" / path.name).is_file()
    return without_comments(text, path.suffix) if ours else text


def write_joined(outdir: Path, names: Iterable[str], target: str) -> str:
    """Join the files below ``outdir`` into ``target`` and return its name, with the digest of its content."""
    texts = [
        # furo writes its own colours over Sphinx's file only when the build ends: https://github.com/pradyunsg/furo/issues/49
        furo.get_pygments_stylesheet() if name.endswith(PYGMENTS) else _text(outdir / name)
        for name in names
    ]
    content = join(texts, end=";\n" if target.endswith(".js") else "\n")
    path = outdir / target
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")
    return f"{target}?v={zlib.crc32(content.encode()):08x}"


class PageAssets:
    """Remembers which joined files this build has written."""

    def __init__(self) -> None:
        self.written: dict[str, tuple[list[str], str]] = {}

    def on_html_page_context(
        self,
        app: Sphinx,
        pagename: str,
        templatename: str,
        context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        """Put the joined files where the page's many were.

        Raises:
            ExtensionError: a page loads other files than the pages before it.
        """
        del templatename, doctree
        if app.builder.name != "html":
            return
        for key, target in (("css_files", "_static/page.css"), ("script_files", "_static/page.js")):
            together, apart = split(context.get(key, ()))
            if target not in self.written:
                name = write_joined(Path(app.outdir), together, target)
                self.written[target] = (together, name)
            names, name = self.written[target]
            if together != names:
                raise ExtensionError(
                    f"{pagename} loads {sorted(set(together) ^ set(names))}, other than the pages before it; "
                    "name what only some pages use in ON_SOME_PAGES, in docs/_extensions/page/assets.py"
                )
            context[key] = [name, *apart]  # the templates take names too


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Take the digest of the site's own files."""
    del app
    config.assets_digest = sources_digest(STATIC_SOURCES)
