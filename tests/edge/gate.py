"""A wire that can hold back what comes back: so that an answer is under way while something else happens."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Gate:
    """Passes bytes on from `port` to the server at `to`; while closed, nothing comes back. `asked` is what went there. Use it as a context."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.passing = threading.Event()
        self.passing.set()
        self.held = threading.Event()
        self.asked = b""

    def close(self) -> None:
        self.held.clear()
        self.passing.clear()

    def open(self) -> None:
        self.passing.set()

    def __enter__(self) -> Gate:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, to: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not back:
                    self.asked += data
                if back and not self.passing.is_set():
                    self.held.set()
                    self.passing.wait(30)
                to.sendall(data)
        for end in (source, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
