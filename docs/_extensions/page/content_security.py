"""Give every page a Content-Security-Policy: it loads nothing but the site's own files.

furo sets the colour theme in one inline script before the page is drawn. That script is allowed by its hash, and no
other; style attributes are furo's and the graphs' and stay allowed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import furo
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
THEME_TEMPLATE = Path(furo.__file__).parent / "theme" / "furo" / "base.html"


def script_hashes(html: str) -> list[str]:
    """Return the CSP sources of the inline scripts in ``html``, in order."""
    digests = (hashlib.sha256(text.encode()).digest() for text in _INLINE.findall(html))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def policy(hashes: list[str]) -> str:
    """Return the policy of a page whose inline scripts have these hashes."""
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def theme_policy(template: str) -> str:
    """Return the policy for furo's pages.

    Raises:
        ExtensionError: the theme has not exactly one inline script, so this module must be looked at again.
    """
    hashes = script_hashes(template)
    if len(hashes) != 1:
        raise ExtensionError(
            f"furo's base.html has {len(hashes)} inline scripts instead of one; "
            "look at docs/_extensions/page/content_security.py before trusting the new ones"
        )
    return policy(hashes)


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the policy to the template."""
    del app, pagename, templatename, doctree
    context["content_security_policy"] = theme_policy(THEME_TEMPLATE.read_text(encoding="utf-8"))
