"""What is swept away, and what stays."""

from __future__ import annotations

import pytest

from app.db.engines import all_shards, reading, writing
from app.values import any_bucket
from jobs import sweeps
from tests.makers import unique

pytestmark = pytest.mark.usefixtures("databases")


async def test_what_came_from_outside_is_forgotten_after_ninety_days() -> None:
    bucket, old, new = any_bucket(), unique("old"), unique("new")
    async with writing(bucket) as db:
        sql = "INSERT INTO inbox (message_id, bucket, received_at) VALUES ($1, $2, now() - $3::text::interval)"
        for id, age in ((old, "91 days"), (new, "89 days")):
            await db.execute(sql, id, bucket, age)

    await sweeps.sweep(sweeps._tidy_inbox, all_shards())

    async with reading(bucket) as db:
        left = await db.fetch("SELECT message_id FROM inbox WHERE message_id = ANY($1)", [old, new])
    assert [row["message_id"] for row in left] == [new]
    assert sweeps._tidy_inbox in sweeps.SWEEPS
