"""Holes through a real Varnish: every coding gives the same bytes, a broken one its neutral form, nobody another's."""

from __future__ import annotations

import gzip
import html
import itertools
import json
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import quote

import pytest

from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules"),
]

PAGE = KEPT | {"Surrogate-Control": 'content="ESI/1.0"', "xkey": "all"}
PACKED = {"Content-Encoding": "gzip"}
SECRETS = {varnish.SID: "Ada <ada&co@a.example> 'é\"1", varnish.ANOTHER_SID: "Bob <bob&co@b.example> 'ü\"2"}
BADGE, ACCOUNT = ('<a href="/cart">Cart</a>', '<a href="/account">Account</a>')  # neutral, see varnish.CONFIG
BROKEN = {
    "slow": Answer("late", after=1),
    "error": Answer("TRACEBACK", {}, 500),
    "redirect": Answer("moved", KEPT | {"Location": "/account"}, 302),
    "missing": Answer("not here", KEPT, 404),
    "empty": Answer(""),
    "no content": Answer("", KEPT, 204),
    "half packed": Answer(gzip.compress(b"half of it" * 100)[:-20], KEPT | PACKED),
}


def spellings(secret: str) -> list[str]:
    """A secret as it may stand in a page."""
    return [secret, html.escape(secret), quote(secret), quote(secret, safe=""), json.dumps(secret)]


def shop(asked: Asked) -> Answer:
    """Holes that say who asks, and pages `/p/<page>-<badge>` that are packed, or whose holes are, or that break."""
    name = asked.path.rpartition("/")[2]
    if asked.path.startswith("/_h/"):
        return holes(asked)
    includes = '<esi:include src="/_h/badge"/>|<esi:include src="/_h/account"/>|<esi:include src="/_h/greeting"/>'
    text = f"<html>{'filling ' * 200}{name}[{includes}]</html>"
    if "itself" in name:
        text = f"<html>{f'<esi:include src={chr(34)}{asked.path}{chr(34)}/>' * 6}[{includes}]</html>"
    if asked.headers.get("x-vitrine-form") == "anonymous":
        return Answer(text.replace("esi:include", "i"), PAGE)
    return Answer(gzip.compress(text.encode()), PAGE | PACKED) if "packed" in name else Answer(text, PAGE)


def holes(asked: Asked) -> Answer:
    who = next((secret for sid, secret in SECRETS.items() if sid in asked.headers.get("cookie", "")), "nobody")
    return Answer("".join(f"<p>{each}</p>" for each in spellings(who)), KEPT | {"Cache-Control": "s-maxage=1"})


class Shop:
    """`how` is what the next holes answer; without it they say who asks."""

    def __init__(self, port: int) -> None:
        self.how: Answer | None = None
        self.origin = Origin(port, self.answer)

    def answer(self, asked: Asked) -> Answer:
        return self.how if self.how and asked.path.startswith("/_h/") else shop(asked)


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, varnish.Edge]]:
    [port] = varnish.free_ports(1)
    shop = Shop(port)
    with shop.origin, varnish.Edge(tmp_path_factory.mktemp("edge"), [port], hole_seconds=0.5) as edge:
        yield shop, edge


def read(edge: varnish.Edge, path: str, cookies: str, coding: str = "identity") -> tuple[int, bytes]:
    """Status and decoded body of a page as that visitor's browser gets it."""
    connection = HTTPConnection("127.0.0.1", edge.port, timeout=20)
    headers = {"Host": "localhost:8080", "Accept-Encoding": coding} | ({"Cookie": cookies} if cookies else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body


def cookies(sid: str, count: int = 12) -> str:
    return f"sid_8080={sid}; pv_8080=same; cc_8080={count}"


def test_page_hole_and_client_may_be_packed_or_not_and_the_bytes_are_the_same(
    running: tuple[Shop, varnish.Edge],
) -> None:
    shop, edge = running
    filling = "hole " * 400
    answers = {
        "small": Answer(filling[:20]),
        "small packed": Answer(gzip.compress(filling[:20].encode()), KEPT | PACKED),
        "large": Answer(filling),
        "large packed": Answer(gzip.compress(filling.encode()), KEPT | PACKED),
    }

    for (count, (kind, shop.how)), page, coding in itertools.product(
        enumerate(answers.items(), 20), ("plain", "packed"), ("identity", "gzip")
    ):
        hole = filling[:20] if kind.startswith("small") else filling
        visitor = f"sid_8080={varnish.SID}; pv_8080=v{count}; cc_8080={count}"

        seen = read(edge, f"/p/{page}", visitor, coding)

        expected = f"<html>{'filling ' * 200}{page}[{hole}|{hole}|{hole}]</html>"
        assert seen == (200, expected.encode()), (kind, page, coding)


@pytest.mark.parametrize("how", BROKEN)
def test_broken_hole_shows_its_neutral_form(running: tuple[Shop, varnish.Edge], how: str) -> None:
    shop, edge = running
    shop.how = BROKEN[how]

    status, body = read(edge, "/p/plain", cookies(varnish.SID))

    assert (status, body.decode().partition("[")[2]) == (200, f"{BADGE}|{ACCOUNT}|Welcome]</html>")


def test_hole_that_includes_itself_ends_at_once(running: tuple[Shop, varnish.Edge]) -> None:
    shop, edge = running
    circle = '<esi:include src="/_h/badge"/><esi:include src="/_h/greeting"/><!--esi x -->'
    shop.how = Answer(circle, PAGE)

    status, body = read(edge, "/p/plain", cookies(varnish.SID))

    assert (status, body.decode().partition("[")[2]) == (200, f"{circle}|{circle}|{circle}]</html>")
    assert sorted(shop.origin.paths()) == ["/_h/account", "/_h/badge", "/_h/greeting", "/p/plain"]


def test_page_that_includes_itself_is_fetched_once(running: tuple[Shop, varnish.Edge]) -> None:
    shop, edge = running
    shop.how = Answer("x")

    assert read(edge, "/p/itself", cookies(varnish.SID)) == (200, b"<html>[x|x|x]</html>")
    assert shop.origin.paths().count("/p/itself") == 1


def test_two_shoppers_and_a_stranger_never_meet(running: tuple[Shop, varnish.Edge]) -> None:
    """Same address, `pv` and count, holes that go stale and are fetched again; a thousand visits in any order."""
    _, edge = running
    chance = random.Random(7)

    def visit(number: int) -> str:
        sid = chance.choice([*SECRETS, ""])
        given = cookies(sid, chance.choice([3, 12])) if sid else ""
        status, body = read(edge, f"/p/{number % 5}", given, chance.choice(["gzip", "identity"]))
        if number % 50 == 0:
            edge.ask("PURGE", "/", purge=True, X_Purge_Tags="all")
        seen = {owner for owner, secret in SECRETS.items() for each in spellings(secret) if each.encode() in body}
        shown = sum(each.encode() in body for each in spellings(SECRETS[sid])) if sid else 0
        return (
            "" if (status, seen, shown) == (200, {sid} - {""}, 5 if sid else 0) else f"{number} {sid} {status} {seen}"
        )

    with ThreadPoolExecutor(8) as pool:
        wrong = [said for said in pool.map(visit, range(1000)) if said]

    assert wrong == []
