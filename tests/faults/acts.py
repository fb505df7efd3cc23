"""What shoppers do in the fault tests, and how a process ends in the middle of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import msgspec

from app.checkout import operations as checkout
from app.db import crash
from app.db.engines import close_databases, open_databases
from app.inventory import operations as inventory
from app.orders import operations as orders
from app.orders import patience, promise, queries, steps
from app.orders.operations import Placing, Promised
from app.payments.gateway import Declined
from app.settings import settings
from tests.faults import cradle, later, ledger
from tests.knobs import provider
from tests.outboxes import settle

Act = Callable[[Any], Coroutine[Any, Any, None]]


class Killed(BaseException):
    """The process has ended, as far as this act is concerned."""


@contextmanager
def dying_at(point: str) -> Iterator[None]:
    """Whoever comes to this point is no more. In process: nothing after it runs, its transaction is undone."""
    with mock.patch.multiple(crash, AT=point, die=_raise):
        yield


def _raise() -> None:
    crash.AT = ""  # a process dies once
    raise Killed


async def press(ask: Placing) -> Promised:
    """The checkout's button: the counters of what the order uses are opened, then it is placed."""
    desk = SimpleNamespace(
        shopper_id=ask.shopper_id, cart_id=ask.cart_id, cart_version=ask.cart_version, quote=ask.quote,
        typed={"email": ask.email, "name": ask.name}, address=ask.address, replaces=ask.replaces,
    )  # fmt: skip
    promised = await checkout.place(desk, SimpleNamespace(checkout_id=ask.order_id), ask.note, ask.client)  # type: ignore[arg-type]
    await nobody_goes_on()
    return promised


async def press_first(ask: Placing) -> None:
    """The first shopper who uses a code presses the button, and is driven to the end."""
    with provider(ledger.Ledger()):
        await press(ask)
        await settle()


async def buy(ask: Placing) -> None:
    """A shopper places an order that the provider authorises at once; all that follows of it is done."""
    with provider(ledger.Ledger()):
        await orders.place(ask)
        await settle()


async def give_up(ask: Placing) -> None:
    """An order whose payment is declined, and which nobody pays again."""
    with provider(ledger.Ledger(says=Declined(reason="no"))):
        await orders.place(ask)
        await steps.cancel(ask.order_id, "unpaid")
        await settle()


async def sweep_on(ask: Placing) -> None:
    """An order left half-way that the sweeper drives on."""
    with provider(ledger.Ledger()):
        await settle()


async def together(asks: list[Placing]) -> None:
    """Several have promised, and reserve in one batch."""
    states = [(await promise.promise(ask)).state for ask in asks]
    lines = [[(id, units) for id, units, _ in state.wanted] for state in states]
    await asyncio.gather(
        *(inventory.reserve(state.id, each, pinned=True) for state, each in zip(states, lines, strict=True))
    )


ACTS: dict[str, Act] = {
    "press": press_first, "buy": buy, "give_up": give_up, "sweep_on": sweep_on, "together": together, **later.ACTS,
}  # fmt: skip


async def in_process(act: str, ask: Any, point: str) -> None:
    """The act ends at the point."""
    assert await dies(ACTS[act](ask), point), f"{act} never came to {point}"


async def dies(work: Coroutine[Any, Any, None], point: str) -> bool:
    """Whether this ended at the point, or came to its own end without meeting it."""
    try:
        with dying_at(point):
            task = asyncio.create_task(work)
            await asyncio.wait([task])
            await nobody_goes_on()
        return not crash.AT and (task.cancelled() or isinstance(task.exception(), BaseException))
    finally:
        crash.AT = ""


async def nobody_goes_on() -> None:
    """What a slow machine did behind an answer is done: whoever pays it must be this act's provider."""
    while patience._going_on:
        await asyncio.wait(patience._going_on)


async def in_a_process_of_its_own(act: str, ask: Any, point: str) -> None:
    """The same with a real process and kill -9."""
    wish = cradle.Wish(act, msgspec.json.encode(ask), os.environ | {"VITRINE_TEST_CRASH_AT": point})
    code, said = await asyncio.to_thread(cradle.end_of, wish)
    assert code == -9, said


async def _main(act: str, ask: bytes) -> None:
    await open_databases(settings())
    await ACTS[act](msgspec.json.decode(ask, type=Placing | list[Placing]))
    await close_databases()


async def status_of(ask: Placing) -> str | None:
    """Where the order stands; None when there is none."""
    state = await queries.state(ask.order_id)
    return state.status if state else None


if __name__ == "__main__":
    cradle.serve(_main)
