"""`vitrine payments reconcile`: what the provider and the shop say differently, and the repairs that are safe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from app.db.engines import reading
from app.logs import log
from app.orders import operations as orders
from app.orders import queries as known_orders
from app.payments import operations as payments
from app.payments import providers, queries
from app.payments.queries import Attempt
from app.payments.reconcile import Difference, differences
from app.settings import settings
from app.values import Refusal

UNITS = {"m": 60, "h": 3600, "d": 86400}
GRACE = 60.0  # seconds something may be under way before it counts


class BadSince(Refusal):
    say = "--since takes a time such as 2026-11-20 or 2026-11-20T08:00, or how far back: 36h, 7d."


class NoBooks(Refusal):
    say = "This provider keeps no books to compare with."


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A difference as a person reads it."""

    order: str
    words: str
    repair: str
    attempt: str
    reference: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What differed, how much of it was mended, and what is left."""

    provider: str
    since: datetime
    repaired: int
    differences: list[Found]


def read_since(text: str) -> datetime:
    """The time meant, in UTC. Raises BadSince."""
    try:
        if text[-1:] in UNITS and text[:-1].isdigit():
            return datetime.now(UTC) - timedelta(seconds=int(text[:-1]) * UNITS[text[-1]])
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise BadSince from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def reconcile(since: datetime, *, repair: bool, grace: float = GRACE) -> Report:
    """The differences with the chosen provider; after `repair` those that are left."""
    code = settings().payment_provider
    if code == "instant":
        raise NoBooks
    found = await _differences(code, since, grace)
    repaired = 0
    if repair and any(each.repair for each in found):
        before = len(found)
        for each in found:
            await _repaired(each)
        found = await _differences(code, since, grace)
        repaired = max(0, before - len(found))
    return Report(provider=code, since=since, repaired=repaired, differences=[await _told(each) for each in found])


async def _differences(code: str, since: datetime, grace: float) -> list[Difference]:
    gateway = providers.named(code)
    assert gateway is not None
    return [each async for each in differences(code, gateway, since=since, grace=grace)]


async def _repaired(difference: Difference) -> None:
    attempt = await queries.attempt(difference.attempt_id) if difference.attempt_id else None
    if attempt is None or not difference.repair:
        return
    try:
        await REPAIRS[difference.repair](attempt)
    except Exception:  # one that can't be mended must not keep the others from it; it stays in the report
        log.exception("payment could not be repaired", attempt=str(attempt.id))


async def _look(attempt: Attempt) -> None:
    await orders.look(attempt)
    await _void(attempt)


async def _capture(attempt: Attempt) -> None:
    await orders.captured(attempt.order_id, attempt.id, await payments.capture(attempt.id))


async def _void(attempt: Attempt) -> None:
    now = await queries.attempt(attempt.id)
    if now and now.voiding:
        await orders.voided(attempt.order_id, attempt.id, await payments.cancel(attempt.id))


async def _refunds(attempt: Attempt) -> None:
    async with reading(attempt.order_id) as db:
        refunds = await queries.refunds_of(db, attempt.order_id)
    for refund in refunds:
        if refund.attempt_id == attempt.id and refund.status not in ("done", "failed"):
            await orders.refund_settled(attempt.order_id, refund.id, await payments.give_back(refund.id))


async def _outside(attempt: Attempt) -> None:
    await orders.look_outside(attempt)


REPAIRS: dict[str, Callable[[Attempt], Awaitable[None]]] = {
    "look": _look,
    "capture": _capture,
    "void": _void,
    "refunds": _refunds,
    "outside": _outside,
}


async def _told(difference: Difference) -> Found:
    return Found(
        order=await _number(difference.order_id),
        words=difference.words,
        repair=difference.repair or "a person decides",
        attempt=str(difference.attempt_id or ""),
        reference=difference.reference,
    )


async def _number(order_id: UUID | None) -> str:
    state = await known_orders.state(order_id) if order_id else None
    return state.number if state else ""
