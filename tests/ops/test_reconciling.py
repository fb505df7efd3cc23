"""In a database of its own: a list of payments is everybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.db.engines import EVERYONE, writing
from app.ops import reconciling
from app.ops.reconciling import BadSince, NoBooks, Report, read_since, reconcile
from app.payments import testprovider
from app.values import new_id
from tests.knobs import knobs
from tests.makers import an_order
from tests.orders.books import pass_time, row_of
from tests.payments.money import attempt_of, refund, refunds_of, request_capture, work

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.slow]


async def checked(*, repair: bool = False) -> Report:
    return await reconcile(datetime.now(UTC) - timedelta(hours=1), repair=repair)


async def paid_at_the_page() -> UUID:
    """An order whose payment only the provider knows of."""
    state = await an_order()
    assert state.attempt is not None
    session = await testprovider.find("attempt_id", state.attempt.id)
    assert session is not None
    assert await testprovider.book(session.id, "authorised")
    return state.id


async def test_the_same_on_both_sides_is_nothing_to_report() -> None:
    state = await an_order()
    assert state.attempt is not None
    session = await testprovider.find("attempt_id", state.attempt.id)
    assert session is not None
    await testprovider.book(session.id, "authorised")
    from app.orders.drive import look

    await look(state.attempt)
    await request_capture(state.id, 1790)
    await work(state.id)
    await refund(state.id, 500, uuid4())
    await work(state.id)
    await pass_time(state.id, 120)

    assert (await checked()).differences == []


async def test_a_payment_the_shop_has_not_heard_of_is_reported_and_driven_on() -> None:
    order_id = await paid_at_the_page()
    await pass_time(order_id, 120)

    found = await checked()
    after = await checked(repair=True)

    assert [each.repair for each in found.differences] == ["look"]
    assert (after.repaired, after.differences) == (1, [])
    assert (await row_of(order_id))["status"] == "placed"


async def test_what_has_just_moved_is_under_way_and_no_difference() -> None:
    await paid_at_the_page()

    assert (await checked()).differences == []


async def test_money_for_an_order_that_is_over_is_given_back_by_the_repair() -> None:
    from app.orders.replacing import give_up

    state = await an_order()
    assert state.attempt is not None
    await give_up(state.id, "unpaid")
    async with writing(EVERYONE) as db:
        await db.execute(
            "UPDATE test_payment SET state = 'authorised', amount = 1790, currency = 'GBP' WHERE attempt_id = $1",
            state.attempt.id,
        )
    await pass_time(state.id, 120)

    after = await checked(repair=True)

    assert after.differences == []
    assert (await attempt_of(state.id)).status == "voided"


async def test_a_lost_capture_and_a_lost_refund_are_found_and_done() -> None:
    order_id = await paid_at_the_page()
    await pass_time(order_id, 120)
    await checked(repair=True)
    await request_capture(order_id, 1790)
    await pass_time(order_id, 120)
    capture = await checked(repair=True)
    await refund(order_id, 500, uuid4())
    await pass_time(order_id, 120)

    after = await checked(repair=True)

    assert (capture.repaired, capture.differences) == (1, [])
    assert (after.repaired, after.differences) == (1, [])
    assert [each.status for each in await refunds_of(order_id)] == ["done"]


async def test_what_nobody_can_explain_waits_for_a_person() -> None:
    async with writing(EVERYONE) as db:
        stranger = new_id(5)
        await db.execute(
            "INSERT INTO test_payment (id, attempt_id, amount, currency, return_url, state) VALUES ($1, $2, 999, 'GBP', '', 'captured')",
            new_id(5), stranger,
        )  # fmt: skip
    order_id = await paid_at_the_page()
    await pass_time(order_id, 120)
    await checked(repair=True)
    ours = (await attempt_of(order_id)).id
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM test_payment WHERE attempt_id = $1", ours)
    await pass_time(order_id, 120)

    after = await checked(repair=True)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM test_payment WHERE attempt_id = $1", stranger)

    assert {each.repair for each in after.differences} == {"a person decides"}
    assert sorted(each.words for each in after.differences) == [
        "9.99 GBP captured; no attempt of ours.",
        "It is authorised here; the provider's list has no such payment.",
    ]
    assert (await row_of(order_id))["number"] in {each.order for each in after.differences}


@pytest.mark.parametrize("text", ["", "yesterday", "7", "d", "-1d", "2026-13-01", "9" * 30 + "d"])
def test_a_time_nobody_understands_is_one_sentence(text: str) -> None:
    with pytest.raises(BadSince):
        read_since(text)


def test_times_are_read_as_dates_and_as_how_far_back() -> None:
    assert read_since("2026-11-20") == datetime(2026, 11, 20, tzinfo=UTC)
    assert timedelta(hours=35) < datetime.now(UTC) - read_since("36h") < timedelta(hours=37)


async def test_a_provider_without_books_is_said() -> None:
    with knobs(payment_provider="instant"), pytest.raises(NoBooks):
        await checked()


def test_every_repair_that_is_named_exists() -> None:
    assert set(reconciling.REPAIRS) == {"look", "capture", "void", "refunds", "outside"}
