from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.settings import Settings
from jobs.edges import Edges
from tests.jobs.listeners import Node
from tests.makers import a_product

pytestmark = pytest.mark.usefixtures("databases")


async def owed(node: Node) -> int:
    async with reading(EVERYONE) as db:
        sql = "SELECT count(*) FROM edge_delivery WHERE target = $1 AND acked_at IS NULL"
        return await db.fetchval(sql, node.url)


async def due() -> int:
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT count(*) FROM outbox WHERE done_at IS NULL")


async def test_a_new_price_is_purged_on_every_node_and_repeated(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    for node in nodes:
        node.tags.clear()

    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = amount + 1, was = NULL WHERE variant_id = $1", product.variant_id)
    await edges.step()

    assert all(tags.product(product.id) in node.tags for node in nodes)
    await asyncio.sleep(0.2)
    told = len(nodes[0].tags)
    await edges.step()
    assert len(nodes[0].tags) > told


async def test_a_change_that_was_rolled_back_purges_nothing(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    before = await due()

    with pytest.raises(ZeroDivisionError):
        async with writing(EVERYONE) as db:
            await db.execute("UPDATE product SET title = 'Never' WHERE id = $1", product.id)
            raise ZeroDivisionError

    assert await due() == before


async def test_a_dead_node_costs_the_others_nothing_and_owes_the_purge(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    nodes[1].broken = True
    edges.settings = msgspec.structs.replace(edges.settings, echo_seconds="60")

    await edges.step()
    asked = nodes[0].requests
    await a_product()
    await edges.step()

    async with reading(EVERYONE) as db:
        assert not await db.fetchval("SELECT count(*) FROM outbox WHERE kind = 'changed' AND done_at IS NULL")
    assert tags.product(product.id) in nodes[0].tags
    assert nodes[0].requests == asked + 1
    assert nodes[1].requests == 1  # it is not asked again by rounds
    assert await owed(nodes[1]) == 2
    assert await owed(nodes[0]) == 0


async def test_a_purge_is_noted_with_its_cause_and_who_confirmed(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = amount + 1, was = NULL WHERE variant_id = $1", product.variant_id)

    await edges.step()

    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT * FROM edge_purge WHERE kind = 'change' ORDER BY sent_at DESC LIMIT 1")
        sent = await db.fetch("SELECT target, purged FROM edge_delivery WHERE purge_id = $1", row["id"])
        known = await db.fetch("SELECT url, name, boot, state FROM edge_node")
    assert {cause["table"] for cause in row["causes"]} == {"price", "product"}
    assert row["committed_at"] < row["sent_at"] <= row["cleared_at"]
    assert {(each["target"], each["purged"]) for each in sent} == {(node.url, 1) for node in nodes}
    assert {tuple(node) for node in known} == {(node.url, node.name, node.boot, "live") for node in nodes}


async def test_echoes_end(nodes: list[Node], edges: Edges) -> None:
    await a_product()
    await edges.step()

    for _ in range(3):
        await asyncio.sleep(0.15)
        await edges.step()

    assert await due() == 0


async def test_everything_goes_in_waves_and_each_page_in_one(nodes: list[Node], edged: Settings, edges: Edges) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'changed', $1)",
                         {"table": "product", "all": True})  # fmt: skip

    await edges.step()

    assert nodes[0].tags == tags.waves()[:1]
    async with reading(EVERYONE) as db:
        rows = await db.fetch("SELECT body, available_at - created_at AS after FROM outbox "
                              "WHERE kind = 'wave' AND done_at IS NULL ORDER BY available_at")  # fmt: skip
    assert [row["body"]["tags"] for row in rows] == [[wave] for wave in tags.waves()[1:]]
    assert rows[0]["after"].total_seconds() >= edged.wave_seconds
    assert all(tags.wave("product", f"/p/{n}") in tags.waves() for n in range(20))


async def test_an_edit_that_comes_with_everything_does_not_wait_for_its_wave(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    await edges.step()
    nodes[0].tags.clear()
    async with writing(EVERYONE) as db:
        await db.execute("INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'changed', $1)",
                         {"table": "product", "all": True})  # fmt: skip
        await db.execute("UPDATE product SET title = title || '!' WHERE id = $1", product.id)

    await edges.step()

    assert {tags.product(product.id), tags.waves()[0]} <= set(nodes[0].tags)
    assert tags.everything() not in nodes[0].tags


def test_more_tags_than_a_round_may_send_are_waves(edges: Edges) -> None:
    now, later = edges.spread({f"p{n}" for n in range(50_001)})

    assert [now, *later] == [{wave} for wave in tags.waves()]
    assert edges.spread({"p1", "c1"}) == ({"p1", "c1"}, [])


async def test_ten_thousand_rows_are_a_handful_of_purges(nodes: list[Node], edges: Edges) -> None:
    product = await a_product()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
        await db.execute(
            "INSERT INTO review (id, product_id, author, rating, title, body, state, created_at) "
            "SELECT gen_random_uuid(), $1, 'A', 5, 'T', 'B', 'pending', now() FROM generate_series(1, 10000)",
            product.id,
        )

    rows = await due()
    await edges.step()

    assert rows <= 25
    assert nodes[0].requests <= 3


async def test_a_row_nobody_can_relay_stays_open_with_its_reason_and_holds_up_no_other(
    nodes: list[Node], edges: Edges
) -> None:
    async with writing(EVERYONE) as db:
        strange = await db.fetchval(
            "INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'echo', '{}'), "
            "(gen_random_uuid(), 'unheard of', '{}') RETURNING id"
        )
    product = await a_product()

    await edges.step()

    async with reading(EVERYONE) as db:
        open_rows = await db.fetch(
            "SELECT kind, error, attempts FROM outbox WHERE done_at IS NULL AND error IS NOT NULL"
        )
        await db.fetchval("SELECT 1 FROM outbox WHERE id = $1", strange)
    assert tags.product(product.id) in nodes[0].tags
    assert {row["kind"] for row in open_rows} >= {"echo", "unheard of"}
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE error IS NOT NULL")
