from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.db.engines import close_databases, open_databases
from app.settings import settings
from tests.faults.far import with_far_half
from tests.faults.proxy import Proxy, proxy
from tests.knobs import knobs

LIMITS = {"acquire_timeout": 1, "statement_timeout": 1, "lock_timeout": 1}  # as an operator would shorten them


@pytest.fixture
async def half(own_database: str) -> AsyncIterator[Proxy]:
    """The upper two shards are on a server of their own, as far as the app can tell: this stands before it."""
    folder = own_database.partition("host=")[2].partition("&")[0]
    async with proxy(f"{folder}/.s.PGSQL.5432") as between:
        far = own_database.partition("?")[0].replace("@/", f"@127.0.0.1:{between.port}/")
        await close_databases()
        with knobs(shards=with_far_half(own_database, far), **LIMITS):
            await open_databases(settings())
            yield between
            between.set()
            await close_databases()
        await open_databases(settings())
