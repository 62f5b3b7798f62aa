"""Say below every gallery page where it comes from: the notebook, torch's version, the device, seed and last change.

The run records version and device in the page's stamp; the seed is the one that the script sets; the date is that of
the script's last commit, and is left out outside git. ``curriculum.toml`` knows the notebook.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from facts.curriculum import read_pages
from facts.folders import GALLERY, ROOT
from facts.run_record import CELLS, RunRecord, read_record, record_path
from facts.seeds import seeds_of


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


def provenance(
    record: RunRecord, seeds: tuple[int, ...], date: str | None, notebook: str | None
) -> dict[str, Any]:
    """Return what the page says of its origin and its run; without a seed nothing in it is random."""
    return {
        "torch": record.torch,
        "device": record.device,
        "seeds": ", ".join(map(str, seeds)),
        "date": date,
        "notebook": notebook,
    }


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Ask git once for all dates, and the curriculum for all notebooks; a new date or notebook rewrites the pages."""
    del app
    config.provenance_dates = commit_dates(ROOT)
    config.provenance_notebooks = {page.docname: page.notebook for page in read_pages()}


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Read a page again when the record of its run changes: its stamp, or that of all notebook cells."""
    del doctree
    if app.env.metadata[app.env.docname].get("file_format") == "mystnb":
        record = Path(app.config.nb_execution_cache_path, CELLS)
    else:
        record = record_path(app.env.docname, Path(app.srcdir))
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
    record = read_record(record_path(pagename, Path(app.srcdir)))
    date = app.config.provenance_dates.get(f"{pagename}.py")
    notebook = app.config.provenance_notebooks.get(pagename)
    context["provenance"] = None
    if record is not None:
        script = (GALLERY.parent / f"{pagename}.py").read_text(encoding="utf-8")
        context["provenance"] = provenance(record, seeds_of(script), date, notebook)
