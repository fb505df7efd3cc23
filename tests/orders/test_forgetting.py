from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from app.db import crash
from app.db.current import Busy
from app.db.engines import EVERYONE, reading, writing
from app.orders import forgetting
from app.orders.queries import order_of
from tests.makers import a_shopper
from tests.payments.money import a_paid_order

pytestmark = pytest.mark.usefixtures("databases")


async def an_old_order(status: str = "closed") -> tuple[UUID, Any]:
    shopper_id = await a_shopper()
    order = await a_paid_order(shopper_id=shopper_id, note="Ring twice")
    async with writing(order.id) as db:
        await db.execute("UPDATE orders SET status = $2 WHERE id = $1", order.id, status)
    async with writing(EVERYONE) as db:
        await db.execute(
            "INSERT INTO order_index (order_id, number, email, name, total, currency, status, payment_status, fulfilment_status, placed_at)"
            " VALUES ($1, $2, 'ada@example.org', 'Ada', 100, 'GBP', $3, 'captured', 'fulfilled', now() - interval '50 years')"
            " ON CONFLICT (order_id) DO UPDATE SET status = $3, placed_at = EXCLUDED.placed_at",
            order.id, order.number, status,
        )  # fmt: skip
    return shopper_id, order


async def named(order_id: UUID) -> tuple[str, str, str, str]:
    async with reading(order_id) as db:
        row = await db.fetchrow("SELECT email, name, note, address FROM orders WHERE id = $1", order_id)
    async with reading(EVERYONE) as db:
        listed = await db.fetchval("SELECT email || name FROM order_index WHERE order_id = $1", order_id)
    return row["email"] + row["name"], row["note"], str(row["address"] or ""), listed


async def test_an_old_order_that_is_over_forgets_whose_it_was() -> None:
    shopper_id, order = await an_old_order()

    await forgetting.scrub_old(EVERYONE)

    assert "".join(await named(order.id)).strip("{}") == ""
    kept = await order_of(shopper_id, order.number)
    assert kept and kept.lines and kept.totals.total


async def test_an_order_that_is_not_over_or_not_old_keeps_its_name() -> None:
    _, open_one = await an_old_order("placed")
    _, old_one = await an_old_order()

    await forgetting.scrub_old(EVERYONE)

    assert (await named(open_one.id))[0] and not (await named(old_one.id))[0]


async def a_rejected_order(age: str) -> UUID:
    """One that could not be kept, so long ago: staff's list never had it."""
    order = await a_paid_order(shopper_id=await a_shopper(), note="Ring twice")
    async with writing(order.id) as db:
        await db.execute(
            "UPDATE orders SET status = 'rejected', placed_at = NULL, created_at = now() - $2::text::interval WHERE id = $1",
            order.id, age,
        )  # fmt: skip
    return order.id


async def test_an_order_that_was_never_placed_forgets_whose_it_was_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "MOST", 1)
    old, older, new = [await a_rejected_order(age) for age in ("50 years", "51 years", "1 hour")]

    await forgetting.scrub_old(EVERYONE)
    after_one_round = [bool((await of_shard(id))["email"]) for id in (old, older, new)]
    for _ in range(3):
        await forgetting.scrub_old(EVERYONE)

    assert after_one_round[2] and not after_one_round[1], "the oldest first, so many in a round"
    assert [(await of_shard(id))["email"] for id in (old, older)] == ["", ""]
    assert not (await of_shard(old))["name"] and not (await of_shard(old))["note"]
    assert (await of_shard(new))["email"]


async def test_a_list_that_did_not_hear_of_the_rejection_forgets_the_name_with_the_order() -> None:
    _, order = await an_old_order("awaiting_payment")
    async with writing(order.id) as db:
        await db.execute(
            "UPDATE orders SET status = 'rejected', created_at = now() - interval '52 years' WHERE id = $1", order.id
        )

    await forgetting.scrub_old(EVERYONE)

    assert "".join(await named(order.id)).strip("{}") == ""


async def of_shard(order_id: UUID) -> Any:
    async with reading(order_id) as db:
        return await db.fetchrow("SELECT email, name, note, address FROM orders WHERE id = $1", order_id)


STOPS = ("scrub", "scrub_index", "scrub_rejected")


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_scrub_that_was_killed_is_finished(monkeypatch: pytest.MonkeyPatch, stop: str, when: str) -> None:
    _, order = await an_old_order()
    rejected = await a_rejected_order("60 years")

    def at(step: str, moment: str) -> None:
        if (step, moment) == (stop, when):
            raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(crash, "at", at)
        with pytest.raises((ConnectionResetError, Busy)):
            await forgetting.scrub_old(EVERYONE)
    await forgetting.scrub_old(EVERYONE)

    assert "".join(await named(order.id)).strip("{}") == ""
    assert (await of_shard(rejected))["email"] == ""
