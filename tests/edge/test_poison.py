"""After each attack the clean address serves the clean page: raw bytes through a real Varnish to a shop that repeats what it sees."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin

pytestmark = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")

HOST = "Host: localhost:8080"
# Set by the edge or without meaning to the app: `x-a` stands for a header nobody knows, which passes.
OWN = {"x-a", "x-varnish", "accept-encoding", "connection", "x-forwarded-for", "user-agent", "x-vitrine-spot"}
# An attack is the head of a request to {path}; what stands behind it is sent too.
HEADERS = {
    "forged form": "X-Vitrine-Form: personal",
    "forged value": "X-Vitrine-Value: 3\r\nX-Vitrine-Signed-In: 1",
    "forged way": "X-Vitrine-Way: visitor\r\nX-Vitrine-Cookies: sid_8080=x",
    "forged outage": "X-Vitrine-Stale: 1\r\nX-Vitrine-Cold: stale",
    "forged brotli": "X-Vitrine-Brotli: 1",
    "forged client": "X-Vitrine-Client: 7\r\nX-Real-IP: evil.example",
    "forwarded host": "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example",
    "forwarded scheme": "X-Forwarded-Proto: https\r\nX-Forwarded-Port: 1",
    "another address": "X-Original-URL: /account\r\nX-Rewrite-URL: /account",
    "another method": "X-HTTP-Method-Override: POST\r\nX-Method-Override: PUT",
    "capability": 'Surrogate-Capability: edge="ESI/1.0"\r\nSurrogate-Control: content="ESI/1.0"',
    "keep": "X-Vitrine-Keep: 1\r\nxkey: all",
    "credentials": "Authorization: Basic c2VjcmV0\r\nCookie: theirs=secret; sid_8080=short; cc_8080=3s",
    "foreign cookies": "Cookie: " + "; ".join(f"t{n}={'x' * 100}" for n in range(60)),
    "htmx": "HX-Request: true\r\nHX-Target: main\r\nHX-Current-URL: http://evil.example/",
    "range": "Range: bytes=0-3",
    "conditions": 'If-None-Match: "x"\r\nIf-Modified-Since: Thu, 01 Jan 2032 00:00:00 GMT',
    "expectation": "Expect: 100-continue",
    "language": "Accept-Language: <script>\r\nReferer: http://evil.example/<script>",
    "folded": "X-A: a\r\n Host: evil.example",
    "bare line feed": "X-A: a\nX-Forwarded-Host: evil.example",
    "upgrade": "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings",
    "body on a read": "Content-Length: 4\r\n\r\nevil",
    "chunks on a read": "Transfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0",
    "both lengths": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0",
}
TARGETS = {
    "absolute form": "http://localhost:8080{path}",
    "foreign absolute form": "http://evil.example{path}",
    "unknown parameters": "{path}?utm_source=<script>&callback=evil&x=<esi:include src='/account'/>",
    "sharp": "{path}#evil",
    "newline in path": "{path}%0aSet-Cookie:evil=1",
    "return in query": "{path}?q=%0d%0aSet-Cookie:%20evil=1",
    "static tail": "{path}/x.css",
    "delimiter": "{path};a.js",
    "escaped null": "{path}%00.css",
    "double slash": "/{path}",
    "dots": "/x/..{path}",
}


def mirror(asked: Asked) -> Answer:
    """Everything that reached the origin, so that anything unkeyed shows in the next reader's page."""
    seen = sorted(f"{name}: {value}" for name, value in asked.headers.items() if name not in OWN)
    return Answer(
        "\n".join([f"{asked.method} {asked.path}", *seen, asked.body.decode("latin-1")]), KEPT | {"xkey": "all"}
    )


class Shop:
    def __init__(self, edge: varnish.Edge) -> None:
        self.edge, self.count = edge, 0

    def fresh(self) -> str:
        self.count += 1
        return f"/p/page-{self.count}"

    def send(self, data: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.edge.port), timeout=5) as connection:
            connection.sendall(data.encode("latin-1"))
            connection.settimeout(0.4)
            received = b""
            with suppress(TimeoutError, ConnectionError):
                while more := connection.recv(65536):
                    received += more
            return received

    def clean(self, path: str) -> str:
        answer = self.edge.ask("GET", path)
        assert (answer.status, answer.headers.get("Set-Cookie")) == (200, None)
        return answer.text.replace(path, "/p/PAGE")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    [port] = varnish.free_ports(1)
    with Origin(port, mirror), varnish.Edge(tmp_path_factory.mktemp("edge"), [port]) as edge:
        yield Shop(edge)


@pytest.mark.parametrize("attack", HEADERS)
def test_headers_of_one_reader_never_reach_the_next(shop: Shop, attack: str) -> None:
    path, untouched = shop.fresh(), shop.clean(shop.fresh())

    received = shop.send(f"GET {path} HTTP/1.1\r\n{HOST}\r\n{HEADERS[attack]}\r\n\r\n")

    assert b"HTTP/1.1" in received
    assert shop.clean(path) == untouched
    assert b"evil.example" not in received and b"secret" not in received


@pytest.mark.parametrize("attack", TARGETS)
def test_odd_spellings_of_an_address_leave_the_clean_one_clean(shop: Shop, attack: str) -> None:
    path, untouched = shop.fresh(), shop.clean(shop.fresh())

    received = shop.send(f"GET {TARGETS[attack].format(path=path)} HTTP/1.1\r\n{HOST}\r\n\r\n")

    assert b"\r\nSet-Cookie" not in received
    assert shop.clean(path) == untouched


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8080@evil.example", "localhost:80800", "localhost:8080, evil.example", ""]
)
def test_foreign_host_gets_nothing_and_leaves_nothing(shop: Shop, host: str) -> None:
    path, untouched = shop.fresh(), shop.clean(shop.fresh())

    received = shop.send(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")

    assert received.split(b" ", 2)[1] in (b"400", b"421")
    assert shop.clean(path) == untouched
