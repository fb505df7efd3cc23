"""The test provider's books: one row a payment, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db.engines import EVERYONE, Database, writing
from app.payments.gateway import Booked, Charge, Refunded
from app.settings import settings
from app.values import seconds

ROW = "id, attempt_id, amount, currency, return_url, state, created_at + $2::interval AS until, created_at + $2::interval <= clock_timestamp() AS over"
LIST = """
    SELECT * FROM test_payment WHERE (created_at, id) > ($1, $2)
        AND (state IN ('authorised', 'captured') OR state = 'voided' AND events @> '[{"kind": "authorised"}]')
    ORDER BY created_at, id LIMIT 200
"""


BY_HAND = "desk-"  # how the key of a refund begins that was made at the provider's own desk


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


async def session(session_id: UUID) -> Session | None:
    """A payment by the id in its page's address."""
    return await find("id", session_id)


async def book(session_id: UUID, state: str, *, reason: str = "") -> bool:
    """The session is in `state` now. False when it takes no card any more: paid, declined or over."""
    async with writing(EVERYONE) as db:
        booked = await db.execute(
            "UPDATE test_payment SET state = $2, events = events || $3"
            " WHERE id = $1 AND state IN ('open', 'confirming') AND created_at + $4::interval > clock_timestamp()",
            session_id, state, [{"kind": state, "reason": reason}], seconds(settings().pay_seconds),
        )  # fmt: skip
    return booked == 1


async def find(column: str, id: UUID) -> Session | None:
    """One payment, by its page's id or its attempt's."""
    async with writing(EVERYONE) as db:  # not `reading`: a replica may not know yet what was just booked
        row: asyncpg.Record | None = await db.fetchrow(
            f"SELECT {ROW} FROM test_payment WHERE {column} = $1",  # noqa: S608 - our own two columns
            id,
            seconds(settings().pay_seconds),
        )
    return Session(**row) if row else None


class Books(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    amount: int
    captured: int
    refunds: dict[str, int]

    @property
    def outside(self) -> tuple[Refunded, ...]:
        """Refunds that nobody here asked for: their key is a name of the provider's own."""
        return tuple(
            Refunded(amount=amount, reference=key) for key, amount in self.refunds.items() if key.startswith(BY_HAND)
        )


async def books_of(db: Database, charge: Charge) -> Books | None:
    """What is booked for an attempt; its row stays locked until the end of the transaction."""
    sql = "SELECT state, amount, events FROM test_payment WHERE attempt_id = $1 FOR UPDATE"
    row = await db.fetchrow(sql, charge.attempt_id)
    return _read(row) if row else None


def _read(row: Mapping[str, Any]) -> Books:
    captured = sum(entry["amount"] for entry in row["events"] if entry["kind"] == "captured")
    refunds = {entry["key"]: entry["amount"] for entry in row["events"] if entry["kind"] == "refunded"}
    return Books(state=row["state"], amount=row["amount"], captured=captured, refunds=refunds)


def booked(row: Mapping[str, Any]) -> Booked:
    books = _read(row)
    return Booked(
        attempt_id=row["attempt_id"],
        reference=str(row["id"]),
        state=books.state,
        amount=books.amount,
        currency=row["currency"],
        captured=books.captured,
        refunded=sum(books.refunds.values()),
    )
