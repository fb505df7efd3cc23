from __future__ import annotations

from typing import Any

import pytest

from app.db.engines import EVERYONE, writing

pytestmark = pytest.mark.usefixtures("databases")


class Undone(Exception):
    pass


async def noted_of_truncate(table: str) -> list[dict[str, Any]]:
    """What emptying a table notes; it is not emptied, since others test on it."""
    found: list[dict[str, Any]] = []
    with pytest.raises(Undone):
        async with writing(EVERYONE) as db:
            await db.execute(
                "SET LOCAL statement_timeout = 0"
            )  # every product's columns follow; nobody counts the seconds
            await db.execute(f"TRUNCATE {table}")
            rows = await db.fetch("SELECT kind, body FROM outbox WHERE xmin = pg_current_xact_id()::xid")
            found = [row["body"] | {"kind": row["kind"]} for row in rows]
            raise Undone
    return found


@pytest.mark.parametrize("named", ["price", "picture", "block", "review CASCADE", "redirect"])
async def test_a_table_that_is_emptied_is_noted_as_a_whole(named: str) -> None:
    table = named.split(maxsplit=1)[0]
    noted = await noted_of_truncate(named)

    assert [note for note in noted if note["table"] == table] == [{"kind": "changed", "table": table, "all": True}]
    assert {note["table"] for note in noted} <= {table, "product"}  # whose derived columns follow
