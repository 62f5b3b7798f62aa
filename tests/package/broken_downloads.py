"""A server that breaks off, and downloads from any secure address that come from it."""

from __future__ import annotations

import threading
import urllib.request
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

HALF = 1 << 20


class BreakingOff(BaseHTTPRequestHandler):
    """Sends half of what it announces, then waits until the server is told to hang up."""

    def do_GET(self) -> None:  # its name there
        self.send_response(200)
        self.send_header("Content-Length", str(2 * HALF))
        self.end_headers()
        self.wfile.write(bytes(HALF))
        self.wfile.flush()
        cast("Server", self.server).hang_up.wait()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        del format, args


class Server(ThreadingHTTPServer):
    """On the loopback interface."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BreakingOff)
        self.hang_up = threading.Event()


class Redirected(urllib.request.BaseHandler):
    """Gets from a port of this machine whatever is asked for at a secure address."""

    handler_order = 100  # before the one that would ask there

    def __init__(self, port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def https_open(self, request: urllib.request.Request) -> HTTPResponse:
        return cast("HTTPResponse", self.direct.open(f"{self.site}{request.selector}"))


def redirect_downloads(port: int) -> None:
    """Let a download from any secure address come from a server on this machine."""
    direct = urllib.request.ProxyHandler({})
    urllib.request.install_opener(urllib.request.build_opener(direct, Redirected(port)))
