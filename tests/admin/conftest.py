from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.admin import guard, operations
from app.db.current import Database
from app.db.engines import all_shards, writing
from tests.admin.people import Staff
from tests.makers import unique

PASSWORD = "a long way to Ludlow"


@pytest.fixture(scope="session")
async def member(databases: None) -> Staff:
    """Someone with an account."""
    email = f"{unique('ana')}@example.org"
    await operations.add_staff(email=email, name="Ana Weir", password=PASSWORD)
    return Staff(email=email, password=PASSWORD)


@pytest.fixture
async def staff(admin: httpx.AsyncClient, member: Staff) -> httpx.AsyncClient:
    """A browser on the admin that is signed in."""
    token = await operations.sign_in(member.email, member.password, instead_of="")
    admin.cookies.set(guard.cookie_name(), token, domain="localhost.local")
    return admin


@pytest.fixture(autouse=True)
async def fresh_tries(databases: None) -> None:
    """No test is refused for the tries of another."""
    for shard in all_shards():
        async with writing(shard.first) as db:
            await db.execute("DELETE FROM visitor_try")


@pytest.fixture
def statements(staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Awaitable[int]]:
    """How many statements a page of the admin asks of the databases."""
    seen: list[str] = []
    counted = Database._counted

    async def noted(self: Database, run: object, sql: str, args: object) -> object:
        seen.append(sql)
        return await counted(self, run, sql, args)  # type: ignore[arg-type]

    async def many(path: str) -> int:
        seen.clear()
        assert (await staff.get(path)).status_code == 200
        return len(seen)

    monkeypatch.setattr(Database, "_counted", noted)
    return many
