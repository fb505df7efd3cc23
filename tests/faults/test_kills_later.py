"""A process ends before or after any commit of what happens to a placed order. Jobs run, staff try again: done once, all sums right."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.db.engines import reading
from app.ops import verify
from app.orders import operations as orders
from app.orders.operations import Placing
from app.promotions.operations import open_limits
from app.promotions.queries import Use
from tests.faults import acts, later, ledger
from tests.knobs import provider
from tests.makers import a_placing, a_product
from tests.orders.books import lines_of, numbers_of, row_of
from tests.outboxes import settle
from tests.payments.money import refunds_of

pytestmark = pytest.mark.usefixtures("own_database")

slow = pytest.mark.slow

#    act          dies at                        whether what was left comes to its end without anybody trying again
MATRIX = [
    ("ship",      "ship_before_commit",          False),
    ("ship",      "ship_after_commit",           True),
    ("ship",      "ask_capture_before_commit",   False),
    ("ship",      "ask_capture_after_commit",    False),
    ("ship",      "captured_before_commit",      False),
    ("ship",      "captured_after_commit",       False),
    ("ship",      "invoice_before_commit",       True),
    ("ship",      "invoice_after_commit",        True),
    ("undo",      "undo_before_commit",          False),
    ("undo",      "undo_after_commit",           True),
    ("undo",      "voided_before_commit",        True),
    ("undo",      "voided_after_commit",         True),
    ("undo",      "adjust_before_commit",        True),
    ("undo",      "adjust_after_commit",         True),
    ("trim",      "cancel_part_before_commit",   False),
    ("trim",      "cancel_part_after_commit",    False),
    ("trim",      "ask_capture_after_commit",    False),
    ("trim",      "captured_before_commit",      False),
    ("undo",      "give_back_before_commit",     True),
    ("undo",      "give_back_after_commit",      True),
    ("refund",    "refund_before_commit",        False),
    ("refund",    "refund_after_commit",         True),
    ("refund",    "refund_intent_before_commit", True),
    ("refund",    "refund_intent_after_commit",  True),
    ("refund",    "refunded_before_commit",      True),
    ("refund",    "refunded_after_commit",       True),
    ("refund",    "credit_before_commit",        True),
    ("refund",    "credit_after_commit",         True),
    ("desk",      "outside_after_commit",        True),
    ("send_back", "return_requested_before_commit", False),
    ("send_back", "return_requested_after_commit", False),
    ("send_back", "return_approved_before_commit", False),
    ("send_back", "return_approved_after_commit", False),
    ("send_back", "return_received_before_commit", False),
    ("send_back", "return_received_after_commit", False),
    ("send_back", "return_refunded_before_commit", False),
    ("send_back", "return_refunded_after_commit", True),
    ("swap",      "return_exchanged_before_commit", False),
    ("swap",      "return_exchanged_after_commit", True),
    ("turn_down", "return_rejected_before_commit", False),
    ("turn_down", "return_rejected_after_commit", True),
]  # fmt: skip
QUICK = (
    "ship_after_commit",
    "give_back_before_commit",
    "captured_before_commit",
    "cancel_part_after_commit",
    "voided_before_commit",
    "refunded_before_commit",
    "return_received_after_commit",
)

#               status       payment               on hand, reserved, sold: of the goods, of the right to them   parcels  refunds of the lines' share, return
ENDS = {
    "ship":      ("closed",    "captured",           (1, 0, 2), (0, 0, 1), 1, 0, None),
    "undo":      ("cancelled", "voided",             (3, 0, 2), (1, 0, 0), 0, 0, None),
    "trim":      ("closed",    "captured",           (2, 0, 2), (0, 0, 1), 1, 0, None),
    "refund":    ("closed",    "partially_refunded", (2, 0, 2), (0, 0, 1), 1, 1, None),
    "desk":      ("closed",    "partially_refunded", (1, 0, 2), (0, 0, 1), 1, 1, None),
    "send_back": ("closed",    "partially_refunded", (2, 0, 2), (0, 0, 1), 1, 1, "refunded"),
    "swap":      ("closed",    "captured",           (1, 0, 2), (0, 0, 1), 2, 0, "exchanged"),
    "turn_down": ("closed",    "captured",           (1, 0, 2), (0, 0, 1), 1, 0, "rejected"),
}  # fmt: skip


@pytest.mark.parametrize(("act", "point", "alone"), [row for row in MATRIX if row[1] in QUICK])
async def test_what_ends_at_a_point_is_done_once(act: str, point: str, alone: bool) -> None:
    await _dies_and_is_mended(acts.in_process, act, point, alone)


@slow
@pytest.mark.parametrize(("act", "point", "alone"), MATRIX)
async def test_what_a_killed_process_left_is_done_once(act: str, point: str, alone: bool) -> None:
    await _dies_and_is_mended(acts.in_a_process_of_its_own, act, point, alone)


async def _dies_and_is_mended(die: Any, act: str, point: str, alone: bool) -> None:
    variant_id = (await a_product(variants=[{"stock": 3, "band": "few"}])).variant_id
    ask = await a_placing({variant_id: 2})
    right = Use(name=f"drop:{variant_id.hex}", customer=ask.email, most=1, title="Teapot", one_each=True)
    ask = msgspec.structs.replace(ask, quote=msgspec.structs.replace(ask.quote, rights=(right,)))
    await open_limits(ask.quote.uses)
    with provider(ledger.Ledger()):
        await orders.place(ask)
        await settle()

    await die(act, ask, point)
    with provider(ledger.Ledger()):
        await settle()
    left = await verify.violations({ask.order_id: "placed"})
    by_itself = await _stands(ask, variant_id)
    await later.ACTS[act](ask)

    assert left == []
    assert (by_itself == ENDS[act]) is alone
    assert await _stands(ask, variant_id) == ENDS[act]
    assert await verify.violations({ask.order_id: "placed"}) == []


async def _stands(ask: Placing, variant_id: Any) -> tuple:
    row, [line] = await row_of(ask.order_id), await lines_of(ask.order_id)
    async with reading(ask.order_id) as db:
        parcels = await db.fetchval("SELECT count(*) FROM shipment WHERE order_id = $1", ask.order_id)
        returned = await db.fetchval("SELECT status FROM order_return WHERE order_id = $1", ask.order_id)
    refunds = [refund for refund in await refunds_of(ask.order_id) if refund.status == "done"]
    assert sum(refund.amount for refund in refunds) == (line["line_total"] // 2 if refunds else 0)
    taken = [await numbers_of(id) for id in (variant_id, *(use.limit_id for use in ask.quote.uses))]
    return row["status"], row["payment_status"], *taken, parcels, len(refunds), returned
