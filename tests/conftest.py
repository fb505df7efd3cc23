from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator

import httpx
import hypothesis
import pytest

from tests.apps import the_app
from tests.servers import Replica, Servers, clean_environment
from tests.stack import Stack

# Machines that run this are slow and shared, and a first run builds hypothesis's tables: neither is a fault of ours.
hypothesis.settings.register_profile("shop", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("shop")

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ANONYMOUS_FORM = {"X-Vitrine-Form": "anonymous"}
_numbers = itertools.count(1)
PERSONAL_FORM = {"X-Vitrine-Form": "personal"}


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """One PostgreSQL for the whole run; tests make rows of their own and never clean up."""
    clean_environment()
    running = Servers()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def replica(servers: Servers) -> Iterator[Replica]:
    """A streaming replica of that PostgreSQL, made when the first test asks for it."""
    running = Replica(servers.home)
    yield running
    running.remove()


@pytest.fixture(scope="session")
async def databases(servers: Servers) -> AsyncIterator[None]:
    """The pools of this process are open."""
    from app.db.engines import close_databases, open_databases
    from app.settings import settings

    await open_databases(settings())
    yield
    await close_databases()


@pytest.fixture(scope="module")
async def own_database(servers: Servers, databases: None) -> AsyncIterator[str]:
    """The pools are open on a database of this file's own: what must be true of all of it can be asked. Its DSN."""
    from app.db.engines import close_databases, open_databases
    from app.ops.postgres import shard_dsns
    from app.settings import settings
    from tests.knobs import knobs

    dsn = await servers.another(f"own_{next(_numbers)}")
    await close_databases()
    with knobs(shared_dsn=dsn, shards=shard_dsns(dsn)):
        await open_databases(settings())
        yield dsn
        await close_databases()
    await open_databases(settings())


@pytest.fixture
async def shop(databases: None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the shop, without an edge: cookies are kept, forms come from our own pages."""
    async with _client(the_app("create_app"), "http://localhost:8080") as client:
        yield client


@pytest.fixture
async def admin(databases: None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the admin's listener; not signed in."""
    async with _client(the_app("create_admin"), "http://localhost:8200") as client:
        yield client


def _client(app: object, origin: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=origin, headers=SAME_ORIGIN)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One whole shop with an edge and the demo catalogue, shared by every test that only shops."""
    running = Stack()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def bare_stack() -> Iterator[Stack]:
    """The same without an edge."""
    running = Stack(edge=False)
    yield running
    running.stop()
