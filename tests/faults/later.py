"""What staff and shoppers do with an order that is placed, each to its very end; done again it changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid5

from app.db.engines import EVERYONE, writing
from app.orders import operations as orders
from app.orders import returns
from app.orders.operations import Placing, Refunding
from app.payments.testbooks import BY_HAND
from tests.faults import ledger
from tests.knobs import provider
from tests.orders.books import lines_of
from tests.outboxes import settle
from tests.payments.money import attempt_of


async def ship(ask: Placing) -> None:
    """All of it leaves in one parcel, its money is taken, its invoice issued."""
    with provider(ledger.Ledger()):
        await _sent(ask, 2)


async def undo(ask: Placing) -> None:
    """Staff cancel all of it."""
    with provider(ledger.Ledger()):
        await orders.cancel_placed(ask.order_id, "changed their mind")
        await settle()


async def trim(ask: Placing) -> None:
    """One of two units can't be sent, and is not charged; the other one leaves."""
    with provider(ledger.Ledger()):
        [line] = await lines_of(ask.order_id)
        await orders.cancel_part(ask.order_id, {line["id"]: 1}, reason="kiln broke", key=_key(ask, "part"))
        await _sent(ask, 1)


async def refund(ask: Placing) -> None:
    """One of two units was sent; the other one will never be, and goes back on the shelf."""
    with provider(ledger.Ledger()):
        line = await _sent(ask, 1)
        what = Refunding(lines={line: 1}, amount=None, reason="broke on the way", restock=True)
        await orders.refund(ask.order_id, what, key=_key(ask, "refund"))
        await settle()


async def desk(ask: Placing) -> None:
    """Somebody gives one of two units' money back at the provider's own desk, and the shop is told."""
    with provider(ledger.Ledger()):
        line = await _sent(ask, 2)
        [row] = [each for each in await lines_of(ask.order_id) if each["id"] == line]
        entry = [{"kind": "refunded", "key": f"{BY_HAND}1", "amount": row["line_total"] // 2}]
        attempt = await attempt_of(ask.order_id)
        async with writing(EVERYONE) as db:
            sql = "UPDATE test_payment SET events = events || $2 WHERE attempt_id = $1 AND NOT events @> $2"
            await db.execute(sql, attempt.id, entry)
        assert await orders.look_outside(attempt)
        await settle()


async def send_back(ask: Placing) -> None:
    """One of two units comes back and is refunded."""
    await _returned(ask, orders.refund_return)


async def swap(ask: Placing) -> None:
    """One of two units comes back and is replaced."""
    await _returned(ask, partial(orders.exchange, carrier="Royal Post", tracking=""))


async def turn_down(ask: Placing) -> None:
    """One of two units is to come back, and staff say no."""
    with provider(ledger.Ledger()):
        line = await _sent(ask, 2)
        wish = await orders.request_return(ask.order_id, {line: 1}, "too blue", key=_key(ask, "return"))
        with suppress(returns.MovedOn):
            await orders.reject(ask.order_id, wish)
        await settle()


async def _returned(ask: Placing, ends: Callable[[UUID, UUID], Awaitable[None]]) -> None:
    """Whoever finds a step taken goes on to the next."""
    with provider(ledger.Ledger()):
        line = await _sent(ask, 2)
        wish = await orders.request_return(ask.order_id, {line: 1}, "too blue", key=_key(ask, "return"))
        with suppress(returns.MovedOn):
            await orders.approve(ask.order_id, wish)
        with suppress(returns.MovedOn):
            await orders.receive(ask.order_id, wish, restock=True)
        with suppress(returns.MovedOn):
            await ends(ask.order_id, wish)
        await settle()


async def _sent(ask: Placing, units: int) -> UUID:
    """So many units of the order's line are on their way and paid; returns the line."""
    [line] = await lines_of(ask.order_id)
    await orders.ship(ask.order_id, {line["id"]: units}, carrier="Royal Post", tracking="", key=_key(ask, "parcel"))
    await settle()
    return line["id"]


def _key(ask: Placing, what: str) -> UUID:
    return uuid5(ask.order_id, what)


ACTS = {
    "ship": ship, "undo": undo, "trim": trim, "desk": desk, "refund": refund, "send_back": send_back, "swap": swap,
    "turn_down": turn_down,
}  # fmt: skip
