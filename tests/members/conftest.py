from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.db.engines import all_shards, writing
from tests.checkout.walk import another_browser


@pytest.fixture
async def other(databases: None) -> AsyncIterator[httpx.AsyncClient]:
    """A second browser."""
    async with another_browser() as client:
        yield client


@pytest.fixture(autouse=True)
async def fresh_tries(databases: None) -> None:
    """No test is refused for the tries of another: they all come from one client."""
    for shard in all_shards():
        async with writing(shard.first) as db:
            await db.execute("DELETE FROM visitor_try")
