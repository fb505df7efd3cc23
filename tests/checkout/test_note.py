from __future__ import annotations

import html
import re

import httpx
import pytest

from tests.cart.browsing import HTMX
from tests.checkout.walk import place, to_review, to_token
from tests.knobs import knobs
from tests.makers import a_product

NOTE = "Ring twice,\nplease <now> & then"


def note_in(page: httpx.Response) -> str:
    found = re.search(r'<textarea[^>]*name="note"[^>]*>(.*?)</textarea>', page.text, re.S)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(("go", "leads_to"), [("details", "/checkout"), ("shipping", "/checkout/shipping")])
async def test_editing_a_step_keeps_the_note_without_javascript(
    shop: httpx.AsyncClient, go: str, leads_to: str
) -> None:
    page = await to_review(shop, {(await a_product()).variant_id: 1})

    answer = await shop.post("/checkout/note", data={"note": NOTE, "go": go})

    assert f'name="go" value="{go}"' in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
    assert note_in(await shop.get("/checkout/review")) == NOTE


async def test_a_note_is_kept_while_it_is_written(shop: httpx.AsyncClient) -> None:
    await to_review(shop, {(await a_product()).variant_id: 1})

    answer = await shop.post("/checkout/note", data={"note": NOTE}, headers=HTMX)
    emptied = note_in(await shop.get("/checkout/review")), await shop.post("/checkout/note", data={"note": ""})

    assert (answer.status_code, answer.content) == (204, b"")
    assert emptied[0] == NOTE
    assert note_in(await shop.get("/checkout/review")) == ""


async def test_a_refusal_keeps_the_note_and_a_later_visit_finds_it(shop: httpx.AsyncClient) -> None:
    gone = await a_product(variants=[{"stock": 0, "band": "few"}])
    refused = await place(shop, await to_token(shop, {gone.variant_id: 1}), note=NOTE)
    too_long = await shop.post("/checkout/place", data={"token": "", "note": "x" * 501})

    assert note_in(refused) == NOTE
    assert note_in(too_long) == "x" * 501 == note_in(await shop.get("/checkout/review"))


async def test_the_note_reaches_the_order_and_not_the_next_one(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})
    await shop.post("/checkout/note", data={"note": NOTE})
    with knobs(payment_provider="instant"):
        placed = await place(shop, token, note=NOTE)

    order = await shop.get(placed.headers["location"])
    after = await to_review(shop, {(await a_product()).variant_id: 1})

    assert "Ring twice" in order.text
    assert note_in(after) == ""


async def test_without_a_cart_a_note_is_nothing(shop: httpx.AsyncClient) -> None:
    assert (await shop.post("/checkout/note", data={"note": NOTE})).status_code == 303
