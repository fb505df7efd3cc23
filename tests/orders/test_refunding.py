from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders import operations, queries, rules
from app.orders.operations import Refunding
from app.orders.refunding import AllOfIt, AnotherRefund, NothingToRefund, NotThatManyPaid
from app.payments.operations import CannotRefund
from tests.knobs import Scripted, provider
from tests.makers import a_product
from tests.orders.books import consequences_of, history_of, lines_of, numbers_of
from tests.orders.test_shipping import ship, statuses
from tests.outboxes import settle
from tests.payments.money import a_captured_order, a_paid_order, refunds_of

pytestmark = pytest.mark.usefixtures("own_database")


async def refund(
    order_id: UUID, lines: dict[UUID, int], amount: int | None = None, *, key: UUID | None = None, restock: bool = False
) -> UUID:
    ask = Refunding(lines=lines, amount=amount, reason="Chipped", restock=restock)
    return await operations.refund(order_id, ask, key=key or uuid4())


async def settled() -> None:
    with provider(Scripted()):
        await settle()


@given(total=st.integers(0, 10**9), parts=st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_a_line_given_back_bit_by_bit_gives_back_its_total(total: int, parts: list[int]) -> None:
    quantity, before, back = sum(parts), 0, 0
    for units in parts:
        back += rules.part_of(total, quantity, before=before, units=units)
        before += units

    assert back == total


async def test_units_that_were_sent_are_refunded_and_back_on_the_shelf_if_they_can_be_sold_again() -> None:
    variant_id = (await a_product(price=1000)).variant_id
    state = await a_captured_order(lines={variant_id: 3})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 3})

    await refund(state.id, {line["id"]: 1}, restock=True)
    await refund(state.id, {line["id"]: 1})
    await settled()

    assert [each.amount for each in await refunds_of(state.id)] == [1000, 1000]
    assert await statuses(state.id) == ("closed", "partially_refunded", "fulfilled")
    assert (await lines_of(state.id))[0]["cancelled"] == 0
    assert await numbers_of(variant_id) == (18, 0, 3)


async def test_units_that_were_not_sent_are_given_up_first_and_the_rest_closes_the_order() -> None:
    variant_id = (await a_product(price=1000)).variant_id
    state = await a_captured_order(lines={variant_id: 3})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 2})

    await refund(state.id, {line["id"]: 1}, restock=True)
    await settled()

    assert (await lines_of(state.id))[0]["cancelled"] == 1
    assert (await statuses(state.id))[0] == "closed"
    assert (await history_of(state.id)).count("refund_opened") == 1
    assert await numbers_of(variant_id) == (18, 0, 3)


async def test_an_order_of_which_everything_was_given_up_before_anything_was_sent_is_cancelled() -> None:
    variant_id = (await a_product(price=1000)).variant_id
    state = await a_captured_order(lines={variant_id: 2})
    [line] = await lines_of(state.id)

    await refund(state.id, {line["id"]: 1}, restock=True)
    before = await statuses(state.id)
    await refund(state.id, {line["id"]: 1}, restock=True)
    await settled()

    assert before[0] == "placed"
    assert await statuses(state.id) == ("cancelled", "refunded", "cancelled")
    assert sum(each.amount for each in await refunds_of(state.id)) == state.total, "delivery, too"
    assert (await consequences_of(state.id)).count("SendCancelled") == 1
    assert await numbers_of(variant_id) == (20, 0, 2)


async def test_an_amount_for_all_that_was_to_be_sent_is_refused_rather_than_made_more() -> None:
    state = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 2})
    [line] = await lines_of(state.id)

    with pytest.raises(AllOfIt):
        await refund(state.id, {line["id"]: 2}, amount=500)

    assert await refunds_of(state.id) == []
    assert (await statuses(state.id))[0] == "placed"
    assert (await lines_of(state.id))[0]["cancelled"] == 0


async def test_units_that_cost_nothing_are_given_up_without_money_once_for_each_key() -> None:
    state = await a_captured_order(lines={(await a_product(price=0)).variant_id: 3})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 1})
    key = uuid4()

    for _ in range(2):
        await refund(state.id, {line["id"]: 1}, key=key)
    after = [each["cancelled"] for each in await lines_of(state.id)]
    await refund(state.id, {line["id"]: 1})

    assert after == [1]
    assert await refunds_of(state.id) == []
    assert await statuses(state.id) == ("closed", "captured", "fulfilled")


@pytest.mark.parametrize("given_up", [0, 1])
async def test_the_page_says_that_everything_was_sent_only_when_nothing_was_given_up(given_up: int) -> None:
    state = await a_captured_order(lines={(await a_product()).variant_id: 3})
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 3 - given_up})
    if given_up:
        await refund(state.id, {line["id"]: given_up})

    told = await queries.order_of(state.shopper_id, state.number)

    assert told is not None and told.status == "closed"
    assert ("Everything has been sent" in told.explanation) == (not given_up)
    assert not any("Everything was sent" in step.words for step in told.events)


async def test_the_same_refund_asked_for_twice_at_once_is_one() -> None:
    state = await a_captured_order(lines={(await a_product()).variant_id: 2})
    [line] = await lines_of(state.id)
    key = uuid4()

    ids = await asyncio.gather(*(refund(state.id, {line["id"]: 1}, key=key) for _ in range(4)))

    assert len(set(ids)) == 1
    assert (await lines_of(state.id))[0]["refunded"] == 1


async def test_the_form_of_a_refund_that_is_on_its_way_is_no_other_refund() -> None:
    state = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 2})
    [line] = await lines_of(state.id)
    amount, units = uuid4(), uuid4()
    first, second = await refund(state.id, {}, 500, key=amount), await refund(state.id, {line["id"]: 1}, key=units)

    for lines, other, key in (({}, 1000, amount), ({line["id"]: 1}, 500, amount), ({line["id"]: 2}, None, units)):
        with pytest.raises(AnotherRefund):
            await refund(state.id, lines, other, key=key)

    again = [await refund(state.id, {}, 500, key=amount), await refund(state.id, {line["id"]: 1}, key=units)]
    assert again == [first, second]
    assert sorted(each.amount for each in await refunds_of(state.id)) == [500, 1000]


async def test_never_more_units_or_money_go_back_than_came() -> None:
    state = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 2})
    [line] = await lines_of(state.id)

    with pytest.raises(NotThatManyPaid) as no:
        await refund(state.id, {line["id"]: 3})
    with pytest.raises(CannotRefund):
        await refund(state.id, {line["id"]: 1}, state.total + 1)
    with pytest.raises(NothingToRefund):
        await refund(state.id, {})
    ends = await asyncio.gather(*(refund(state.id, {}, 1300) for _ in range(4)), return_exceptions=True)

    assert no.value.about == {"line_id": line["id"]}
    assert [type(end) for end in ends].count(CannotRefund) == 3
    assert (await lines_of(state.id))[0]["refunded"] == 0


async def test_what_was_not_taken_cannot_be_refunded() -> None:
    state = await a_paid_order()

    [line] = await lines_of(state.id)

    for lines, amount in (({}, 100), ({line["id"]: 1}, None)):
        with pytest.raises(CannotRefund):
            await refund(state.id, lines, amount)


async def test_an_amount_alone_leaves_every_unit_to_be_sent_and_the_mail_says_how_much_and_why() -> None:
    state = await a_captured_order()

    refund_id = await refund(state.id, {}, 100)
    await settled()

    told = await queries.refunded_mail(state.id, refund_id)
    assert told is not None
    assert (told.amount, told.reason, told.number) == (100, "Chipped", state.number)
    assert await statuses(state.id) == ("placed", "partially_refunded", "unfulfilled")
