from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext
from email.message import EmailMessage
from typing import Any
from unittest import mock
from uuid import UUID

import httpx
import pytest

from app.db.engines import reading, writing
from app.orders import links, operations
from app.orders.queries import State
from app.values import bucket_of, new_id
from jobs import mail
from tests import outboxes
from tests.checkout.walk import another_browser
from tests.knobs import Scripted, provider
from tests.makers import a_shopper
from tests.orders.test_jobs import mailed
from tests.payments.money import a_paid_order

EMAIL = "ada@example.org"
LINK = re.compile(r"/orders/\w{8}/open/[\w-]{22}\b")


async def a_link(order: State) -> str:
    """The path in the order's confirmation, out of the mail itself."""
    message = await mailed(order.id, new_id(bucket_of(order.id)))
    return link_in(message)


def link_in(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    found = LINK.search(text.get_content())
    assert found
    return found[0]


@pytest.fixture
async def order(databases: None) -> State:
    return await a_paid_order()


async def test_the_link_and_the_address_open_the_order_in_another_browser(
    shop: httpx.AsyncClient, order: State
) -> None:
    link = await a_link(order)

    gate = await shop.get(link)
    opened = await shop.post(link, data={"email": " ADA@example.org "})

    assert gate.status_code == 200
    assert (gate.headers["referrer-policy"], gate.headers["cache-control"]) == ("strict-origin", "private, no-store")
    assert order.number not in re.sub(r'action="[^"]*"', "", gate.text)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/orders/{order.number}")
    assert "Brown teapot" in (await shop.get(f"/orders/{order.number}")).text
    assert (await shop.get(link)).headers["location"] == f"/orders/{order.number}"


async def test_a_link_works_again_on_the_next_device(shop: httpx.AsyncClient, order: State) -> None:
    link = await a_link(order)
    await shop.post(link, data={"email": EMAIL})

    async with another_browser() as other:
        for _ in range(links.MOST_TRIES + 1):  # a right address uses nothing up
            assert (await other.post(link, data={"email": EMAIL})).status_code == 303
        assert (await other.get(f"/orders/{order.number}")).status_code == 200


async def test_a_browser_that_opens_it_twice_at_once_reads_it_once(order: State) -> None:
    token, shopper = (await a_link(order)).rpartition("/")[2], await a_shopper()

    opened = await asyncio.gather(*(operations.open_link(order.number, token, shopper) for _ in range(4)))

    async with reading(order.id) as db:
        readers = await db.fetchval("SELECT count(*) FROM order_reader WHERE order_id = $1", order.id)
    assert (opened, readers) == ([True] * 4, 1)


async def test_each_mail_about_an_order_opens_it_without_an_account(own_database: str) -> None:
    state = await a_paid_order()
    await operations.cancel_placed(state.id)
    mails: list[dict[str, Any]] = []

    async def send(row_id: UUID, **about: Any) -> None:
        mails.append({"row_id": row_id} | about)

    with (
        provider(Scripted()),
        mock.patch.object(mail, "send", send),
        mock.patch.object(outboxes, "postbox", nullcontext),
    ):
        await outboxes.settle()

    links = {each["template"]: link_in(mail.compose(**each)) for each in mails}
    assert set(links) >= {"confirmation", "cancelled"}
    for link in links.values():
        async with another_browser() as other:
            assert (await other.post(link, data={"email": EMAIL})).status_code == 303


async def test_every_miss_looks_the_same_and_leaves_no_session(shop: httpx.AsyncClient, order: State) -> None:
    link = await a_link(order)
    other = await a_link(await a_paid_order())
    await age(other, "91 days")
    misses = {
        link: "eve@example.org",
        f"/orders/{order.number}/open/{'A' * 22}": EMAIL,
        f"/orders/ZZZZZZZZ/open/{'A' * 22}": EMAIL,
        f"/orders/{order.number}/open/%C3%A9": EMAIL,
        other: EMAIL,
    }

    answers = [(await shop.post(path, data={"email": email})) for path, email in misses.items()]

    bare = {re.sub(r'action="[^"]*"|eve@|ada@', "", answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(bare) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert {answer.headers["referrer-policy"] for answer in answers} == {"strict-origin"}


async def test_a_link_tried_too_often_opens_nothing_any_more(shop: httpx.AsyncClient, order: State) -> None:
    link = await a_link(order)
    for at in range(links.MOST_TRIES):
        await shop.post(link, data={"email": f"eve{at}@example.org"})

    assert (await shop.post(link, data={"email": EMAIL})).status_code == 422


async def test_only_a_hash_of_the_link_is_stored_and_a_repeated_mail_has_the_same_one(order: State) -> None:
    row_id = new_id(bucket_of(order.id))

    once, again = [await operations.make_link(order.id, order.number, row_id) for _ in "12"]

    assert once == again
    token = once.rpartition("/")[2]
    async with reading(order.id) as db:
        rows = [dict(row) for row in await db.fetch("SELECT * FROM order_link WHERE order_id = $1", order.id)]
    assert len(rows) == 2, "this one, and that of its confirmation"
    assert token not in str(rows)


async def test_the_link_is_there_before_its_mail_is_written(order: State) -> None:
    async with reading(order.id) as db:
        row_id = await db.fetchval(
            "SELECT id FROM outbox WHERE kind = 'SendConfirmation' AND body->>'order_id' = $1", str(order.id)
        )
        there = await db.fetchval("SELECT token_hash FROM order_link WHERE order_id = $1", order.id)

    link = await operations.make_link(order.id, order.number, row_id)

    assert links._hash(link.rpartition("/")[2]) == there


async def test_whoever_opened_an_order_reads_that_one_only_and_can_cancel_it(order: State) -> None:
    reader, other = await a_shopper(), await a_paid_order()
    token = (await a_link(order)).rpartition("/")[2]
    await operations.open_link(order.number, token, reader)

    assert await owns(reader, order)
    assert not await owns(reader, other)
    await operations.cancel_own(reader, order.id)


async def owns(shopper_id: UUID, order: State) -> bool:
    from app.orders import queries

    return await queries.order_id_of(shopper_id, order.number) == order.id


async def age(link: str, amount: str) -> None:
    async with writing(links.read_bucket_mark(link.split("/")[2])) as db:
        await db.execute(
            f"UPDATE order_link SET expires_at = expires_at - interval '{amount}' WHERE token_hash = $1",
            links._hash(link.rpartition("/")[2]),
        )
