"""Say below every gallery page where its outputs come from: torch's version, the device, the seed, the last change.

The run records them in the page's stamp; the date is that of the script's last commit, and is left out outside git.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from _extensions.isolation import SEED
from _extensions.project_folders import ROOT


def parse_dates(log: str) -> dict[str, str]:
    """Return the date of the newest commit of every file.

    Args:
        log: output of ``git log --format=%x00%cs --name-only``, newest first.
    """
    dates: dict[str, str] = {}
    for commit in log.split("\0")[1:]:
        date, *names = commit.split("\n")
        for name in filter(None, names):
            dates.setdefault(name, date)
    return dates


def commit_dates(root: Path) -> dict[str, str]:
    """Return the last commit date of every gallery script, by its path; empty outside a git checkout."""
    command = ["git", "-C", str(root), "log", "--format=%x00%cs", "--name-only", "--", "gallery"]
    try:
        log = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # constant words
    except (OSError, subprocess.CalledProcessError):
        return {}
    return parse_dates(log)


def read_provenance(stamp: Path, date: str | None) -> dict[str, Any] | None:
    """Return what the page says of its run, or None where the page has no stamp.

    Raises:
        ExtensionError: the stamp is damaged.
    """
    if not stamp.is_file():
        return None
    try:
        surroundings = json.loads(stamp.read_text(encoding="utf-8"))["surroundings"]
        torch, device = surroundings["versions"]["torch"], surroundings["device"]
    except (ValueError, KeyError, TypeError):
        raise ExtensionError(
            f"{stamp} is damaged, so nothing is known of the run; remove it and run `make html`"
        ) from None
    return {"torch": torch, "device": device, "seed": SEED, "date": date}


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Ask git once for all dates; a new date rewrites the pages."""
    del app
    config.provenance_dates = commit_dates(ROOT)


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Read a page again when the record of its run changes: its stamp, or that of all notebook cells."""
    del doctree
    if app.env.metadata[app.env.docname].get("file_format") == "mystnb":
        record = Path(app.config.nb_execution_cache_path, "autograd_vi.json")
    else:
        record = Path(app.srcdir, f"{app.env.docname}.stamp")
    if record.is_file():
        app.env.note_dependency(str(record))


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the page's provenance."""
    del templatename, doctree
    date = app.config.provenance_dates.get(f"{pagename}.py")
    context["provenance"] = read_provenance(Path(app.srcdir, f"{pagename}.stamp"), date)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    app.add_config_value("provenance_dates", {}, "html", types=(dict,))
    app.connect("config-inited", on_config_inited)
    app.connect("doctree-read", on_doctree_read)
    app.connect("html-page-context", on_html_page_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
