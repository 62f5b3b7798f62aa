"""Windows of a real browser and a served site for the tests in this folder.

All of them belong to one group, so that one worker builds the site once:
``pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]``.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

REPOSITORY = Path(__file__).resolve().parents[2]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        del format, args


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on the loopback interface and give its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a fresh window; an error in a script of the page fails the test."""
    context = chromium.new_context()
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    yield window
    context.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Build the site, if it is not up to date, and give the address at which it is served."""
    done = subprocess.run(
        [sys.executable, "-m", "sitebuild", "html"],
        cwd=REPOSITORY / "docs",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    with served(REPOSITORY / "build" / "html") as address:
        yield address


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """Give a function that serves a folder until the tests are over."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(served(folder))
