"""A tiny shop behind the edge: says what it was asked, and can be made slow, broken or dead."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

KEPT = {"X-Vitrine-Keep": "1", "Cache-Control": "s-maxage=100", "Content-Type": "text/html; charset=utf-8"}


class Asked(NamedTuple):
    """One request as the origin saw it; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """A header with several lines is sent as several headers."""

    body: str | bytes
    headers: dict[str, str] = KEPT
    status: int = 200
    after: float = 0.0


class Origin:
    """Answers with `answer(asked)` on `port`; use it as a context. `asked` lists what came, probes left out."""

    def __init__(self, port: int, answer: Callable[[Asked], Answer]) -> None:
        self.asked: list[Asked] = []
        self.answer = answer
        self.healthy = True
        self.running = threading.Event()
        self.running.set()
        self.server = _Server(("127.0.0.1", port), _handler(self))

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def hang(self) -> None:
        """As after SIGSTOP: connections are taken, and nothing is answered until the end, no probe either."""
        self.running.clear()

    def __enter__(self) -> Origin:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running.set()
        self.server.shutdown()
        self.server.server_close()
        self.server.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.open: list[socket.socket] = []
        super().__init__(address, handler)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        self.open.append(request)
        super().process_request(request, client_address)

    def handle_error(self, *_: object) -> None:
        """Quiet: the edge hanging up is what some tests are about."""

    def hang_up(self) -> None:
        """Like a killed process: connections that were kept alive end too."""
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handler(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/healthz":
                origin.running.wait()
                self.reply(Answer("", {}, 200 if origin.healthy else 503))
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            origin.asked.append(asked)
            origin.running.wait()
            self.reply(origin.answer(asked))

        do_POST = do_GET

        def reply(self, answer: Answer) -> None:
            time.sleep(answer.after)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                for line in value.split("\n"):
                    self.send_header(name, line)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: `asked` is the log."""

    return Handler
