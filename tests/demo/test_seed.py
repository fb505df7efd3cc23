from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest

from app.db.migrate import migrate
from app.db.sharding import read_shards
from app.demo import staff
from app.demo.seed import BadAmount, amount, seed
from app.settings import Settings, settings
from app.values import bucket_of


def quiet(step: str, done: int, total: int) -> None:
    """A progress nobody watches."""


@pytest.fixture(scope="module")
async def empty(databases: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """A database of its own on the running server, so that seeding does not disturb other tests."""
    named = settings()
    server = await asyncpg.connect(named.shared_dsn)
    await server.execute("CREATE DATABASE seeded")
    dsn = urlsplit(named.shared_dsn)._replace(path="/seeded").geturl()
    shards = " ".join(f"{dsn}#{shard.schema}" for shard in read_shards(named.shards))
    home = tmp_path_factory.mktemp("home")
    full = msgspec.structs.replace(named, shared_dsn=dsn, shards=shards, home=str(home))
    await migrate(full)
    yield full
    await server.execute("DROP DATABASE seeded WITH (FORCE)")
    await server.close()


async def count(full: Settings, table: str) -> int:
    connection = await asyncpg.connect(full.shared_dsn)
    try:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()


@pytest.mark.parametrize("what", ["0", "-1", "abc", "", "1.5", "２", "2000001", "9" * 30])
def test_a_nonsense_amount_is_refused_in_words(what: str) -> None:
    with pytest.raises(BadAmount) as refused:
        amount(what)

    assert "2,000,000" in refused.value.say


def test_amounts() -> None:
    assert amount("none") is None
    assert amount("demo") == 240
    assert amount("2000000") == 2_000_000


async def test_none_touches_nothing() -> None:
    await seed(Settings(), "none", quiet)


async def test_the_demo_shop_is_written_once(empty: Settings) -> None:
    said: list[str] = []
    await seed(empty, "demo", lambda step, done, total: said.append(step))
    first = [await count(empty, table) for table in ("product", "variant", "review", "block", "staff")]

    await seed(empty, "demo", lambda step, done, total: said.append(step))

    assert first == [await count(empty, table) for table in ("product", "variant", "review", "block", "staff")]
    assert first[0] == 240
    assert first[4] == 1
    assert "there already" in said[-1]


async def test_stock_lies_on_the_shard_that_owns_it(empty: Settings) -> None:
    await seed(empty, "demo", quiet)
    total = 0
    for shard in read_shards(empty.shards):
        connection = await asyncpg.connect(shard.dsn, server_settings={"search_path": f"{shard.schema},public"})
        rows = await connection.fetch("SELECT variant_id, band, band_of(s) AS right FROM stock s")
        ledger = await connection.fetchval(
            "SELECT count(*) FROM stock s WHERE on_hand <> coalesce((SELECT sum(delta) FROM stock_ledger l WHERE l.variant_id = s.variant_id), 0)"
        )
        await connection.close()
        total += len(rows)

        assert ledger == 0
        assert all(bucket_of(row["variant_id"]) in shard.buckets for row in rows)
        assert all(row["band"] == row["right"] for row in rows)
    assert total == await count(empty, "variant")


async def test_lists_show_what_the_triggers_would_have_kept(empty: Settings) -> None:
    await seed(empty, "demo", quiet)
    connection = await asyncpg.connect(empty.shared_dsn)
    listed = "SELECT id, price_from, price_to, was_from, band, rating_sum, rating_count FROM product ORDER BY id"
    before = await connection.fetch(listed)

    await connection.execute("SELECT refresh_products(array_agg(id)) FROM product")
    await connection.execute("UPDATE review SET rating = rating")

    assert await connection.fetch(listed) == before
    assert (
        await connection.fetchval("SELECT count(*) FROM product WHERE status = 'published' AND price_from IS NULL") == 0
    )
    off = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
    assert await connection.fetchval(off) == 0, "triggers are back"
    await connection.close()


async def test_new_products_are_noted_for_the_edge(empty: Settings) -> None:
    await seed(empty, "demo", quiet)
    connection = await asyncpg.connect(empty.shared_dsn)
    noted = await connection.fetchval(
        "SELECT sum(jsonb_array_length(body->'rows')) FROM outbox WHERE kind = 'changed' AND body->>'table' = 'product' AND body->'rows'->0->>'old' IS NULL"
    )
    await connection.close()

    assert noted >= 240


async def test_a_number_adds_products_and_can_be_repeated(empty: Settings) -> None:
    await seed(empty, "demo", quiet)
    before = await count(empty, "product")

    steps: list[tuple[int, int]] = []
    await seed(empty, "30", lambda step, done, total: steps.append((done, total)))
    await seed(empty, "5", quiet)

    assert await count(empty, "product") == before + 35
    assert steps == [(0, 30), (30, 30)]


async def test_the_owner_can_sign_in_with_a_password_only_they_can_read(empty: Settings) -> None:
    from argon2 import PasswordHasher

    await seed(empty, "demo", quiet)
    file = Path(empty.home) / staff.FILE
    email, password = file.read_text().split()
    connection = await asyncpg.connect(empty.shared_dsn)
    stored = await connection.fetchval("SELECT password_hash FROM staff WHERE email = $1", email)
    await connection.close()

    assert email == "owner@larkfield.example"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PasswordHasher().verify(stored, password)
