"""The relay's and the sweepers' work, done here and now: what a test calls before it looks at the end of things."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from uuid import UUID

from app.db.engines import EVERYONE, all_shards, reading, writing
from app.values import bucket_of
from jobs import mail
from jobs.after import JOBS
from jobs.run import run_row
from jobs.sweeps import SWEEPS, sweep

MOST_ROUNDS = 30


@contextmanager
def postbox() -> Iterator[list[UUID]]:
    """Mails go nowhere; the rows they were sent for are noted in order."""
    sent: list[UUID] = []

    async def send(row_id: UUID, **_: Any) -> None:
        sent.append(row_id)

    with mock.patch.object(mail, "send", send):
        yield sent


async def open_rows() -> list[UUID]:
    """Every row of the shards that is not done, dead ones left out."""
    found: list[UUID] = []
    for shard in all_shards():
        async with reading(shard.first) as db:
            rows = await db.fetch(
                "SELECT id FROM outbox WHERE done_at IS NULL AND available_at < 'infinity' ORDER BY id"
            )
        found += [row["id"] for row in rows]
    return found


async def settle(*, chaos: random.Random | None = None, again: UUID | None = None) -> None:
    """Sweeps and does rows until nothing is left to do. With `chaos` each row is done up to three times, in any order.

    `again`: an order whose rows are done once more first.
    """
    if again:
        async with writing(again) as db:
            await db.execute("UPDATE outbox SET done_at = NULL WHERE body->>'order_id' = $1", str(again))
    with postbox():
        for _ in range(MOST_ROUNDS):
            mended = sum([await sweep(one, all_shards()) for one in SWEEPS])
            rows = await open_rows()
            if not rows and not mended:
                return await _purged()
            await _do(rows, chaos)
    raise AssertionError(f"still open after {MOST_ROUNDS} rounds: {await open_rows()}")


async def _purged() -> None:
    """There is no edge here that any page must be purged from."""
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")


async def _do(rows: list[UUID], chaos: random.Random | None) -> None:
    hints = list(rows)
    if chaos:
        hints = [id for id in rows for _ in range(chaos.randint(1, 3))]
        chaos.shuffle(hints)
    for id in hints:
        async with writing(id) as db:
            await db.execute("UPDATE outbox SET available_at = now() WHERE id = $1 AND available_at < 'infinity'", id)
        await run_row(JOBS, bucket_of(id), id)
