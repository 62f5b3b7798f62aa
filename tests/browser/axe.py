"""axe-core in the page that is open: what it finds, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
COLOUR_RULES = ("color-contrast", "link-in-text-block")
JUDGE_COLOURS = (Path(__file__).parent / "judge_colours.js").read_text(encoding="utf-8")
# The whole of axe-core, best practices included, but for the rules that its authors call experimental.
RULES = {"target-size": {"enabled": True}}
RUN_AXE = """(rules) => axe.run(document, { resultTypes: ["violations"], preload: false, rules })
    .then((result) => result.violations)"""


def _in_words(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{rule['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]


def bring_axe(page: Page) -> None:
    """Load axe-core into the page that is open, whatever the page's policy on scripts."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))


def violations(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """Return what all rules but those in ``without`` find on the page that is open: the rule, and where."""
    bring_axe(page)
    rules = RULES | {rule: {"enabled": False} for rule in without}
    return _in_words(page.evaluate(RUN_AXE, rules))


@dataclass
class Colours:
    """The rules on colours, which judge each pair of a text's and its backgrounds' colours once.

    Attributes:
        judged: what was judged on the pages until now, as ``judge_colours.js`` names it.

    """

    judged: list[str] = field(default_factory=list)

    def violations(self, page: Page) -> list[str]:
        """Return what the rules on colours find on the page that is open, where its colours are new."""
        bring_axe(page)
        result = page.evaluate(JUDGE_COLOURS, self.judged)
        self.judged += result["judged"]
        return _in_words(result["violations"])
