"""A process ends before or after any commit of an order's way. Sweepers run, the shopper posts again: one order, all sums right.

The table is the promise: where the order stands right after, and where it ends.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from app.inventory import operations as inventory
from app.ops import verify
from app.orders import promise
from app.orders.operations import Placing
from tests.faults import acts, ledger
from tests.knobs import provider
from tests.makers import a_placing, a_product, something_off
from tests.orders.books import attempts_of, numbers_of, orders_from, pass_time, reservations_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")

slow = pytest.mark.slow

#    act         dies at               right after         in the end
MATRIX = [
    ("press",    "limit_before_commit", None,              "placed"),
    ("press",    "limit_after_commit", None,               "placed"),
    ("buy",      "t1_before_commit",   None,               "placed"),
    ("buy",      "t1_after_commit",    "placing",          "placed"),
    ("buy",      "t2_before_commit",   "placing",          "placed"),
    ("buy",      "t2_after_commit",    "placing",          "placed"),
    ("buy",      "t5_before_commit",   "placing",          "placed"),
    ("buy",      "t5_after_commit",    "awaiting_payment", "placed"),
    ("buy",      "t6_before_commit",   "awaiting_payment", "placed"),
    ("buy",      "t6_after_commit",    "placed",           "placed"),
    ("buy",      "begin_before_commit", "placed",          "placed"),
    ("buy",      "begin_after_commit", "placed",           "placed"),
    ("buy",      "t7_before_commit",   "placed",           "placed"),
    ("buy",      "t7_after_commit",    "placed",           "placed"),
    ("buy",      "done_before_commit", "placed",           "placed"),
    ("buy",      "done_after_commit",  "placed",           "placed"),
    ("sweep_on", "try_before_commit",  "placing",          "placed"),
    ("sweep_on", "try_after_commit",   "placing",          "placed"),
    ("sold_out", "reject_before_commit", "placing",        "rejected"),
    ("sold_out", "reject_after_commit", "rejected",        "rejected"),
    ("sold_out", "release_before_commit", "rejected",      "rejected"),
    ("sold_out", "release_after_commit", "rejected",       "rejected"),
    ("used_up",  "reject_before_commit", "placing",        "rejected"),
    ("used_up",  "release_before_commit", "rejected",      "rejected"),
    ("give_up",  "cancel_before_commit", "awaiting_payment", "awaiting_payment"),
    ("give_up",  "cancel_after_commit", "cancelled",       "cancelled"),
    ("give_up",  "release_after_commit", "cancelled",      "cancelled"),
]  # fmt: skip
QUICK = ("t1_after", "t2_after", "t5_after", "t6_before")


def table(every: bool) -> list:
    """The matrix as pytest's parameters; what is not quick is slow, and so is every real process."""
    return [
        pytest.param(*row, id=f"{row[0]}-{row[1]}", marks=() if not every and row[1].startswith(QUICK) else slow)
        for row in MATRIX
    ]


@pytest.mark.parametrize(("act", "point", "after", "end"), table(every=False))
async def test_an_act_that_ends_at_a_point_is_mended(act: str, point: str, after: str | None, end: str) -> None:
    await _dies_and_is_mended(acts.in_process, act, point, after, end)


@pytest.mark.parametrize(("act", "point", "after", "end"), table(every=True))
async def test_a_process_killed_at_a_point_is_mended(act: str, point: str, after: str | None, end: str) -> None:
    await _dies_and_is_mended(acts.in_a_process_of_its_own, act, point, after, end)


#    dies at             die                            how many of the six had their unit before
BATCHES = [
    ("t2_before_commit", acts.in_process,               0),
    ("t2_after_commit",  acts.in_process,               4),
    pytest.param("t2_before_commit", acts.in_a_process_of_its_own, 0, marks=slow),
    pytest.param("t2_after_commit",  acts.in_a_process_of_its_own, 4, marks=slow),
]  # fmt: skip


@pytest.mark.parametrize(("point", "die", "before"), BATCHES)
async def test_a_batch_that_dies_with_six_in_it_holds_nobodys_unit_twice(point: str, die, before: int) -> None:
    wanted = (await a_product(variants=[{"stock": 4, "band": "few"}])).variant_id
    crowd = [await a_placing({wanted: 1}) for _ in range(6)]

    await die("together", crowd, point)
    had = [ask.order_id for ask in crowd if await reservations_of(ask.order_id, wanted)]
    with provider(ledger.Ledger()) as asked:
        for ask in crowd:
            await pass_time(ask.order_id, 20)
        await settle()

    placed = {ask.order_id for ask in crowd if await acts.status_of(ask) == "placed"}
    assert (len(had), len(placed), placed >= set(had)) == (before, 4, True)
    assert await numbers_of(wanted) == (0, 0, 4)
    assert len(asked.charges) == 4
    assert await verify.violations(dict.fromkeys(placed, "placed")) == []


async def _dies_and_is_mended(die, act: str, point: str, after: str | None, end: str) -> None:
    ask, wanted = await _prepared(act)

    await die("buy" if act in ("sold_out", "used_up") else act, ask, point)
    stood = await acts.status_of(ask)
    with provider(ledger.Ledger()) as asked:
        if stood:
            await pass_time(ask.order_id, 20)
        await settle()
        again = await acts.press(ask) if end == "placed" else None
        await settle()

    assert stood == after
    assert await acts.status_of(ask) == end
    assert again is None or again.state.id == ask.order_id
    assert len(asked.charges) <= 1
    assert await verify.violations({ask.order_id: stood} if stood else {}) == []
    await _counted(act, ask, wanted, end)


async def _prepared(act: str) -> tuple[Placing, UUID]:
    """What a shopper is about to place, and its first variant. `sold_out`: of its other variant there is none any more.

    `used_up`: others had the uses there were of its promotion; `press`: nobody has used that before, so nothing counts it yet.
    With it goes something that is one per customer.
    """
    wanted = (await a_product(variants=[{"stock": 3, "band": "few"}])).variant_id
    lines = {wanted: 2}
    if act == "sold_out":
        lines[(await a_product(variants=[{"stock": 1, "band": "few"}])).variant_id] = 5
    lines[(await a_product(one_each=True)).variant_id] = 1
    off = await something_off(wanted, opened=act != "press")
    if act == "used_up":
        use = off.discounts[0].uses[0]
        await inventory.limit(use.name, 0, customer=use.customer)
    ask = await a_placing(lines, off=off)
    if act == "sweep_on":
        await promise.promise(ask)
        await pass_time(ask.order_id, 20)
    return ask, wanted


async def _counted(act: str, ask: Placing, wanted: UUID, end: str) -> None:
    """One order, one payment, two units; or none of them."""
    sold = 2 if end == "placed" else 0
    held = 2 if end == "awaiting_payment" else 0
    assert await numbers_of(wanted) == (3 - sold, held, sold)
    assert await orders_from(ask.cart_id) == [end]
    assert len(await attempts_of(ask.order_id)) == (0 if end == "rejected" else 1)
    assert len(await reservations_of(ask.order_id, wanted)) <= 1
    limits = [use.limit_id for use in ask.quote.uses]
    given = (0, 1, 1) if act == "used_up" else (2, 1, 1)
    assert [await numbers_of(id) for id in limits] == [(most - sold // 2, held // 2, sold // 2) for most in given]
