"""Bytes no browser sends, through a real Varnish: nothing private is kept, nothing hostile gets in."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import pytest

from tests.edge import varnish
from tests.edge.malformed import HOST, SHAPES, SMUGGLED
from tests.edge.origin import KEPT, Answer, Asked, Origin

pytestmark = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")

PAGE = KEPT | {"Surrogate-Control": 'content="ESI/1.0"', "xkey": "all"}


TAGS = {
    "/p/long-line": " ".join(f"tag-{n:07}" for n in range(700)),  # 8.4 kB
    "/p/many-lines": "\n".join(f"tag-{n:07}" for n in range(60)),
    "/p/longer-line": " ".join(f"tag-{n:07}" for n in range(1700)),
    "/p/more-lines": "\n".join(f"tag-{n:07}" for n in range(120)),
}


class Shop:
    def __init__(self, edge: varnish.Edge, origin: Origin) -> None:
        self.edge, self.origin = edge, origin

    def send(self, data: bytes | str, port: int | None = None) -> bytes:
        """All bytes that come back until the edge closes, or for half a second after the last."""
        with socket.create_connection(("127.0.0.1", port or self.edge.port), timeout=5) as connection:
            connection.sendall(data.encode("latin-1") if isinstance(data, str) else data)
            received = connection.recv(65536)
            connection.settimeout(0.5)
            try:
                while more := connection.recv(65536):
                    received += more
            except TimeoutError:
                pass
            return received

    def get(self, target: str, *headers: str, method: str = "GET", host: str = HOST) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", host, "Connection: close", *headers]
        return self.send("\r\n".join(lines) + "\r\n\r\n")


def answer(asked: Asked) -> Answer:
    """A shop that repeats the secrets it is shown, so that a leak has a marker."""
    cookie = asked.headers.get("cookie", "")
    if asked.path.startswith("/_h/"):
        return Answer(f"[{asked.path} {cookie} {asked.headers.get('x-vitrine-value', '')}]")
    if asked.path.startswith(("/cart", "/account")):
        return Answer(f"secret of {cookie}", KEPT | {"xkey": "u1"})
    if asked.path in TAGS:
        return Answer("much tagged", KEPT | {"xkey": TAGS[asked.path]})
    holes = '<esi:include src="/_h/badge"/><esi:include src="/_h/account"/>'
    injected = '<esi:include src="/account/secret"/><!--esi <esi:include src="/_h/greeting?x"/> -->'
    return Answer(f"<html>{holes if asked.headers.get('x-vitrine-form') == 'personal' else ''}{injected}</html>", PAGE)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    [port] = varnish.free_ports(1)
    with Origin(port, answer) as origin, varnish.Edge(tmp_path_factory.mktemp("edge"), [port]) as edge:
        yield Shop(edge, origin)


def status(received: bytes) -> int:
    return int(received.split(b" ", 2)[1]) if received else 0


@pytest.mark.parametrize("shape", SHAPES)
def test_malformed_request_is_refused_whole(shop: Shop, shape: str) -> None:
    shop.origin.asked.clear()

    received = shop.send(SHAPES[shape])

    assert status(received) in (0, 400, 405, 421, 503), received[:200]
    assert b"/account/smuggled" not in received
    assert "/account/smuggled" not in shop.origin.paths()
    assert not any(asked.method == "GET" for asked in shop.origin.asked)


def test_body_that_looks_like_a_request_stays_a_body(shop: Shop) -> None:
    shop.origin.asked.clear()

    shop.send(f"POST /cart HTTP/1.1\r\n{HOST}\r\nContent-Length: {len(SMUGGLED)}\r\n\r\n{SMUGGLED}")

    assert [(asked.method, asked.path) for asked in shop.origin.asked] == [("POST", "/cart")]
    assert shop.origin.asked[0].body == SMUGGLED.encode()


@pytest.mark.parametrize(
    "target", ["//account", "/account%2f..", "/%61ccount", "/p/../account", "/account;.css", "/./account"]
)
def test_private_address_in_disguise_reaches_nothing(shop: Shop, target: str) -> None:
    shop.origin.asked.clear()

    received = shop.get(target, f"Cookie: sid_8080={varnish.SID}")

    assert status(received) == 400
    assert shop.origin.asked == []


@pytest.mark.parametrize(
    "target", ["/account/x.css", "/account/x.js?a.png", "/cart/static/app.css", "/orders/A1/logo.svg"]
)
def test_static_looking_tail_does_not_get_private_page_kept(shop: Shop, target: str) -> None:
    first = shop.get(target, f"Cookie: sid_8080={varnish.SID}")
    second = shop.get(target)

    assert b"fwd=bypass" in first
    assert b"fwd=bypass" in second
    assert varnish.SID.encode() not in second


@pytest.mark.parametrize("name", ["X-Vitrine-Form", "X-Vitrine-Way", "Cookie", "Host", "Cache-Control"])
def test_connection_header_cannot_take_headers_away(shop: Shop, name: str) -> None:
    shop.origin.asked.clear()

    received = shop.get(f"/p/hop-{name.lower()}", f"Connection: {name}", f"Cookie: sid_8080={varnish.SID}; cc_8080=1")

    if status(received) != 400:
        page = shop.origin.asked[0]
        assert (page.headers["x-vitrine-form"], page.headers["host"]) == ("personal", "localhost:8080")


def test_includes_smuggled_into_a_text_fetch_nothing(shop: Shop) -> None:
    shop.origin.asked.clear()

    received = shop.get("/p/injected", f"Cookie: sid_8080={varnish.SID}; cc_8080=1; pv_8080=x")

    assert status(received) == 200
    assert "/account/secret" not in shop.origin.paths()
    assert b"secret of" not in received


@pytest.mark.parametrize("size", [100, 15_900], ids=["many", "one long"])
@pytest.mark.parametrize("count", [17, 5])
@pytest.mark.parametrize("place", ["first", "last"])
def test_session_is_found_among_15_kB_of_foreign_cookies(shop: Shop, place: str, count: int, size: int) -> None:
    foreign = "; ".join(f"tracker{n}={'x' * size}" for n in range(16_000 // (size + 14)))[:15_900]
    ours = f"sid_8080={varnish.SID}; cc_8080={count}; pv_8080=many"
    cookies = f"{ours}; {foreign}" if place == "first" else f"{foreign}; {ours}"

    received = shop.get(f"/p/many-{place}-{size}", f"Cookie: {cookies}")

    assert f"[/_h/badge  {count}]".encode() in received
    assert f"[/_h/account sid_8080={varnish.SID}; pv_8080=many ]".encode() in received


@pytest.mark.parametrize("path", TAGS)
def test_page_with_too_many_tags_is_served_or_refused_and_harms_no_other(shop: Shop, path: str) -> None:
    received = shop.get(path)
    purged = shop.send(f"PURGE / HTTP/1.1\r\n{HOST}\r\nX-Purge-Tags: tag-0000059\r\n\r\n", shop.edge.purge_port)

    served = path in ("/p/long-line", "/p/many-lines")  # beyond these, headers end at Varnish's limits
    assert status(received) == (200 if served else 503)
    assert (b"n=1" in purged) == served
    assert b"tag-" not in received
    assert status(shop.get(f"{path}-neighbour")) == 200
    assert status(shop.get("/cart")) == 200


@pytest.mark.parametrize(
    ("headers", "answers"),
    [
        ([f"Cookie: sid_8080={varnish.SID}; big={'x' * 9000}"], 200),
        ([f"Cookie: {'; '.join(f'c{n}=1' for n in range(800))}; sid_8080={varnish.SID}; cc_8080=12"], 200),
        ([f"Cookie: a={n}" for n in range(40)], 200),
        ([f"Cookie: big={'x' * 20000}"], 400),
        ([f"X-{n}: a" for n in range(200)], 400),
    ],
    ids=["9 kB", "800 cookies", "40 cookie lines", "20 kB", "200 headers"],
)
def test_much_of_a_client_is_served_or_refused_and_harms_no_other(shop: Shop, headers: list[str], answers: int) -> None:
    page, cart = shop.get("/p/much", *headers), shop.get("/cart", *headers)

    assert (status(page), status(cart)) == (answers, answers)
    assert status(shop.get("/p/much")) == status(shop.get("/cart")) == 200


def test_purge_is_no_method_of_the_shop_and_the_only_one_of_its_listener(shop: Shop) -> None:
    purge = f"PURGE / HTTP/1.1\r\n{HOST}\r\nX-Purge-Tags: all\r\nConnection: close\r\n\r\n"

    assert status(shop.send(purge)) == 405
    assert status(shop.send(purge, shop.edge.purge_port)) == 200
    assert status(shop.send(f"GET /p/pot HTTP/1.1\r\n{HOST}\r\n\r\n", shop.edge.purge_port)) == 405
