from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost:8080/c/table?page=2", "/c/table?page=2"),
        ("https://evil.example/?://localhost:8080/x", "/"),
        ("https://evil.example/?://localhost:8080/\\evil.example/x", "/"),
        ("http://localhost:8080//evil.example/x", "/"),
        ("http://localhost:8080/\\evil.example", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
async def test_the_way_back_stays_on_our_own_pages(shop: httpx.AsyncClient, referer: str, back: str) -> None:
    answer = await shop.get("/checkout/place", headers={"Referer": referer})

    assert answer.status_code == 405
    assert f'href="{back.replace("&", "&amp;")}"' in answer.text
    assert "evil" not in answer.text


async def test_a_hole_that_no_edge_asked_for_is_private(shop: httpx.AsyncClient) -> None:
    for hole in ("badge", "account"):
        answer = await shop.get(f"/_h/{hole}")

        assert answer.headers["cache-control"] == "private, no-store"
        assert "xkey" not in answer.headers
