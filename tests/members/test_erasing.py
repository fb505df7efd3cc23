"""Whoever asks to be forgotten is; what the law keeps stays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.alerts import operations as alerts
from app.alerts.queries import alerts_of
from app.db import crash
from app.db.current import Busy
from app.db.engines import EVERYONE, reading, writing
from app.members import operations
from app.orders.queries import order_of
from tests.cart.browsing import put_in
from tests.makers import a_cart, a_product, a_shopper
from tests.members.people import (
    PASSWORD,
    accounts_of,
    is_in,
    link_for,
    mails_to,
    run_jobs,
    shopper_of,
    sign_in,
    sign_up,
)
from tests.payments.money import a_paid_order

ADDRESS = {"name": "Ada", "line1": "12 Long Lane", "city": "York", "postcode": "YO1 7AA", "country": "GB"}
OWNED = ("session", "address", "cart_line", "order_known", "review_vote", "list_item", "wishlist")


async def owned(shopper_id: UUID) -> dict[str, int]:
    """How many rows of each kind are still the shopper's."""
    async with reading(shopper_id) as db:
        counts = {
            table: await db.fetchval(f"SELECT count(*) FROM {table} WHERE shopper_id = $1", shopper_id)
            for table in OWNED
        }
        details = "SELECT count(*) FROM checkout WHERE shopper_id = $1 AND email <> ''"
        counts["checkout"] = await db.fetchval(details, shopper_id)
    async with reading(EVERYONE) as db:
        counts["review"] = await db.fetchval("SELECT count(*) FROM review WHERE shopper_id = $1", shopper_id)
    return counts


async def somebody(shop: httpx.AsyncClient) -> tuple[str, UUID]:
    email = await sign_up(shop)
    await shop.post("/account/addresses", data=ADDRESS)
    await put_in(shop, await a_product(), 2)
    return email, await shopper_of(email)


async def test_who_asks_with_the_password_is_forgotten(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email, shopper_id = await somebody(shop)
    await sign_in(other, email)
    order = await closed(await a_paid_order(shopper_id=shopper_id))
    await alerts.ask(email, (await a_product()).variant_id)

    wrong = await shop.post("/account/erase", data={"password": "not this one"})
    there = await accounts_of(email)
    gone = await shop.post("/account/erase", data={"password": PASSWORD})

    assert (wrong.status_code, there) == (422, 1)
    assert not await alerts_of(email)
    assert gone.headers["location"] == "/account/erased" and not shop.cookies
    assert (await shop.get("/account/erased")).status_code == 200
    assert await accounts_of(email) == 0 and not await is_in(other)
    assert not any((await owned(shopper_id)).values())
    assert (await sign_in(other, email)).status_code == 422
    kept = await order_of(shopper_id, order.number)
    assert kept and kept.address_lines
    assert "Your account is deleted" in await mails_to(email)


async def test_an_open_order_comes_first(shop: httpx.AsyncClient) -> None:
    email, shopper_id = await somebody(shop)
    order = await a_paid_order(shopper_id=shopper_id)

    page = await shop.get("/account/erase")
    refused = await shop.post("/account/erase", data={"password": PASSWORD})

    assert order.number in page.text and 'data-testid="erase"' not in page.text
    assert refused.status_code == 409 and order.number in refused.text
    assert await accounts_of(email) == 1 and await is_in(shop)


async def test_a_fresh_link_does_instead_of_the_password_and_once(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email, _ = await somebody(shop)
    assert (await shop.post("/account/erase/link")).headers["location"] == "/account/mail-sent"
    link = await link_for(email)

    shown = await other.get(link)
    still = await accounts_of(email)
    gone = await other.post(link)

    assert "Delete my account" in shown.text and still == 1
    assert gone.headers["location"] == "/account/erased" and await accounts_of(email) == 0
    assert not await is_in(shop) and (await other.post(link)).status_code == 422


STOPS = (
    "erase",
    "erase_shopper",
    "erase_cart",
    "erase_lists",
    "erase_checkout",
    "erase_reader",
    "erase_known",
    "erase_votes",
    "erase_reviews",
)


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_an_erasure_that_was_killed_anywhere_is_finished_or_never_began(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, stop: str, when: str
) -> None:
    email, shopper_id = await somebody(shop)
    member = await known.member_by_email(email)
    assert member

    def at(step: str, moment: str) -> None:
        if (step, moment) == (stop, when):
            raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(crash, "at", at)
        with pytest.raises((ConnectionResetError, Busy)):
            await operations.erase(member)
    await run_jobs("ShopperErased")
    await run_jobs("ShopperErased")

    never = (stop, when) == ("erase", "before_commit")
    assert await accounts_of(email) == never
    assert any((await owned(shopper_id)).values()) == never


async def test_nobody_signs_in_to_what_is_being_deleted(databases: None, shop: httpx.AsyncClient) -> None:
    email, shopper_id = await somebody(shop)
    member = await known.member_by_email(email)
    assert member
    await accounts.erase_shopper(shopper_id, ())

    with pytest.raises(accounts.WrongSignIn):
        await accounts.enter(member, guest_id=None, agent="")


async def test_other_shoppers_keep_what_is_theirs(shop: httpx.AsyncClient) -> None:
    _, shopper_id = await somebody(shop)
    neighbour = await a_shopper()
    await a_cart({(await a_product()).variant_id: 1}, neighbour)

    await operations.settle_erasure(shopper_id, ())

    assert (await owned(neighbour))["cart_line"] == 1


async def closed(order: Any) -> Any:
    """Everything was sent."""
    async with writing(order.id) as db:
        await db.execute("UPDATE orders SET status = 'closed' WHERE id = $1", order.id)
    return order
