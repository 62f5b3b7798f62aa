"""Lighthouse's marks for each kind of page, on a phone and on a desktop: the median of several runs each.

    make lighthouse

builds the site for the address at which it is then served, on the loopback interface: some marks are for links
that only a site with an address has. The next `make html` puts that right. Lighthouse comes from npm by its name
and version; it needs Node 20 and Chromium. Ends with an error where a median is below 100.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

from facts.chromium import FLAGS, find_chromium
from facts.page_kinds import read_kinds

LIGHTHOUSE = "lighthouse@12.8.2"  # the newest for Node 20
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORM_FACTORS = {"mobile": [], "desktop": ["--preset=desktop"]}
_PACKED = (".woff2", ".png", ".zip", ".epub", ".whl")


class CompressingHandler(SimpleHTTPRequestHandler):
    """Serves files compressed, as every host of static pages does, and lets the browser keep them."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the headers of a file and return what follows."""
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix in _PACKED:
            return super().send_head()
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return BytesIO(content)


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """Serve ``folder`` and give its address."""
    handler = functools.partial(CompressingHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def audit(url: str, flags: list[str], chromium: str) -> dict[str, Any]:
    """Run Lighthouse once and return its report. A run in which the browser broke off is none: it is tried again.

    Raises:
        RuntimeError: the browser broke off three times.
    """
    trouble = ""
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.json")
            command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"]
            command += [f"--output-path={report}", f"--chrome-flags={' '.join(FLAGS)}", *flags]
            environment = os.environ | {"CHROME_PATH": chromium}
            done = subprocess.run(
                command, check=False, env=environment, stderr=subprocess.PIPE, text=True
            )
            if done.returncode or not report.is_file():
                trouble = done.stderr[-2000:]
                continue
            found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        if "runtimeError" not in found:
            return found
        trouble = str(found["runtimeError"])
    raise RuntimeError(f"Lighthouse could not look at {url}: {trouble}")


def marks(report: dict[str, Any]) -> tuple[int, ...]:
    """Return the marks of a report, from 0 to 100, in the order of ``CATEGORIES``."""
    return tuple(round(100 * report["categories"][name]["score"]) for name in CATEGORIES)


def shortcomings(report: dict[str, Any]) -> list[str]:
    """Return what cost marks: the audits that count and did not pass."""
    counting = {
        audit["id"]
        for name in CATEGORIES
        for audit in report["categories"][name]["auditRefs"]
        if audit["weight"]
    }
    return sorted(
        f"{name} ({audit.get('displayValue') or audit['title']})"
        for name, audit in report["audits"].items()
        if name in counting and audit["score"] is not None and audit["score"] < 1
    )


def main() -> int:
    """Print the table; return 1 where a median is below 100."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--kinds", nargs="*", default=[], help="some kinds of pages; all by default"
    )
    parser.add_argument("--site", type=Path, default=Path("build/html"))
    parser.add_argument("--language", default="vi")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()
    chromium = find_chromium()
    if chromium is None or shutil.which("npx") is None:
        sys.exit(
            "lighthouse.py needs Chromium and Node's npx: install Debian's packages chromium and npm"
        )
    if not (arguments.site / arguments.language / "index.html").is_file():
        sys.exit(f"{arguments.site} holds no site: run `make html` first")
    print(f"{LIGHTHOUSE}, median (all runs)\n")
    print(f"| page | device | {' | '.join(CATEGORIES)} |")
    print(f"| --- | --- | {' | '.join('---' for _ in CATEGORIES)} |")
    worst = 100.0
    seen: set[str] = set()
    speeds: list[float] = []
    with served(arguments.site, arguments.port) as address:
        for kind in read_kinds():
            if arguments.kinds and kind.name not in arguments.kinds:
                continue
            for device, flags in FORM_FACTORS.items():
                url = f"{address}/{arguments.language}/{kind.page}"
                reports = [audit(url, flags, chromium) for _ in range(arguments.runs)]
                columns = list(zip(*map(marks, reports), strict=True))
                medians = [median(column) for column in columns]
                cells = [
                    f"{middle:.0f} ({' '.join(map(str, column))})"
                    for middle, column in zip(medians, columns, strict=True)
                ]
                print(f"| {kind.name} | {device} | {' | '.join(cells)} |", flush=True)
                worst = min(worst, *medians)
                speeds += [report["environment"]["benchmarkIndex"] for report in reports]
                seen.update(
                    f"{kind.name}, {device}: {shortcoming}"
                    for shortcoming in shortcomings(reports[-1])
                )
    print(
        f"\nLighthouse's index of this machine's speed: median {median(speeds):.0f}, "
        f"lowest {min(speeds):.0f}; below 1000 the marks for performance tell of the machine, not of the site."
    )
    print("\nWhat did not pass in the last runs:", *sorted(seen) or ["nothing"], sep="\n- ")
    return int(worst < 100)


if __name__ == "__main__":
    sys.exit(main())
