from __future__ import annotations

import json

import httpx
import pytest

from app.web import assets, speculation
from tests.conftest import ANONYMOUS_FORM, PERSONAL_FORM

FORGET = '"prefetchCache", "prerenderCache"'
IN_ADVANCE = [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}]


def _allowed(document: bytes) -> list[str]:
    rules = json.loads(document)
    assert list(rules) == ["prefetch", "prerender"]
    assert all(rule["eagerness"] == "moderate" for rule in rules["prefetch"])
    return [path for rule in rules["prefetch"] for path in rule["where"]["href_matches"]]


def test_only_public_pages_are_ever_fetched_in_advance() -> None:
    assert _allowed(speculation.document()) == ["/", "/c/*", "/p/*"]


def test_each_market_has_its_own_addresses() -> None:
    assert _allowed(speculation.document(["de"])) == ["/", "/c/*", "/p/*", "/de/", "/de/c/*", "/de/p/*"]


def test_only_products_on_cards_are_drawn_in_advance() -> None:
    [rule] = json.loads(speculation.document(["de"]))["prerender"]

    assert rule["eagerness"] == "moderate"
    assert rule["where"]["and"] == [{"selector_matches": ".card__link"}, {"href_matches": ["/p/*", "/de/p/*"]}]


@pytest.mark.parametrize("form", [ANONYMOUS_FORM, PERSONAL_FORM])
async def test_a_public_page_names_rules_that_are_kept_for_ever(shop: httpx.AsyncClient, form: dict[str, str]) -> None:
    named = (await shop.get("/no-such-page", headers=form)).headers["speculation-rules"]

    rules = await shop.get(named.strip('"'))

    assert named == f'"{assets.asset("speculation.json")}"'
    assert rules.headers["content-type"] == "application/speculationrules+json"
    assert "immutable" in rules.headers["cache-control"]
    assert rules.content == speculation.document()


async def test_a_private_page_names_no_rules(shop: httpx.AsyncClient) -> None:
    assert "speculation-rules" not in (await shop.get("/cart")).headers


@pytest.mark.parametrize("headers", IN_ADVANCE)
@pytest.mark.parametrize("path", ["/cart", "/checkout", "/account", "/orders/0000000A"])
async def test_a_private_page_is_not_made_in_advance(
    shop: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await shop.get(path, headers=headers)

    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", IN_ADVANCE)
async def test_a_public_page_in_advance_is_the_page_and_touches_nobody(
    shop: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    now, early = [await shop.get("/search?q=in+advance", headers=ANONYMOUS_FORM | more) for more in ({}, headers)]

    assert early.content == now.content
    assert "set-cookie" not in early.headers


async def test_whoever_changes_something_forgets_the_pages_that_wait(shop: httpx.AsyncClient) -> None:
    changed, looked = await shop.post("/cart/lines"), await shop.get("/cart")

    assert changed.headers["clear-site-data"] == FORGET
    assert "clear-site-data" not in looked.headers
