from __future__ import annotations

import pytest

from app.accounts import operations, queries
from app.db.engines import writing
from app.values import bucket_of
from app.web.visitor import new_token, token_hash

pytestmark = pytest.mark.usefixtures("databases")


async def test_a_token_nobody_was_given_opens_nothing():
    assert await queries.session_of(token_hash(new_token(5)), 5) is None


async def test_a_token_with_another_bucket_opens_nothing():
    session = await operations.open_session()
    far = (bucket_of(session.shopper_id) + 512) % 1024

    assert await queries.session_of(token_hash(session.token), far) is None


async def test_an_expired_session_opens_nothing():
    session = await operations.open_session()
    async with writing(session.shopper_id) as db:
        await db.execute(
            "UPDATE session SET expires_at = now() - interval '1 second' WHERE shopper_id = $1", session.shopper_id
        )

    assert await queries.session_of(token_hash(session.token), bucket_of(session.shopper_id)) is None
