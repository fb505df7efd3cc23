from __future__ import annotations

from app.admin import queries
from app.db.engines import EVERYONE, TALLY, Tally, all_shards, writing
from app.orders import projection
from tests.makers import a_product, an_order


async def test_the_first_page_counts_products_by_status(staff) -> None:
    before = (await queries.dashboard_view()).products

    await a_product(status="draft")
    after = (await queries.dashboard_view()).products

    assert after["draft"] == before.get("draft", 0) + 1
    assert f'data-testid="products-draft">{after["draft"]}<' in (await staff.get("/")).text


async def test_the_first_page_counts_the_orders_of_today(databases) -> None:
    before = await queries.dashboard_view()

    order = await an_order()
    await projection.index(order.id)
    after = await queries.dashboard_view()

    assert after.started == before.started + 1
    assert order.number in [row.number for row in after.latest]


async def test_the_first_page_tells_how_long_work_has_waited_and_what_was_given_up(databases) -> None:
    shard = all_shards()[1]
    async with writing(shard.first) as db:
        sql = "INSERT INTO outbox (id, kind, body, available_at, created_at) VALUES (gen_random_uuid(), 'Odd', '{}', $1, now())"
        old = await db.fetchval("SELECT now() - interval '1 hour'")
        never = await db.fetchval("SELECT 'infinity'::timestamptz")
        await db.execute(sql, old)
        await db.execute(sql, never)

    work = (await queries.dashboard_view()).work

    assert work.oldest and work.oldest >= 3600
    assert work.dead >= 1
    async with writing(shard.first) as db:
        await db.execute("DELETE FROM outbox WHERE kind = 'Odd'")


async def test_the_echo_of_a_purge_is_no_backlog(databases) -> None:
    before = (await queries.dashboard_view()).edge.waiting
    async with writing(EVERYONE) as db:
        await db.execute(
            "INSERT INTO outbox (id, kind, available_at) VALUES (gen_random_uuid(), 'echo', now() + interval '9 s')"
        )

    assert (await queries.dashboard_view()).edge.waiting == before


async def test_the_first_page_asks_little(databases) -> None:
    tally = Tally()
    token = TALLY.set(tally)
    await queries.dashboard_view()
    TALLY.reset(token)

    assert tally.queries == 6 + len(all_shards())


CHECKUP = """
    INSERT INTO checkup (id, began_at, ended_at, found)
    VALUES (gen_random_uuid(), now() + interval '1 day', now() + interval '1 day 2 s', $1)
"""


async def test_the_first_page_says_what_the_daily_look_has_found(staff) -> None:
    pages = []
    for found in ([], [{"words": "no <lost> order", "many": 2, "examples": ["x1", "x2"]}]):
        async with writing(EVERYONE) as db:
            await db.execute("DELETE FROM checkup")
            await db.execute(CHECKUP, found)
        pages.append((await staff.get("/")).text)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM checkup")
    pages.append((await staff.get("/")).text)

    assert "All true" in pages[0] and "for 2.0 s" in pages[0] and "checkup-found" not in pages[0]
    assert "1 is not true" in pages[1] and "no &lt;lost&gt; order: 2 times" in pages[1] and "x1 x2" in pages[1]
    assert "Not looked at yet" in pages[2]
