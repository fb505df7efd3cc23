from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from argon2 import PasswordHasher

from app.db.engines import all_shards, writing
from app.web import passwords
from tests.checkout.walk import another_browser


@pytest.fixture
async def other(databases: None) -> AsyncIterator[httpx.AsyncClient]:
    """A second browser."""
    async with another_browser() as client:
        yield client


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost next to nothing: what they cost is not what these tests are about."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture(autouse=True)
async def fresh_tries(databases: None) -> None:
    """No test is refused for the tries of another: they all come from one client."""
    for shard in all_shards():
        async with writing(shard.first) as db:
            await db.execute("DELETE FROM visitor_try")
