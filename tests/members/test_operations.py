"""What a guest brings along when they turn out to be somebody."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from app.cart import aside, rules
from app.cart.queries import cart_of
from app.db.engines import EVERYONE, all_shards, reading, writing
from app.db.sharding import shard_of
from app.members import operations
from app.orders.queries import order_count, order_of, orders_page
from app.values import bucket_of
from tests.cart.browsing import put_in, shopper_of
from tests.checkout.walk import words_of
from tests.makers import a_cart, a_product, a_shopper
from tests.members.people import an_email, link_for, lost_at, run_jobs, sign_in, sign_up
from tests.members.people import shopper_of as shopper_by_email
from tests.payments.money import a_paid_order

MATRIX = [
    ({}, {}, {}),
    ({"a": 2}, {}, {"a": 2}),
    ({}, {"a": 2}, {"a": 2}),
    ({"a": 2}, {"b": 3}, {"a": 2, "b": 3}),
    ({"a": 2}, {"a": 5}, {"a": 5}),
    ({"a": 5}, {"a": 2}, {"a": 5}),
    ({"a": 99, "b": 1}, {"a": 99, "c": 4}, {"a": 99, "b": 1, "c": 4}),
]


async def held(shopper_id: UUID) -> dict[UUID, int]:
    found = await cart_of(shopper_id)
    return dict(found.lines) if found else {}


async def far_from(shopper_id: UUID) -> UUID:
    """A shopper of another shard."""
    while True:
        other = await a_shopper()
        if shard_of(bucket_of(other), all_shards()) != shard_of(bucket_of(shopper_id), all_shards()):
            return other


@pytest.mark.parametrize(("guest", "own", "both"), MATRIX)
async def test_carts_become_one_by_the_larger_number(databases: None, guest, own, both) -> None:
    variants = {name: (await a_product()).variant_id for name in {*guest, *own}}
    mine = await a_shopper()
    theirs = await far_from(mine)
    await a_cart_of(theirs, guest, variants)
    await a_cart_of(mine, own, variants)

    came = await operations.settle_guest(theirs, mine)
    again = await operations.settle_guest(theirs, mine)

    assert await held(mine) == {variants[name]: many for name, many in both.items()}
    assert await held(theirs) == {}
    assert came.lines == sum(many > own.get(name, 0) for name, many in guest.items())
    assert (came.units, again.units, again.lines) == (sum(both.values()), sum(both.values()), 0)


async def a_cart_of(shopper_id: UUID, lines: dict[str, int], variants: dict[str, UUID]) -> None:
    if lines:
        await a_cart({variants[name]: many for name, many in lines.items()}, shopper_id)


async def test_what_was_taken_out_after_a_merge_stays_out(databases: None) -> None:
    product = await a_product()
    mine, theirs = await a_shopper(), await a_shopper()
    await a_cart({product.variant_id: 2}, theirs)
    await operations.settle_guest(theirs, mine)
    found = await cart_of(mine)
    assert found
    await aside.remove(mine, found.items[0].line_id)

    await operations.settle_guest(theirs, mine)

    assert await held(mine) == {}


async def test_the_code_that_was_typed_last_comes_along(databases: None) -> None:
    product = await a_product()
    mine = await a_shopper()
    theirs = await far_from(mine)
    for shopper_id, code in ((mine, "OLD"), (theirs, "NEW")):
        await a_cart({product.variant_id: 1}, shopper_id)
        async with writing(shopper_id) as db:
            await db.execute("UPDATE cart SET code = $2 WHERE shopper_id = $1", shopper_id, code)

    await operations.settle_guest(theirs, mine)

    found = await cart_of(mine)
    assert found and found.code == "NEW"


async def test_what_a_full_cart_has_no_place_for_is_said(databases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_LINES", 2)
    variants = {name: (await a_product()).variant_id for name in "abc"}
    mine, theirs = await a_shopper(), await a_shopper()
    await a_cart_of(mine, {"a": 1}, variants)
    await a_cart_of(theirs, {"b": 1, "c": 1}, variants)

    came = await operations.settle_guest(theirs, mine)

    assert (came.lines, came.left, came.units) == (1, 1, 2)
    assert rules.joined_words("1", "1")[-1].startswith("One more thing stays out")


STOPS = ("sign_in", "end_guest", "hand_over", "take_over", "take_over_lists", "share", "find")


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_sign_in_that_was_killed_anywhere_loses_nothing(
    shop: httpx.AsyncClient, other: httpx.AsyncClient, stop: str, when: str
) -> None:
    email = await sign_up(shop)
    product = await a_product()
    await put_in(other, product, 2)
    await other.post("/lists/add", data={"variant_id": str(product.variant_id)})
    guest = await shopper_of(other)
    placed = await a_paid_order(shopper_id=guest) if stop in ("share", "find") else None
    if placed:
        await put_in(other, product, 2)

    with lost_at(stop, when):
        await sign_in(other, email)
    await run_jobs("GuestSignedIn")
    await sign_in(other, email)

    mine = await shopper_by_email(email)
    assert (await held(mine)).get(product.variant_id) == 2
    async with reading(mine) as db:
        assert await db.fetchval("SELECT count(*) FROM list_item WHERE shopper_id = $1", mine) == 1
    assert not placed or await order_of(mine, placed.number)


async def test_a_shopper_with_an_account_is_no_guest(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    first, second = await sign_up(shop), await sign_up(other)
    await put_in(shop, await a_product(), 2)

    await sign_in(shop, second)
    came = await operations.settle_guest(await shopper_by_email(first), await shopper_by_email(second))

    assert came.lines == 0
    assert sum((await held(await shopper_by_email(first))).values()) == 2
    assert await held(await shopper_by_email(second)) == {}


async def test_the_cart_says_what_came_along(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await put_in(other, await a_product(), 2)

    answer = await sign_in(other, email, next="/account/orders")

    assert answer.headers["location"] == "/cart?joined=1"
    assert other.cookies["cc_8080"] == "2s"
    assert "before you signed in" in words_of(await other.get("/cart?joined=1"))
    for odd in ("0", "-1", "x", "1e9", "٣", "9" * 30):
        assert "before you signed in" not in (await other.get("/cart", params={"joined": odd})).text


async def test_who_is_about_to_pay_goes_on_to_pay(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await put_in(other, await a_product(), 2)

    assert (await sign_in(other, email, next="/checkout")).headers["location"] == "/checkout"


async def test_orders_of_a_guest_are_found_in_the_account(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await put_in(other, await a_product())
    order = await a_paid_order(shopper_id=await shopper_of(other))

    await sign_in(other, email)

    mine = await shopper_by_email(email)
    assert order.number in (await shop.get("/account")).text
    assert (await shop.get(f"/orders/{order.number}")).status_code == 200
    assert await order_count(mine) == 1


async def test_orders_with_an_address_are_there_once_it_is_proved(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email = an_email()
    order = await a_paid_order(email=email)
    await run_jobs("OrderChanged")
    await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": "four words in a row"})
    await run_jobs("AddressProved")
    before = await shop.get(f"/orders/{order.number}")

    await shop.post(await link_for(email))
    await run_jobs("AddressProved")
    await sign_up(other)
    await run_jobs("AddressProved")

    assert before.status_code == 404
    assert (await shop.get(f"/orders/{order.number}")).status_code == 200
    assert order.number in (await shop.get("/account/orders")).text
    assert (await other.get(f"/orders/{order.number}")).status_code == 404


async def test_the_list_has_every_order_once_over_its_pages(databases: None) -> None:
    mine = await a_shopper()
    for _ in range(3):
        await a_paid_order(shopper_id=mine)
    guest = await far_from(mine)
    for _ in range(2):
        await a_paid_order(shopper_id=guest)
    await operations.settle_guest(guest, mine)

    seen, after, more = [], None, True
    while more:
        rows, more = await orders_page(mine, after, most=2)
        seen += [row.number for row in rows]
        after = read(rows[-1].cursor)

    assert len(seen) == len(set(seen)) == 5


def read(cursor: str):
    from app.orders.queries import read_cursor

    return read_cursor(cursor)


async def test_an_order_is_put_in_the_cart_again_but_for_what_is_no_longer_sold(shop: httpx.AsyncClient) -> None:
    good, gone = await a_product(title="Good mug"), await a_product(title="Gone jug")
    await put_in(shop, good)
    mine = await shopper_of(shop)
    order = await a_paid_order(lines={good.variant_id: 2, gone.variant_id: 1}, shopper_id=mine)
    everything = await shop.post(f"/orders/{order.number}/again")
    assert everything.headers["location"] == "/cart"
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", gone.variant_id)

    some = await shop.post(f"/orders/{order.number}/again")
    told = await shop.get(some.headers["location"])

    assert (await held(mine))[good.variant_id] == 2
    assert "sold out" in words_of(told) and "Gone jug" in told.text
    assert (await shop.post("/orders/ZZZZZZZZ/again")).status_code in (303, 404)


async def test_nobody_orders_a_strangers_order_again(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    await put_in(shop, await a_product())
    order = await a_paid_order(shopper_id=await shopper_of(shop))
    await put_in(other, await a_product())

    await other.post(f"/orders/{order.number}/again")

    assert len(await held(await shopper_of(other))) == 1
    assert (await other.get(f"/orders/{order.number}/again")).status_code == 404


async def test_a_full_cart_and_what_is_no_longer_sold_are_said_on_one_page(
    shop: httpx.AsyncClient, monkeypatch
) -> None:
    good, gone = await a_product(title="Good mug"), await a_product(title="Gone jug")
    await put_in(shop, await a_product())
    mine = await shopper_of(shop)
    order = await a_paid_order(lines={good.variant_id: 2, gone.variant_id: 1}, shopper_id=mine)
    await put_in(shop, await a_product())
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", gone.variant_id)
    monkeypatch.setattr("app.cart.rules.MOST_LINES", 1)

    some = await shop.post(f"/orders/{order.number}/again")
    told = await shop.get(some.headers["location"])

    assert some.headers["location"] == f"/orders/{order.number}/again?left=1"
    assert "One more thing stays out" in words_of(told) and "Gone jug: sold out" in words_of(told)
    assert "What is still sold is in your cart." not in words_of(told)
