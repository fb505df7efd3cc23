from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg
import pytest

from app.db import batches
from app.db.batches import Batches
from app.db.engines import Busy, CrossShard, writing
from app.inventory import operations, queries, reservations
from app.values import any_bucket, new_id
from tests.inventory.stocked import a_stocked_variant, an_order

VARIANT = new_id(1)


class Ask(NamedTuple):
    id: UUID


class Server:
    """Answers every ask with its own id; `sizes` holds how many came at a time. `gate` holds it up, `fails` spoils tries."""

    def __init__(self, fails: Callable[[int, Sequence[Ask]], Exception | None] = lambda *_: None) -> None:
        self.sizes: list[int] = []
        self.asked: list[UUID] = []
        self.fails = fails
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, variant_id: UUID, asks: Sequence[Ask]) -> dict[UUID, UUID]:
        self.sizes.append(len(asks))
        self.asked += [ask.id for ask in asks]
        await self.gate.wait()
        failure = self.fails(len(self.sizes), asks)
        if failure:
            raise failure
        return {ask.id: ask.id for ask in asks}


def asks(many: int) -> list[Ask]:
    return [Ask(new_id(1)) for _ in range(many)]


async def a_long_line(server: Server, many: int) -> tuple[Batches, list[asyncio.Task]]:
    """One ask under way behind a closed gate, `many` in line behind it."""
    line = Batches(server.send)
    server.gate.clear()
    first = asyncio.create_task(line.ask(VARIANT, Ask(new_id(1))))
    await asyncio.sleep(0.01)
    return line, [first, *(asyncio.create_task(line.ask(VARIANT, ask)) for ask in asks(many))]


async def test_what_is_asked_while_a_commit_runs_is_sent_together_in_order() -> None:
    server = Server()
    _, waiting = await a_long_line(server, 450)
    await asyncio.sleep(0.01)

    server.gate.set()
    answers = await asyncio.gather(*waiting)

    assert server.sizes == [1, batches.CAP, batches.CAP, 50]
    assert server.asked == answers


async def test_a_line_in_which_nobody_stands_vanishes() -> None:
    line = Batches(Server().send)

    await asyncio.gather(*(line.ask(new_id(bucket), ask) for bucket, ask in enumerate(asks(20))))
    await asyncio.sleep(0)

    assert line.lines == {}


async def test_who_has_left_before_the_batch_is_skipped() -> None:
    server = Server()
    _, waiting = await a_long_line(server, 3)
    await asyncio.sleep(0.01)

    waiting[2].cancel()
    server.gate.set()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert server.sizes == [1, 2]


async def test_who_cannot_be_served_in_time_is_refused_after_its_patience_and_newcomers_at_once(monkeypatch) -> None:
    monkeypatch.setattr(batches, "PATIENCE", 0.05)
    server = Server()
    line, waiting = await a_long_line(server, 5)

    late = await asyncio.gather(*waiting[1:], return_exceptions=True)
    with pytest.raises(Busy):
        await asyncio.wait_for(line.ask(VARIANT, Ask(new_id(1))), 0.01)
    server.gate.set()
    await waiting[0]

    assert [type(answer) for answer in late] == [Busy] * 5
    assert server.sizes == [1]


async def test_a_batch_that_fails_is_sent_once_more_with_the_same_ids() -> None:
    server = Server(lambda tried, _: asyncpg.DeadlockDetectedError("deadlock") if tried == 1 else None)
    line, wanted = Batches(server.send), asks(10)

    answers = await asyncio.gather(*(line.ask(VARIANT, ask) for ask in wanted))

    assert answers == [ask.id for ask in wanted]
    assert server.sizes == [10, 10]


async def test_one_bad_ask_spoils_only_itself() -> None:
    wanted = asks(5)
    server = Server(lambda _, sent: asyncpg.DataError("bad") if wanted[3] in sent else None)
    line = Batches(server.send)

    answers = await asyncio.gather(*(line.ask(VARIANT, ask) for ask in wanted), return_exceptions=True)

    assert [type(answer).__name__ for answer in answers] == ["UUID", "UUID", "UUID", "DataError", "UUID"]


async def test_when_the_server_is_away_everybody_is_told_after_the_second_try() -> None:
    server = Server(lambda *_: ConnectionResetError())
    line = Batches(server.send)

    answers = await asyncio.gather(*(line.ask(VARIANT, ask) for ask in asks(5)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [ConnectionResetError] * 5
    assert server.sizes == [5, 5]


async def test_stock_is_not_asked_for_inside_a_transaction(databases) -> None:
    variant_id = await a_stocked_variant(1)

    async with writing(variant_id):
        with pytest.raises(CrossShard):
            await operations.reserve(an_order(), [(variant_id, 1)])


async def test_buyers_of_one_variant_share_a_commit(databases, monkeypatch) -> None:
    sizes = []
    send = reservations.HOLDS.send

    async def counted(variant_id, holds):
        sizes.append(len(holds))
        return await send(variant_id, holds)

    monkeypatch.setattr(reservations.HOLDS, "send", counted)
    monkeypatch.setattr(batches, "PATIENCE", 30.0)  # on a busy machine nobody is refused for its sake
    variant_id = await a_stocked_variant(300)

    await asyncio.gather(*(operations.reserve(an_order(), [(variant_id, 1)]) for _ in range(500)))

    assert sum(sizes) == 500
    assert len(sizes) <= 4
    assert (await queries.stock_of(variant_id)).reserved == 300


async def test_a_killed_connection_changes_no_verdict(databases) -> None:
    variant_id = await a_stocked_variant(50)
    orders = [an_order() for _ in range(100)]

    async def kill() -> None:
        async with writing(any_bucket()) as db:
            await db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND application_name = 'vitrine' AND datname = current_database()"
            )

    first, _ = await asyncio.gather(
        asyncio.gather(*(operations.reserve(order, [(variant_id, 1)]) for order in orders)), kill()
    )
    again = await asyncio.gather(*(operations.reserve(order, [(variant_id, 1)]) for order in orders))

    said = [verdict.said for [verdict] in first]
    assert (said.count("held"), said.count("sold_out")) == (50, 50)
    assert [verdict.said for [verdict] in again] == said
    assert (await queries.stock_of(variant_id)).reserved == 50
