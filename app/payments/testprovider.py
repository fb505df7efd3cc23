"""A payment provider of our own for development: it keeps its own books, as a stranger would, and moves no money."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import msgspec

from app.db.engines import EVERYONE, writing
from app.payments import rules
from app.payments.events import WebhookDue
from app.payments.gateway import (
    Answer,
    Authorised,
    Captured,
    Charge,
    Closed,
    Declined,
    Message,
    Redirect,
    Refunded,
    Unknown,
)
from app.settings import settings
from app.values import any_bucket, new_id, seconds

if TYPE_CHECKING:
    import httpx

ROW = "id, attempt_id, amount, currency, return_url, state, created_at + $2::interval AS until, created_at + $2::interval <= clock_timestamp() AS over"
SIGNATURE, STAMP = "x-test-signature", "x-test-time"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One payment in the provider's books. States: open | confirming | authorised | declined | silent | voided | captured."""

    id: UUID
    attempt_id: UUID
    amount: int
    currency: str
    return_url: str
    state: str
    until: Any
    over: bool

    @property
    def takes_cards(self) -> bool:
        return self.state in ("open", "confirming") and not self.over


class TestProvider:
    """The gateway to those books."""

    __test__ = False  # its name begins like a test's

    async def start(self, charge: Charge) -> Answer:
        """A session with a page of its own; the same one when asked again."""
        async with writing(EVERYONE) as db:
            await db.execute(
                "INSERT INTO test_payment (id, attempt_id, amount, currency, return_url) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (attempt_id) DO NOTHING",
                new_id(any_bucket()), charge.attempt_id, charge.amount, charge.currency, charge.return_url,
            )  # fmt: skip
        return await self.look_up(charge.attempt_id)

    async def look_up(self, attempt_id: UUID) -> Answer:
        """The books' answer; Unknown for a payment they do not know."""
        found = await _session("attempt_id", attempt_id)
        return _answer(found) if found else Unknown(why="no such payment")

    async def void(self, attempt_id: UUID) -> Answer:
        """Books the end of the payment, even of one that never reached us, so that it can't begin later. One that was paid stays so."""
        async with writing(EVERYONE) as db:
            await db.execute(
                "INSERT INTO test_payment AS t (id, attempt_id, amount, currency, return_url, state)"
                " VALUES ($1, $2, 0, '', '', 'voided') ON CONFLICT (attempt_id) DO UPDATE SET state = 'voided'"
                " WHERE t.state IN ('open', 'confirming', 'silent')",
                new_id(any_bucket()),
                attempt_id,
            )
        return await self.look_up(attempt_id)

    async def capture(self, attempt_id: UUID, amount: int) -> Captured | Unknown:
        """Books the capture."""
        sql = "UPDATE test_payment SET state = 'captured', events = events || $3 WHERE attempt_id = $1 AND state = 'authorised' AND amount >= $2"
        async with writing(EVERYONE) as db:
            booked = await db.execute(sql, attempt_id, amount, [{"kind": "captured", "amount": amount}])
        return Captured(amount=amount) if booked else Unknown(why="nothing to capture")

    async def refund(self, attempt_id: UUID, amount: int, *, key: str) -> Refunded | Unknown:
        """Books a refund under its key, never more in all than was captured."""
        async with writing(EVERYONE) as db:
            row = await db.fetchrow(
                "SELECT amount, events FROM test_payment WHERE attempt_id = $1 AND state = 'captured' FOR UPDATE",
                attempt_id,
            )
            refunds = {e["key"]: e["amount"] for e in (row["events"] if row else []) if e["kind"] == "refunded"}
            taken = sum(e["amount"] for e in (row["events"] if row else []) if e["kind"] == "captured")
            if key not in refunds and sum(refunds.values()) + amount > taken:
                return Unknown(why="more than was taken")
            if key not in refunds:
                entry = [{"kind": "refunded", "key": key, "amount": amount}]
                await db.execute(
                    "UPDATE test_payment SET events = events || $2 WHERE attempt_id = $1", attempt_id, entry
                )
        return Refunded(amount=refunds.get(key, amount))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        """The message, if the signature over time and raw body is right and recent."""
        if not rules.genuine(settings().secret, headers.get(STAMP, ""), body, headers.get(SIGNATURE, ""), at=at):
            return None
        try:
            return msgspec.json.decode(body, type=Message)
        except msgspec.MsgspecError:
            return None


class Instant(TestProvider):
    """Authorises everything at once and keeps no books: for benchmarks of the shop around it."""

    async def start(self, charge: Charge) -> Answer:
        """Yes."""
        return Authorised(reference="instant", amount=charge.amount, currency=charge.currency)


async def session(session_id: UUID) -> Session | None:
    """A payment by the id in its page's address."""
    return await _session("id", session_id)


async def book(session_id: UUID, state: str, *, reason: str = "") -> bool:
    """The session is in `state` now. False when it takes no card any more: paid, declined or over."""
    async with writing(EVERYONE) as db:
        booked = await db.execute(
            "UPDATE test_payment SET state = $2, events = events || $3"
            " WHERE id = $1 AND state IN ('open', 'confirming') AND created_at + $4::interval > clock_timestamp()",
            session_id, state, [{"kind": state, "reason": reason}], seconds(settings().pay_seconds),
        )  # fmt: skip
    return booked == 1


async def deliver(event: WebhookDue, client: httpx.AsyncClient) -> None:
    """Posts one webhook to the shop, as over the wire. Raises httpx.HTTPError when the shop did not take it."""
    found = await session(event.session_id)
    if found is None:
        return
    body = msgspec.json.encode({"id": event.message_id, "attempt_id": found.attempt_id, "state": event.state})
    stamp = str(int(time.time()))
    headers = {STAMP: stamp, SIGNATURE: rules.sign(settings().secret, stamp, body), "content-type": "application/json"}
    answer = await client.post("/webhooks/test", content=body, headers=headers)
    answer.raise_for_status()


async def _session(column: str, id: UUID) -> Session | None:
    async with writing(EVERYONE) as db:  # not `reading`: a replica may not know yet what was just booked
        row: asyncpg.Record | None = await db.fetchrow(
            f"SELECT {ROW} FROM test_payment WHERE {column} = $1",  # noqa: S608 - our own two columns
            id,
            seconds(settings().pay_seconds),
        )
    return Session(**row) if row else None


def _answer(found: Session) -> Answer:
    if found.state in ("authorised", "captured"):
        return Authorised(reference=str(found.id), amount=found.amount, currency=found.currency)
    if found.state == "declined":
        return Declined(reason="The card was declined.", reference=str(found.id))
    if found.state == "silent":
        return Unknown(why="the provider does not answer")
    if found.takes_cards:
        return Redirect(url=f"/dev/pay/{found.id}", until=found.until, reference=str(found.id))
    return Closed()
