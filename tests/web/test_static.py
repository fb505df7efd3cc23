from __future__ import annotations

import brotli
import httpx
import pytest

from app.web import assets
from tests.conftest import ANONYMOUS_FORM


@pytest.mark.parametrize(
    ("asks", "packed"),
    [("gzip, deflate, br, zstd", True), ("br;q=0.9", True), ("gzip", False), ("gzip, br;q=0", False), ("brr", False)],
)
async def test_a_browser_without_an_edge_before_it_gets_brotli_when_it_reads_it(
    admin: httpx.AsyncClient, asks: str, packed: bool
) -> None:
    async with admin.stream("GET", assets.asset("admin.css"), headers={"Accept-Encoding": asks}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])

    assert (answer.headers.get("content-encoding") == "br") is packed
    if packed:
        assert brotli.decompress(raw) == assets.built()["admin.css"].body
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_what_the_edge_keeps_is_plain_unless_it_asks_for_brotli(shop: httpx.AsyncClient) -> None:
    url = assets.asset("app.css")

    plain = await shop.get(url, headers={"Accept-Encoding": "gzip"})
    packed = await shop.get(url, headers={"Accept-Encoding": "gzip", "X-Vitrine-Brotli": "1"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "br"
    assert "vary" not in packed.headers


async def test_a_page_of_the_admin_is_compressed(admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/sign-in", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert "Sign in" in answer.text


def queries_of(answer: httpx.Response) -> int:
    return int(answer.headers["server-timing"].rpartition("desc=")[2])


@pytest.mark.parametrize(
    "path",
    ["0123456789abcdef/app.css", "x/y", "0/fonts/a.woff2", "%C3%A9/app.css", "0123456789abcdef/%00", "a" * 3000 + "/b"],
)
async def test_a_made_up_file_asks_no_database_anything(shop: httpx.AsyncClient, path: str) -> None:
    answer = await shop.get(f"/static/{path}", headers=ANONYMOUS_FORM)

    assert (answer.status_code, queries_of(answer)) == (404, 0)
    assert "immutable" not in answer.headers["cache-control"]


async def test_made_up_pages_ask_for_the_departments_once_a_second_together(shop: httpx.AsyncClient) -> None:
    answers = [await shop.get(f"/wp-login-{at}.php", headers=ANONYMOUS_FORM) for at in range(20)]

    assert {answer.status_code for answer in answers} == {404}
    seconds = sum(each.elapsed.total_seconds() for each in answers)
    assert sum(map(queries_of, answers)) <= 1 + seconds
