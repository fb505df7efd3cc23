"""A payment provider of our own for development: it keeps its own books, as a stranger would, and moves no money."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, writing
from app.payments import rules, testbooks
from app.payments.events import WebhookDue
from app.payments.gateway import (
    Answer,
    Authorised,
    Booked,
    Cancelled,
    Captured,
    Charge,
    Closed,
    Declined,
    Failed,
    Message,
    Outside,
    Redirect,
    Refunded,
    Returned,
    Taken,
    Unknown,
    Voided,
)
from app.payments.testbooks import Session, book, find, session
from app.settings import settings
from app.values import any_bucket, new_id

if TYPE_CHECKING:
    import httpx

SIGNATURE, STAMP = "x-test-signature", "x-test-time"

__all__ = ["SIGNATURE", "STAMP", "Instant", "Session", "TestProvider", "book", "deliver", "session"]


class TestProvider:
    """The gateway to those books."""

    __test__ = False  # its name begins like a test's
    key_seconds = float("inf")  # books that forget nothing

    async def start(self, charge: Charge) -> Answer:
        """A session with a page of its own; the same one when asked again."""
        async with writing(EVERYONE) as db:
            await db.execute(
                "INSERT INTO test_payment (id, attempt_id, amount, currency, return_url) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (attempt_id) DO NOTHING",
                new_id(any_bucket()), charge.attempt_id, charge.amount, charge.currency, charge.return_url,
            )  # fmt: skip
        return await self.look_up(charge)

    async def look_up(self, charge: Charge) -> Answer:
        """The books' answer; Unknown for a payment they do not know."""
        found = await find("attempt_id", charge.attempt_id)
        return _answer(found) if found else Unknown(why="no such payment")

    async def void(self, charge: Charge) -> Answer:
        """Books the end of the payment, even of one that never reached us, so that it can't begin later. One that was paid stays so."""
        async with writing(EVERYONE) as db:
            await db.execute(
                "INSERT INTO test_payment AS t (id, attempt_id, amount, currency, return_url, state)"
                " VALUES ($1, $2, 0, '', '', 'voided') ON CONFLICT (attempt_id) DO UPDATE SET state = 'voided'"
                " WHERE t.state IN ('open', 'confirming', 'silent')",
                new_id(any_bucket()),
                charge.attempt_id,
            )
        return await self.look_up(charge)

    async def cancel(self, charge: Charge) -> Cancelled:
        """Books that what was set aside is the shopper's again."""
        sql = "UPDATE test_payment SET state = 'voided', events = events || $2 WHERE attempt_id = $1 AND state = 'authorised'"
        async with writing(EVERYONE) as db:
            await db.execute(sql, charge.attempt_id, [{"kind": "voided"}])
            books = await testbooks.books_of(db, charge)
        if books is None or books.state not in ("voided", "captured"):
            return Unknown(why="nothing to void")
        return Captured(amount=books.captured) if books.state == "captured" else Voided()

    async def capture(self, charge: Charge, amount: int) -> Taken:
        """Books the capture; the same amount again is the same capture."""
        async with writing(EVERYONE) as db:
            books = await testbooks.books_of(db, charge)
            if books and books.state == "authorised" and amount <= books.amount:
                sql = "UPDATE test_payment SET state = 'captured', events = events || $2 WHERE attempt_id = $1"
                await db.execute(sql, charge.attempt_id, [{"kind": "captured", "amount": amount}])
                return Captured(amount=amount)
        if books and books.captured == amount:
            return Captured(amount=amount)
        return Failed(reason="There is nothing to capture.")

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        """Books a refund under its key, never more in all than was captured."""
        async with writing(EVERYONE) as db:
            books = await testbooks.books_of(db, charge)
            known = books.refunds.get(str(key)) if books else None
            if known is not None:
                return Refunded(amount=known, reference=str(key))
            if books is None or amount > books.captured - sum(books.refunds.values()):
                return Failed(reason="That is more than was taken.")
            entry = [{"kind": "refunded", "key": str(key), "amount": amount}]
            sql = "UPDATE test_payment SET events = events || $2 WHERE attempt_id = $1"
            await db.execute(sql, charge.attempt_id, entry)
        return Refunded(amount=amount, reference=str(key))

    async def look_up_refund(self, charge: Charge, *, key: UUID) -> Returned:
        """The refund booked under this key, or Closed."""
        async with writing(EVERYONE) as db:
            books = await testbooks.books_of(db, charge)
        amount = books.refunds.get(str(key)) if books else None
        return Closed() if amount is None else Refunded(amount=amount, reference=str(key))

    async def outside(self, charge: Charge) -> Outside | Unknown:
        """The books' refunds under no key of ours."""
        async with writing(EVERYONE) as db:
            books = await testbooks.books_of(db, charge)
        return Outside(refunds=books.outside) if books else Unknown(why="no such payment")

    async def attempt_of(self, reference: str) -> UUID | Unknown | None:
        """By the id of its session."""
        found = await session(UUID(reference))
        return found.attempt_id if found else None

    async def list_since(self, at: datetime) -> AsyncIterator[Booked]:
        """The books' own list, oldest first."""
        last = (at, UUID(int=0))
        while True:
            async with writing(EVERYONE) as db:
                rows = await db.fetch(testbooks.LIST, *last)
            for row in rows:
                yield testbooks.booked(row)
            if not rows:
                return
            last = (rows[-1]["created_at"], rows[-1]["id"])

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

    async def cancel(self, charge: Charge) -> Cancelled:
        """Yes."""
        return Voided()

    async def capture(self, charge: Charge, amount: int) -> Taken:
        """Yes."""
        return Captured(amount=amount)

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        """Yes."""
        return Refunded(amount=amount, reference=str(key))


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
