from __future__ import annotations

import asyncio

import pytest

from app.db.engines import reading, writing
from app.inventory import operations, queries, reservations, rules
from app.inventory.operations import Terms
from app.values import any_bucket, bucket_of, new_id
from tests.inventory.stocked import a_stocked_variant, an_order, ledger


async def expire(variant_id) -> None:
    """The holds of a variant ran out a moment ago."""
    async with writing(variant_id) as db:
        await db.execute(
            "UPDATE reservation SET expires_at = clock_timestamp() - interval '1 second' WHERE variant_id = $1",
            variant_id,
        )


async def test_reserving_holds_units_without_selling_them(databases):
    variant_id = await a_stocked_variant(5)

    [verdict] = await operations.reserve(an_order(), [(variant_id, 2)])

    stock = await queries.stock_of(variant_id)
    assert verdict.held
    assert (stock.on_hand, stock.reserved, stock.available, stock.sold) == (5, 2, 3, 0)


async def test_one_unit_is_held_for_one_of_a_hundred_buyers(databases):
    variant_id = await a_stocked_variant(1)

    answers = await asyncio.gather(*(operations.reserve(an_order(), [(variant_id, 1)]) for _ in range(100)))

    said = [verdict.said for [verdict] in answers]
    assert (said.count("held"), said.count("sold_out")) == (1, 99)
    assert (await queries.stock_of(variant_id)).reserved == 1


async def test_of_two_buyers_of_the_last_unit_one_is_told_that_it_is_sold_out(databases):
    for _ in range(10):
        variant_id = await a_stocked_variant(1)

        answers = await asyncio.gather(*(operations.reserve(an_order(), [(variant_id, 1)]) for _ in range(2)))

        assert sorted(verdict.said for [verdict] in answers) == ["held", "sold_out"]


async def test_asking_again_gives_the_same_answer_and_holds_nothing_more(databases):
    variant_id, order_id = await a_stocked_variant(3), an_order()

    first = await operations.reserve(order_id, [(variant_id, 2)])
    again = await asyncio.gather(*(operations.reserve(order_id, [(variant_id, 2)]) for _ in range(5)))

    assert all(answer == first for answer in again)
    assert (await queries.stock_of(variant_id)).reserved == 2


async def test_two_lines_of_one_variant_are_checked_together(databases):
    variant_id = await a_stocked_variant(3)

    [verdict] = await operations.reserve(an_order(), [(variant_id, 2), (variant_id, 2)])

    assert (verdict.said, verdict.quantity) == ("sold_out", 4)
    assert (await queries.stock_of(variant_id)).reserved == 0


async def test_when_one_variant_is_sold_out_nothing_stays_held(databases):
    variants = sorted([await a_stocked_variant(5), await a_stocked_variant(5), await a_stocked_variant(5)])
    await operations.adjust(variants[1], -5)

    verdicts = await operations.reserve(an_order(), [(variant, 1) for variant in reversed(variants)])

    assert [verdict.said for verdict in verdicts] == ["held", "sold_out"]
    assert [(await queries.stock_of(variant)).reserved for variant in variants] == [0, 0, 0]


async def test_an_order_that_was_undone_stays_undone(databases):
    variant_id, order_id = await a_stocked_variant(5), an_order()
    [verdict] = await operations.reserve(order_id, [(variant_id, 1)])
    await operations.release([verdict.pair])

    [again] = await operations.reserve(order_id, [(variant_id, 1)])

    assert again.said == "released"
    assert (await queries.stock_of(variant_id)).reserved == 0


async def test_a_variant_without_stock_is_not_held(databases):
    [verdict] = await operations.reserve(an_order(), [(new_id(any_bucket()), 1)])

    assert verdict.said == "no_stock"


@pytest.mark.parametrize("policy", ["made_to_order", "preorder"])
async def test_what_is_made_later_is_held_beyond_what_is_on_hand(databases, policy):
    variant_id = await a_stocked_variant(0, Terms(policy=policy))

    verdicts = await operations.reserve(an_order(), [(variant_id, 7)])
    await operations.pin([verdicts[0].pair])

    assert await operations.claim([verdicts[0].pair])
    stock = await queries.stock_of(variant_id)
    assert (stock.on_hand, stock.reserved, stock.sold) == (0, 0, 7)


async def test_orders_with_the_same_variants_in_any_order_do_not_block_one_another(databases):
    first, second = await a_stocked_variant(100), await a_stocked_variant(100)

    answers = await asyncio.gather(
        *(
            operations.reserve(an_order(), lines)
            for _ in range(20)
            for lines in ([(first, 1), (second, 1)], [(second, 1), (first, 1)])
        )
    )

    assert all(verdict.held for verdicts in answers for verdict in verdicts)


async def test_an_expired_hold_cannot_be_pinned_and_lets_go_of_everything(databases):
    late, fresh = await a_stocked_variant(1), await a_stocked_variant(1)
    pairs = [verdict.pair for verdict in await operations.reserve(an_order(), [(late, 1), (fresh, 1)])]
    await expire(late)

    assert not await operations.pin(pairs)
    assert [(await queries.stock_of(variant)).reserved for variant in (late, fresh)] == [0, 0]


async def test_what_is_pinned_at_once_never_runs_out_and_pins_what_was_held(databases):
    variant_id, order_id, other = await a_stocked_variant(5), an_order(), an_order()
    await operations.reserve(order_id, [(variant_id, 2)])

    said = [await operations.reserve(who, [(variant_id, 2)], pinned=True) for who in (order_id, other, other)]
    await expire(variant_id)
    released = await operations.sweep_expired(bucket_of(variant_id))

    assert [verdict.said for [verdict] in said] == ["held"] * 3
    assert released == 0
    assert await operations.claim(verdict.pair for [verdict] in said[:2])
    assert (await queries.stock_of(variant_id)).sold == 4


async def test_a_hold_that_ran_out_is_not_pinned_when_it_is_reserved_again(databases):
    variant_id, order_id = await a_stocked_variant(5), an_order()
    await operations.reserve(order_id, [(variant_id, 2)])
    await expire(variant_id)

    [verdict] = await operations.reserve(order_id, [(variant_id, 2)], pinned=True)

    assert verdict.said == "released"


async def test_pinning_twice_is_pinning_once(databases):
    variant_id = await a_stocked_variant(1)
    [verdict] = await operations.reserve(an_order(), [(variant_id, 1)])

    assert await operations.pin([verdict.pair])
    assert await operations.pin([verdict.pair])
    assert (await queries.stock_of(variant_id)).reserved == 1


async def test_what_was_never_held_cannot_be_pinned(databases):
    variant_id = await a_stocked_variant(1)

    assert not await operations.pin([(variant_id, rules.reservation_id(an_order(), variant_id))])


async def test_the_sweeper_releases_what_expired_and_nothing_else(databases):
    variant_id = await a_stocked_variant(10)
    [pinned] = await operations.reserve(an_order(), [(variant_id, 1)])
    await operations.pin([pinned.pair])
    [expired] = await operations.reserve(an_order(), [(variant_id, 2)])
    await expire(variant_id)
    [fresh] = await operations.reserve(an_order(), [(variant_id, 4)])

    assert await operations.sweep_expired(bucket_of(variant_id)) >= 1

    assert (await queries.stock_of(variant_id)).reserved == 5
    assert await states([pinned, expired, fresh]) == [3, 2, 0]
    assert not await operations.pin([expired.pair])


async def test_a_variant_whose_row_somebody_holds_keeps_no_other_from_its_sweep(databases):
    bucket = any_bucket()
    first, second = sorted([await a_stocked_variant(1, bucket=bucket), await a_stocked_variant(1, bucket=bucket)])
    for variant_id in (first, second):
        await operations.reserve(an_order(), [(variant_id, 1)])
        await expire(variant_id)

    locked, swept = asyncio.Event(), asyncio.Event()

    async def lock() -> None:
        async with writing(first) as db:
            await db.execute("SELECT 1 FROM stock WHERE variant_id = $1 FOR UPDATE", first)
            locked.set()
            await swept.wait()

    async with asyncio.TaskGroup() as others:
        others.create_task(lock())
        await locked.wait()
        await operations.sweep_expired(bucket)
        swept.set()

    assert [(await queries.stock_of(each)).reserved for each in (first, second)] == [1, 0]


async def test_sweeping_and_pinning_at_once_never_both_win(databases):
    for _ in range(10):
        variant_id = await a_stocked_variant(1)
        [verdict] = await operations.reserve(an_order(), [(variant_id, 1)])
        await expire_soon(variant_id)

        pinned, _ = await asyncio.gather(
            operations.pin([verdict.pair]), operations.sweep_expired(bucket_of(variant_id))
        )

        [state] = await states([verdict])
        assert state == (3 if pinned else 2)
        assert (await queries.stock_of(variant_id)).reserved == (1 if pinned else 0)


async def test_claiming_sells_once_however_often_it_is_asked(databases):
    variant_id, order_id = await a_stocked_variant(5), an_order()
    [verdict] = await operations.reserve(order_id, [(variant_id, 2)])
    await operations.pin([verdict.pair])

    claims = await asyncio.gather(*(operations.claim([verdict.pair]) for _ in range(5)))

    stock = await queries.stock_of(variant_id)
    assert all(claims)
    assert (stock.on_hand, stock.reserved, stock.sold) == (3, 0, 2)
    assert await ledger(variant_id) == [(5, "opening", ""), (-2, "sold", str(order_id))]


async def test_only_what_is_pinned_can_be_claimed(databases):
    variant_id = await a_stocked_variant(5)
    [verdict] = await operations.reserve(an_order(), [(variant_id, 2)])

    assert not await operations.claim([verdict.pair])
    assert (await queries.stock_of(variant_id)).on_hand == 5


async def test_what_was_sold_is_not_released(databases):
    variant_id = await a_stocked_variant(5)
    [verdict] = await operations.reserve(an_order(), [(variant_id, 2)])
    await operations.pin([verdict.pair])
    await operations.claim([verdict.pair])

    await operations.release([verdict.pair])

    stock = await queries.stock_of(variant_id)
    assert (stock.on_hand, stock.reserved, stock.sold) == (3, 0, 2)


async def states(verdicts):
    async with reading(verdicts[0].variant_id) as db:
        rows = await db.fetch("SELECT id, state FROM reservation WHERE variant_id = $1", verdicts[0].variant_id)
    known = {row["id"]: row["state"] for row in rows}
    return [known[verdict.reservation_id] for verdict in verdicts]


async def expire_soon(variant_id) -> None:
    async with writing(variant_id) as db:
        await db.execute(
            "UPDATE reservation SET expires_at = clock_timestamp() + interval '2 milliseconds' WHERE variant_id = $1",
            variant_id,
        )


async def test_a_batch_holds_who_asks_twice_once_and_serves_first_who_came_first(databases):
    variant_id, orders = await a_stocked_variant(5), [an_order() for _ in range(4)]
    first, big, small, late = (
        reservations.Hold(rules.reservation_id(order, variant_id), order, quantity)
        for order, quantity in zip(orders, (2, 4, 3, 1), strict=True)
    )

    twice = await reservations.PINNED_HOLDS.send(variant_id, [first, first])
    said = await reservations.PINNED_HOLDS.send(variant_id, [big, small, late])

    assert twice == {first.id: "held"}
    assert said == {big.id: "sold_out", small.id: "held", late.id: "sold_out"}
    assert (await queries.stock_of(variant_id)).reserved == 5


async def test_a_batch_for_which_there_is_enough_is_held_as_a_whole_and_repeated_as_a_whole(databases):
    variant_id, orders = await a_stocked_variant(5), [an_order() for _ in range(3)]
    batch = [reservations.Hold(rules.reservation_id(order, variant_id), order, 1) for order in orders]

    said = [await reservations.PINNED_HOLDS.send(variant_id, batch) for _ in range(2)]

    assert said == [dict.fromkeys([hold.id for hold in batch], "held")] * 2
    assert (await queries.stock_of(variant_id)).reserved == 3
