from __future__ import annotations

import brotli
import httpx
import pytest

from app.web import assets


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
