"""One per customer, from the button to the order and back: counted by address as uses of promotions are."""

from __future__ import annotations

import asyncio

import pytest

from app.cart.queries import cart_of
from app.db.engines import writing
from app.inventory import queries as inventory
from app.ops import limit_checks, verify
from app.orders import operations as orders
from app.orders import queries as known_orders
from tests.cart.browsing import shopper_of
from tests.checkout.walk import DETAILS, another_browser, place, to_review, to_token, token_of, until_not_busy, words_of
from tests.faults import ledger
from tests.knobs import knobs, provider
from tests.makers import a_product, an_order
from tests.orders.books import numbers_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("databases")

TOLD = "You have bought this already: one per customer."


async def rights_of(product, email: str = DETAILS["email"]) -> int:
    """How many of it this customer has bought, or is buying."""
    id = inventory.limit_of(f"drop:{product.id.hex}", email)
    return (await inventory.uses_of([id]))[id]


async def order_of(shop, answer):
    number = answer.headers["location"].rpartition("/")[2]
    return await known_orders.order_id_of(await shopper_of(shop), number)


async def test_the_second_order_of_a_customer_is_refused_and_the_cart_stays(shop) -> None:
    product = await a_product(variants=[{}, {}], one_each=True)
    with knobs(payment_provider="instant"):
        first = await place(shop, await to_token(shop, {product.variant_id: 1}))
        async with another_browser() as other:
            await to_review(other, {product.variants[1].id: 1})
            await other.post("/checkout/details", data=DETAILS | {"email": " ADA@example.org"})
            second = await place(other, token_of(await other.get("/checkout/review")))
            cart = await cart_of(await shopper_of(other))

    assert first.status_code == 303
    assert second.status_code == 409 and TOLD in words_of(second)
    assert cart and cart.units == 1
    assert await rights_of(product) == 1


async def test_somebody_else_buys_one_too(shop) -> None:
    product = await a_product(one_each=True)
    with knobs(payment_provider="instant"):
        await place(shop, await to_token(shop, {product.variant_id: 1}))
        async with another_browser() as other:
            await to_review(other, {product.variant_id: 1})
            await other.post("/checkout/details", data=DETAILS | {"email": "bob@example.org"})
            answer = await place(other, token_of(await other.get("/checkout/review")))

    assert answer.status_code == 303
    assert (await numbers_of(product.variant_id))[1] == 2


@pytest.mark.usefixtures("own_database")
async def test_of_twenty_orders_of_one_customer_at_once_one_is_placed_and_the_others_are_told() -> None:
    product = await a_product(one_each=True)

    async def buys() -> str:
        async with another_browser() as browser:
            token = await to_token(browser, {product.variant_id: 1})
            here.release()
            await go.wait()
            answer = await until_not_busy(lambda: place(browser, token))
            if answer.status_code == 303:  # on a slow machine it may still be placing
                state = await orders.drive(await order_of(browser, answer))
                return state.reason or state.status if state else ""
            return "bought_before" if TOLD in words_of(answer) else words_of(answer)

    here, go = asyncio.Semaphore(0), asyncio.Event()
    with knobs(payment_provider="instant"):
        buyers = [asyncio.create_task(buys()) for _ in range(20)]
        for _ in buyers:
            await here.acquire()
        go.set()
        came = sorted(await asyncio.gather(*buyers))
        await settle()

    assert came == ["bought_before"] * 19 + ["placed"]
    assert await numbers_of(product.variant_id) == (19, 0, 1)
    assert await verify.violations({}) == []


@pytest.mark.usefixtures("own_database")
async def test_a_right_that_is_given_out_twice_is_found() -> None:
    product = await a_product(one_each=True)
    with knobs(payment_provider="instant"):
        await an_order({product.variant_id: 1})
        await settle()
    right = inventory.limit_of(f"drop:{product.id.hex}", DETAILS["email"])

    wrong = []
    for on_hand in (1, 0):
        async with writing(right) as db:
            await db.execute("UPDATE stock SET on_hand = $2 WHERE variant_id = $1", right, on_hand)
        wrong.append((await limit_checks.one_each_is_kept(0)).violations)

    assert wrong == [1, 0]


@pytest.mark.parametrize("sent_on", [True, False])
@pytest.mark.usefixtures("own_database")
async def test_who_cancels_may_buy_it_after_all(shop, sent_on: bool) -> None:
    product = await a_product(one_each=True)
    with provider(ledger.Ledger()):
        first = await place(shop, await to_token(shop, {product.variant_id: 1}))
        if sent_on:  # else it is cancelled before anybody has noted that it was sold
            await settle()
        bought = await rights_of(product)
        await orders.cancel_placed(await order_of(shop, first))
        await settle()
        again = await place(shop, await to_token(shop, {product.variant_id: 1}))
        await settle(again=await order_of(shop, first))

    assert (bought, again.status_code) == (1, 303)
    assert await rights_of(product) == 1
    assert await verify.violations({}) == []


async def test_an_order_that_is_given_up_gives_the_right_back(shop) -> None:
    product = await a_product(one_each=True)
    answer = await place(shop, await to_token(shop, {product.variant_id: 1}))  # to the provider's page
    taken, cart = await rights_of(product), await cart_of(await shopper_of(shop))

    assert cart and cart.order_id
    await orders.give_up(cart.order_id, "unpaid")

    assert answer.status_code == 303
    assert (taken, await rights_of(product)) == (1, 0)


async def test_the_same_cart_may_be_placed_again_when_it_was_changed(shop) -> None:
    """The unpaid order of a cart holds the right; the next one of the same cart takes its place."""
    product = await a_product(one_each=True)
    await place(shop, await to_token(shop, {product.variant_id: 1}))

    with knobs(payment_provider="instant"):
        again = await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))

    assert again.status_code == 303 and "/orders/" in again.headers["location"]
    assert await rights_of(product) == 1
