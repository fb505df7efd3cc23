from __future__ import annotations

import asyncio
import html
import time
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.reviews.rules import stamp
from app.settings import settings
from tests import makers
from tests.catalog.test_pages import statements
from tests.members.people import shopper_of, sign_in, sign_up
from tests.payments.money import a_paid_order


def form(**more: str) -> dict[str, str]:
    shown = stamp(int(time.time()) - 30, settings().secret)
    typed = {"rating": "4", "title": "Pours well", "body": "It pours very well indeed.", "author": "Ada"}
    return typed | {"shown": shown} | more


async def reviews_of(product_id: UUID) -> list[dict[str, Any]]:
    async with reading(EVERYONE) as db:
        return [dict(row) for row in await db.fetch("SELECT * FROM review WHERE product_id = $1", product_id)]


async def test_a_review_waits_for_staff_and_is_one_however_often_it_is_sent(shop: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    here = f"/account/reviews/{pot.slug}"
    assert 'name="rating"' in (await shop.get(here)).text

    sent = await shop.post(here, data=form())
    await asyncio.gather(*(shop.post(here, data=form(title=f"No. {number}")) for number in range(4)))
    changed = await shop.get(here)

    assert (sent.status_code, sent.headers["location"]) == (303, f"{here}/thanks")
    assert "reads every review" in (await shop.get(f"{here}/thanks")).text
    [said] = await reviews_of(pot.id)
    assert (said["state"], said["verified"], said["rating"]) == ("pending", False, 4)
    assert "Change your review" in changed.text and html.escape(said["title"]) in changed.text
    assert said["title"] not in (await shop.get(pot.url)).text


async def test_the_same_once_more_leaves_it_approved_and_an_edit_does_not(shop: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    here = f"/account/reviews/{pot.slug}"
    await shop.post(here, data=form())
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE review SET state = 'approved' WHERE product_id = $1", pot.id)

    await shop.post(here, data=form())
    [same] = await reviews_of(pot.id)
    await shop.post(here, data=form(rating="1"))
    [edited] = await reviews_of(pot.id)

    assert (same["state"], edited["state"], edited["rating"]) == ("approved", "pending", 1)


async def test_who_bought_it_is_marked_and_somebody_elses_order_does_not_count(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    pot = await makers.a_product()
    email = await sign_up(shop)
    order = await a_paid_order(lines={pot.variant_id: 1}, shopper_id=await shopper_of(email))
    here = f"/account/reviews/{pot.slug}"

    await shop.post(here, data=form())
    await other.post(here, data=form(title="I did not"))

    assert "You bought it here" in (await shop.get(here)).text
    assert {said["title"]: said["verified"] for said in await reviews_of(pot.id)} == {
        "Pours well": True,
        "I did not": False,
    }
    assert (await shop.get("/account/export.json")).json()["reviews"][0]["title"] == "Pours well"
    assert "write-review" not in (await shop.get(f"/orders/{order.number}")).text  # nothing was sent yet


async def test_what_a_guest_said_is_theirs_after_signing_in(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    email = await sign_up(other)
    await shop.post(f"/account/reviews/{pot.slug}", data=form())

    await sign_in(shop, email)

    [said] = await reviews_of(pot.id)
    assert said["shopper_id"] == await shopper_of(email)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rating": "6"}, "stars"),
        ({"rating": ""}, "stars"),
        ({"title": ""}, "heading"),
        ({"title": "x" * 121}, "heading"),
        ({"body": "short"}, "10 to 4,000"),
        ({"body": "y" * 4001}, "10 to 4,000"),
        ({"title": "\u202e\u200f"}, "a little more"),
        ({"author": ""}, "name"),
        ({"shown": "1.forged"}, "open for too long"),
        ({"shown": stamp(1, settings().secret)}, "open for too long"),
        ({"shown": ""}, "open for too long"),
    ],
)
async def test_bad_input_is_told_and_kept(shop: httpx.AsyncClient, typed: dict[str, str], field: str) -> None:
    pot = await makers.a_product()

    answer = await shop.post(f"/account/reviews/{pot.slug}", data=form(**typed))

    assert answer.status_code == 422 and field in answer.text
    assert "It pours very well indeed." in answer.text or "body" in typed
    assert await reviews_of(pot.id) == []


async def test_programs_that_fill_everything_in_or_at_once_leave_nothing(shop: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    here = f"/account/reviews/{pot.slug}"

    trapped = await shop.post(here, data=form(website="https://spam.example"))
    hasty = await shop.post(here, data=form(shown=stamp(int(time.time()), settings().secret)))

    assert (trapped.status_code, hasty.status_code) == (303, 422)
    assert await reviews_of(pot.id) == []


async def test_odd_text_is_text(shop: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    odd = '<script>alert(1)</script> {{ 7*7 }} <esi:include src="/_h/badge"/> \u202egnitirw\x07 https://x.example'

    await shop.post(f"/account/reviews/{pot.slug}", data=form(title=odd[:40], body=odd, author="<b>"))
    answer = await shop.get(f"/account/reviews/{pot.slug}")

    [said] = await reviews_of(pot.id)
    assert "\u202e" not in said["body"] and "\x07" not in said["body"]
    assert "<script>alert" not in answer.text and "&lt;esi:include" in answer.text and "{{ 7*7 }}" in answer.text


async def test_one_can_try_often_but_not_for_ever(shop: httpx.AsyncClient) -> None:
    pots = [await makers.a_product() for _ in range(11)]

    answers = [await shop.post(f"/account/reviews/{pot.slug}", data=form()) for pot in pots]
    last = await shop.post(f"/account/reviews/{pots[-1].slug}", data=form())

    assert answers[0].status_code == 303
    assert last.status_code == 429 and "too often" in last.text and "It pours very well" in last.text


async def test_the_form_asks_little_of_the_databases(shop: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    await shop.post(f"/account/reviews/{pot.slug}", data=form())

    answer = await shop.get(f"/account/reviews/{pot.slug}")

    assert statements(answer) <= 8
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await shop.get("/account/reviews/no-such-thing")).status_code == 404
