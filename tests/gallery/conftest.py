"""The outputs that the run captured, as tests of the pages' facts read them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docutils.core
import pytest
from docutils import nodes
from docutils.parsers.rst import Directive, directives

DOCS = Path(__file__).resolve().parents[2] / "docs"


class _Code(Directive):
    """``code-block`` as a plain literal block, so that a page can be read without Sphinx."""

    has_content = True
    optional_arguments = 1
    option_spec = {"class": directives.class_option, "name": directives.unchanged}  # noqa: RUF012  # docutils' API

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        return [nodes.literal_block(text, text, language=(self.arguments or [""])[0])]


@pytest.fixture(scope="session")
def run_outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of generated pages, brought up to date."""
    del tmp_path_factory
    subprocess.run([sys.executable, "-m", "sitebuild", "run"], cwd=DOCS, check=True)
    return DOCS / "gallery"


@pytest.fixture(scope="session")
def captured(run_outputs: Path) -> Callable[[str], str]:
    """Return a function from ``<part>/<page>`` to all that the page printed, cell after cell."""
    directives.register_directive("code-block", _Code)

    def outputs(page: str) -> str:
        text = (run_outputs / f"{page}.rst").read_text(encoding="utf-8")
        # Sphinx knows no limit either: a captured picture is one line.
        settings = {"report_level": 5, "raw_enabled": True, "line_length_limit": 1_000_000}
        tree = docutils.core.publish_doctree(text, settings_overrides=settings)
        blocks = tree.findall(nodes.literal_block)
        printed = [b.astext() for b in blocks if b.get("language") == "none"]
        captured_html = [r.astext() for r in tree.findall(nodes.raw) if r.get("format") == "html"]
        return "\n".join(printed + captured_html)

    return outputs
