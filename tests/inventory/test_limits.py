from __future__ import annotations

import asyncio
import secrets

import pytest

from app.inventory import operations, queries
from tests.inventory.stocked import a_stocked_variant, an_order, ledger
from tests.inventory.test_events import band_events


def a_name() -> str:
    return f"SPRING-{secrets.token_hex(6)}"


async def uses_left(limit_id) -> int:
    return (await queries.stock_of(limit_id)).available


async def held(order_id, *lines) -> bool:
    return all(verdict.held for verdict in await operations.reserve(order_id, lines))


async def test_the_last_use_goes_to_one_of_a_hundred(databases):
    code = await operations.limit(a_name(), 1)

    answers = await asyncio.gather(*(held(an_order(), (code, 1)) for _ in range(100)))

    assert answers.count(True) == 1
    assert await uses_left(code) == 0


async def test_a_customer_who_orders_twice_at_once_gets_one(databases):
    name = a_name()

    async def order(customer: str) -> bool:
        share = await operations.limit(name, 1, customer=customer)
        return await held(an_order(), (share, 1))

    answers = await asyncio.gather(*(order(who) for who in ("ada@example.com", "bob@example.com") for _ in range(5)))

    assert (answers[:5].count(True), answers[5:].count(True)) == (1, 1)


async def test_a_customer_is_the_same_however_the_name_is_typed(databases):
    name = a_name()

    assert await operations.limit(name, 2, customer="Ada@Example.com ") == await operations.limit(
        f" {name.lower()}", 2, customer="ada@example.com"
    )


async def test_a_limit_that_is_used_up_lets_go_of_the_goods_and_goods_sold_out_let_go_of_the_limit(databases):
    code, used_up = await operations.limit(a_name(), 5), await operations.limit(a_name(), 0)
    tea, gone = await a_stocked_variant(5), await a_stocked_variant(0)

    assert not await held(an_order(), (tea, 1), (used_up, 1), (code, 1))
    assert not await held(an_order(), (gone, 1), (code, 1))
    assert (await uses_left(code), await uses_left(tea)) == (5, 5)


async def test_a_use_is_counted_with_the_sale_and_given_back_with_the_release(databases):
    code = await operations.limit(a_name(), 2)
    kept, dropped = an_order(), an_order()
    verdicts = [(await operations.reserve(order, [(code, 1)]))[0] for order in (kept, dropped)]

    await operations.pin([verdicts[0].pair])
    await operations.claim([verdicts[0].pair])
    await operations.release([verdicts[1].pair])

    stock = await queries.stock_of(code)
    assert (stock.sold, stock.reserved, stock.on_hand) == (1, 0, 1)
    assert await ledger(code) == [(2, "limit", ""), (-1, "sold", str(kept))]


async def test_uses_so_far_count_when_a_limit_is_changed(databases):
    name = a_name()
    code = await operations.limit(name, 3)
    for order in (first := an_order(), an_order()):
        [verdict] = await operations.reserve(order, [(code, 1)])
        await operations.pin([verdict.pair])
        if order == first:
            await operations.claim([verdict.pair])

    left = []
    for most in (5, 2, 0, 3):
        await operations.limit(name, most)
        left.append(await uses_left(code))

    assert left == [3, 0, 0, 1]


async def test_an_older_word_of_a_limit_changes_nothing(databases):
    name = a_name()
    code = await operations.limit(name, 3, version=1)

    left = []
    for most, version in ((1, 2), (3, 1), (5, 2), (2, 3)):
        await operations.limit(name, most, version=version)
        left.append(await uses_left(code))

    assert left == [1, 1, 1, 2]


async def test_a_use_that_comes_back_to_a_limit_that_was_lowered_is_not_there_again(databases):
    name = a_name()
    code = await operations.limit(name, 3)
    verdicts = [(await operations.reserve(an_order(), [(code, 1)]))[0] for _ in range(3)]
    await operations.limit(name, 1)

    left = []
    for verdict in verdicts:
        await operations.release([verdict.pair])
        left.append(await uses_left(code))

    assert left == [0, 0, 1]
    assert sum(delta for delta, _, _ in await ledger(code)) == 1


async def test_nobody_is_told_of_a_limits_band(databases):
    code = await operations.limit(a_name(), 1)
    await operations.reserve(an_order(), [(code, 1)])

    assert await band_events(code) == []


async def test_a_limit_is_a_number_that_makes_sense(databases):
    with pytest.raises(operations.NotThatMany):
        await operations.limit(a_name(), -1)
