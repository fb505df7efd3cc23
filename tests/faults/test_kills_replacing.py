"""A process ends before or after any commit of an order that takes the place of an unpaid one: in the end there is the new one alone."""

from __future__ import annotations

from typing import Any

import pytest

from app.ops import verify
from app.orders import operations as orders
from app.orders.operations import Placing
from tests.faults import acts, ledger
from tests.knobs import provider
from tests.makers import a_placing, a_product, a_shopper
from tests.orders.books import attempts_of, numbers_of, pass_time, row_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")

slow = pytest.mark.slow

#    dies at                  the new one    the one before
MATRIX = [
    ("t1_before_commit",      None,          "awaiting_payment"),
    ("t1_after_commit",       "placing",     "awaiting_payment"),
    ("t2_before_commit",      "placing",     "awaiting_payment"),
    ("t2_after_commit",       "placing",     "awaiting_payment"),
    ("t6_before_commit",      "placing",     "awaiting_payment"),
    ("t6_after_commit",       "placing",     "cancelled"),
    ("cancel_before_commit",  "placing",     "cancelled"),
    ("release_before_commit", "placing",     "cancelled"),
    ("release_after_commit",  "placing",     "cancelled"),
    ("t5_after_commit",       "awaiting_payment", "cancelled"),
]  # fmt: skip
QUICK = ("t1_after_commit", "t6_after_commit")
WAYS = ("own", "guest")


@pytest.mark.parametrize("whose", WAYS)
@pytest.mark.parametrize(
    ("point", "after", "before"), [pytest.param(*row, marks=() if row[0] in QUICK else slow) for row in MATRIX]
)
async def test_an_act_that_ends_at_a_point_is_mended(whose: str, point: str, after: str | None, before: str) -> None:
    await _dies_and_is_mended(acts.in_process, whose, point, after, before)


@slow
@pytest.mark.parametrize("whose", WAYS)
@pytest.mark.parametrize(("point", "after", "before"), [row for row in MATRIX if row[0] in QUICK])
async def test_a_process_killed_at_a_point_is_mended(whose: str, point: str, after: str | None, before: str) -> None:
    await _dies_and_is_mended(acts.in_a_process_of_its_own, whose, point, after, before)


async def _dies_and_is_mended(die: Any, whose: str, point: str, after: str | None, before: str) -> None:
    lamp = (await a_product(variants=[{"stock": 2, "band": "few"}])).variant_id
    mug, shopper_id = (await a_product()).variant_id, await a_shopper()
    first = (await orders.place(await a_placing({lamp: 2}, shopper_id if whose == "own" else None))).state
    ask = await a_placing({lamp: 2, mug: 1}, shopper_id, replaces=None if whose == "own" else first.id)

    await die("buy", ask, point)
    stood = await acts.status_of(ask), (await row_of(first.id))["status"]
    with provider(ledger.Ledger()) as asked:
        if stood[0]:
            await pass_time(ask.order_id, 20)
        await settle()
        again = await acts.press(ask)
        await settle()

    assert stood == (after, before)
    assert (await acts.status_of(ask), (await row_of(first.id))["status"]) == ("placed", "cancelled")
    assert again.state.id == ask.order_id
    assert await _paid(ask, asked)
    assert await numbers_of(lamp) == (0, 0, 2)
    assert await verify.violations({ask.order_id: stood[0], first.id: "cancelled"} if stood[0] else {}) == []


async def _paid(ask: Placing, asked: ledger.Ledger) -> bool:
    """Once, and nobody else was asked for it."""
    return len(await attempts_of(ask.order_id)) == 1 and len(asked.charges) <= 1
