from __future__ import annotations

import pytest

from app.accounts import operations, queries
from app.db.engines import reading, writing
from app.values import bucket_of, read_bucket_mark
from app.web.visitor import token_hash

pytestmark = pytest.mark.usefixtures("databases")


async def test_a_new_session_lets_its_shopper_in():
    session = await operations.open_session()

    found = await queries.session_of(token_hash(session.token), read_bucket_mark(session.token))

    assert (found.shopper_id, found.pv) == (session.shopper_id, session.pv)
    assert read_bucket_mark(session.token) == bucket_of(session.shopper_id)


async def test_the_database_knows_no_token():
    session = await operations.open_session()

    async with reading(session.shopper_id) as db:
        row = await db.fetchrow(
            "SELECT *, session::text AS whole FROM session WHERE shopper_id = $1", session.shopper_id
        )

    assert row["token_hash"] == token_hash(session.token)
    assert session.token[2:] not in row["whole"]
    assert bucket_of(row["id"]) == bucket_of(session.shopper_id)
    assert 89 < (row["expires_at"] - row["created_at"]).days <= 90


async def test_newcomers_spread_over_the_buckets():
    buckets = {bucket_of((await operations.open_session()).shopper_id) for _ in range(20)}

    assert len(buckets) > 10


async def test_a_new_private_version_reaches_every_session_of_the_shopper_and_no_other():
    mine, theirs = await operations.open_session(), await operations.open_session()

    async with writing(mine.shopper_id):
        pv = await operations.renew_pv(mine.shopper_id)

    assert (await session(mine)).pv == pv != mine.pv
    assert (await session(theirs)).pv == theirs.pv


async def test_a_private_version_is_renewed_with_the_change_it_is_for():
    mine = await operations.open_session()

    with pytest.raises(ZeroDivisionError):
        async with writing(mine.shopper_id):
            await operations.renew_pv(mine.shopper_id)
            raise ZeroDivisionError
    with pytest.raises(AssertionError):
        await operations.renew_pv(mine.shopper_id)

    assert (await session(mine)).pv == mine.pv


async def session(opened):
    return await queries.session_of(token_hash(opened.token), bucket_of(opened.shopper_id))


async def test_a_session_lasts_90_days_from_now_whatever_the_displayed_clock_says(monkeypatch):
    monkeypatch.setenv("VITRINE_CLOCK", "2020-01-01T00:00:00Z")
    mine = await operations.open_session()

    async with reading(mine.shopper_id) as db:
        left = await db.fetchval("SELECT expires_at - now() FROM session WHERE shopper_id = $1", mine.shopper_id)

    assert 89 <= left.days <= 90
    assert (await session(mine)).shopper_id == mine.shopper_id
