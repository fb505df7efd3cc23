"""What happens beside an order's straight way: paid again, heard of, closed, told to workers, failed, buried.

Each is made ready, done (again it changes nothing) and looked at.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple
from unittest import mock
from uuid import UUID

from app.cart import operations as cart
from app.db.engines import all_shards, reading, writing
from app.orders import operations as orders
from app.orders.money import NotFrozen
from app.orders.operations import Placing, Refunding
from app.payments import testbooks
from app.payments.gateway import Charge, Declined, Failed, Message, Taken, Unknown
from app.payments.testprovider import TestProvider
from app.settings import settings
from app.values import bucket_of
from jobs import mail, queue
from jobs.after import JOBS
from jobs.outboxes import Outboxes
from jobs.run import DEATHS, run_row
from tests.faults import ledger
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_placing, a_product, a_shopper
from tests.orders.books import (
    attempts_of,
    consequences_of,
    history_of,
    lines_of,
    numbers_of,
    pass_time,
    reservations_of,
    state_of,
)
from tests.outboxes import postbox, settle
from tests.payments.money import refunds_of
from tests.stack import free_ports

Does = Callable[[], Awaitable[None]]


class Case(NamedTuple):
    """`stands`: what there is to see of it, which is `end` when it has come to its end; `mend`: what does without anybody trying again."""

    act: Does
    stands: Callable[[], Awaitable[Any]]
    end: Any
    mend: Does | None = None


async def an_order(provided: TestProvider | None = None, *, follow: bool = True) -> tuple[Placing, UUID]:
    """Two of three units of something new, ordered; what follows of it is done if `follow`."""
    variant_id = (await a_product(variants=[{"stock": 3, "band": "few"}])).variant_id
    ask = await a_placing({variant_id: 2})
    with provider(provided or ledger.Ledger()):  # type: ignore[arg-type]
        await orders.place(ask)
        if follow:
            await settle()
    return ask, variant_id


async def paying_again() -> Case:
    ask, variant_id = await an_order(ledger.Ledger(says=Declined(reason="no")))

    async def act() -> None:
        with provider(ledger.Ledger()):
            await orders.pay_again(ask.order_id)
            await settle()

    async def mend() -> None:
        await pass_time(ask.order_id, 20)
        await mended()

    async def stands() -> tuple:
        return (await state_of(ask.order_id)).status, await attempts_of(ask.order_id), await numbers_of(variant_id)

    return Case(act, stands, ("placed", ["declined", "authorised"], (1, 0, 2)), mend)


async def looking_at_pins() -> Case:
    """A declined order keeps what it has pinned, and goes behind the others of the next sweep."""
    ask, variant_id = await an_order(ledger.Ledger(says=Declined(reason="no")))
    old = "SELECT count(*) FROM reservation WHERE order_id = $1 AND expires_at < clock_timestamp() - interval '1 hour'"
    async with writing(variant_id) as db:
        sql = "UPDATE reservation SET expires_at = clock_timestamp() - interval '1 day' WHERE order_id = $1"
        await db.execute(sql, ask.order_id)

    async def act() -> None:
        await orders.sweep_pinned(bucket_of(variant_id))

    async def stands() -> tuple:
        async with reading(variant_id) as db:
            waiting = await db.fetchval(old, ask.order_id)
        return (await state_of(ask.order_id)).status, await reservations_of(ask.order_id, variant_id), waiting

    return Case(act, stands, ("awaiting_payment", [3], 0))


async def failing() -> Case:
    """A mail can't be sent, then it can."""
    row = await _confirmation((await an_order(follow=False))[0])

    async def act() -> None:
        with mock.patch.object(mail, "send", side_effect=OSError("nobody takes it")):
            await run_row(JOBS, bucket_of(row), row)

    return Case(act, lambda: _standing(row), "done")


async def burying() -> Case:
    """A row that has taken its processes with it for hours is not run any more."""
    row = await _confirmation((await an_order(follow=False))[0])
    async with writing(row) as db:
        sql = "UPDATE outbox SET unfinished = $2, created_at = created_at - interval '1 day' WHERE id = $1"
        await db.execute(sql, row, DEATHS)

    async def act() -> None:
        await run_row(JOBS, bucket_of(row), row)

    return Case(act, lambda: _standing(row), "dead")


async def hinting() -> Case:
    """Workers are told of what is due; with Redis away the relay does it."""
    row = await _confirmation((await an_order(follow=False))[0])
    with knobs(redis_url=f"redis://127.0.0.1:{free_ports(1)[0]}", redispatch_after=0.01):
        relay = Outboxes(settings(), all_shards(), queue.connect(settings()))

    async def act() -> None:
        with postbox():
            await relay.step()
            await relay.idle()

    return Case(act, lambda: _standing(row), "done", act)


async def hearing_of_a_decline() -> Case:
    """A card was declined on a page that stays open."""
    ask, _ = await an_order(TestProvider())
    attempt = (await state_of(ask.order_id)).attempt
    assert attempt
    heard = Message(id=f"declined-{attempt.id}", attempt_id=attempt.id, declined=True)

    async def act() -> None:
        with provider(TestProvider()):  # type: ignore[arg-type]
            await orders.hear(attempt, heard, heard.id)

    async def stands() -> tuple:
        async with reading(ask.shopper_id) as db:
            declined = await db.fetchval("SELECT count(*) FROM decline WHERE name = $1", ask.shopper_id.hex)
        return declined, (await state_of(ask.order_id)).status

    return Case(act, stands, (1, "awaiting_payment"))


async def hearing_of_a_refund() -> Case:
    ask, _ = await an_order()
    [line] = await lines_of(ask.order_id)
    with provider(ledger.Ledger()):
        await orders.ship(ask.order_id, {line["id"]: 2}, carrier="Royal Post", tracking="", key=ask.order_id)
        await settle()
    back = Refunding(lines={line["id"]: 1}, amount=None, reason="broke", restock=False)
    await orders.refund(ask.order_id, back, key=ask.order_id)
    [refund] = await refunds_of(ask.order_id)
    attempt = (await state_of(ask.order_id)).attempt
    assert attempt
    heard = Message(id=f"refund-{refund.id}", attempt_id=attempt.id, refund_id=refund.id)

    async def act() -> None:
        with provider(ledger.Ledger()):
            await orders.hear(attempt, heard, heard.id)
            await settle()

    async def stands() -> list:
        return [each.status for each in await refunds_of(ask.order_id)]

    return Case(act, stands, ["done"])


async def not_knowing() -> Case:
    """The provider says nothing of a payment whose time is over."""
    ask, _ = await an_order(TestProvider())
    await pass_time(ask.order_id, 100_000)

    async def act() -> None:
        await pass_time(ask.order_id, 20)
        with provider(Scripted(then=Unknown(), void=Unknown())):
            await orders.drive(ask.order_id)

    async def stands() -> int:
        return (await history_of(ask.order_id)).count("payment_unclear")

    return Case(act, stands, 1, act)


async def waiting_for_the_earlier() -> Case:
    """The next order of a cart, while the provider does not say what became of the one before."""
    first, variant_id = await an_order(TestProvider())
    later = await a_placing({variant_id: 3}, first.shopper_id)

    async def act() -> None:
        with provider(Scripted(then=Unknown(), void=Unknown())):
            await orders.place(later)
        await pass_time(later.order_id, 20)

    async def stands() -> int:
        return (await history_of(later.order_id)).count("ending_earlier")

    return Case(act, stands, 1, act)


async def leaving_the_payment_page() -> Case:
    """The page has been open for a while, and will be for a while."""
    ask, _ = await an_order(TestProvider())
    async with writing(ask.order_id) as db:
        sql = "UPDATE orders SET created_at = now() - interval '11 minutes' WHERE id = $1"
        await db.execute(sql, ask.order_id)
        sql = "UPDATE payment_attempt SET until = now() + interval '15 minutes' WHERE order_id = $1"
        await db.execute(sql, ask.order_id)

    async def act() -> None:
        await orders.sweep_unpaid(bucket_of(ask.order_id))

    async def stands() -> int:
        return (await consequences_of(ask.order_id)).count("SendReminder")

    return Case(act, stands, 1, act)


class Lapsed(ledger.Ledger):
    """Nothing can be taken."""

    async def capture(self, charge: Charge, amount: int) -> Taken:
        return Failed(reason="It has expired.")


async def capturing_again() -> Case:
    with knobs(capture="placed"):
        ask, _ = await an_order(Lapsed())

    async def act() -> None:
        with provider(ledger.Ledger()), suppress(NotFrozen):
            await orders.capture_again(ask.order_id)
        await mended()

    async def stands() -> tuple:
        told = await history_of(ask.order_id)
        return await attempts_of(ask.order_id), told.count("capture_retried"), told.count("captured")

    return Case(act, stands, (["captured"], 1, 1))


async def closing() -> Case:
    """All of it was sent and paid, but nobody has said so."""
    ask, _ = await an_order()
    [line] = await lines_of(ask.order_id)
    with provider(ledger.Ledger()):
        await orders.ship(ask.order_id, {line["id"]: 2}, carrier="Royal Post", tracking="", key=ask.order_id)
        await settle()
    async with writing(ask.order_id) as db:
        await db.execute("UPDATE orders SET status = 'placed' WHERE id = $1", ask.order_id)
        await db.execute("DELETE FROM order_event WHERE order_id = $1 AND kind = 'closed'", ask.order_id)

    async def stands() -> tuple:
        return (await state_of(ask.order_id)).status, (await history_of(ask.order_id)).count("closed")

    return Case(lambda: orders.close(ask.order_id), stands, ("closed", 1))


async def clearing_an_heirs_cart() -> Case:
    """A guest signs in while paying: what was paid is out of the account's cart, once, whatever is put in again."""
    ask, variant_id = await an_order(TestProvider())
    heir = await a_shopper()
    await cart.add(heir, await cart.offer_of(variant_id), 1)
    await cart.take_over(heir, await cart.hand_over(ask.shopper_id, heir))
    attempt = (await state_of(ask.order_id)).attempt
    assert attempt
    session = await testbooks.find("attempt_id", attempt.id)
    assert session and await testbooks.book(session.id, "authorised")
    await orders.look(attempt)

    async def act() -> None:
        await settle(again=ask.order_id)

    async def stands() -> int:
        async with reading(heir) as db:
            return await db.fetchval("SELECT count(*) FROM cart_line WHERE shopper_id = $1", heir)

    return Case(act, stands, 0)


async def mended() -> None:
    """Sweeps and jobs have had their time."""
    with provider(ledger.Ledger()):
        await settle()


async def _confirmation(ask: Placing) -> UUID:
    async with reading(ask.order_id) as db:
        sql = "SELECT id FROM outbox WHERE kind = 'SendConfirmation' AND body->>'order_id' = $1"
        return await db.fetchval(sql, str(ask.order_id))


async def _standing(row: UUID) -> str:
    sql = "SELECT CASE WHEN done_at IS NOT NULL THEN 'done' WHEN available_at = 'infinity' THEN 'dead' ELSE 'open' END FROM outbox WHERE id = $1"
    async with reading(row) as db:
        return await db.fetchval(sql, row)
