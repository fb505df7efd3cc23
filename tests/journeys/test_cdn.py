"""A whole shop behind a POP, with everything between an UPDATE and the second tier at work."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import httpx
import pytest

from tests.edge import varnish
from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow


class Fronted:
    """The shop, its POP, and how a browser reads through it."""

    def __init__(self, stack: Stack, pop: varnish.Pop) -> None:
        self.stack, self.pop = stack, pop

    def client(self) -> httpx.Client:
        headers = {"Host": self.stack.url.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.pop.port}", headers=headers, timeout=20)

    def execute(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.stack.dsn)
            await connection.execute(statement)
            await connection.close()

        asyncio.run(run())


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    ports = varnish.free_ports(2)
    stack = Stack(cdn="varnish", cdn_api=f"http://127.0.0.1:{ports[1]}")
    try:
        with varnish.Pop(tmp_path_factory.mktemp("pop"), stack.ports["port"], ports) as pop:
            yield Fronted(stack, pop)
    finally:
        stack.stop()


def test_an_update_in_the_database_reaches_the_pop_long_before_its_minute_is_over(fronted: Fronted) -> None:
    with fronted.client() as client:
        kept = [client.get("/p/pell-mug") for _ in range(2)][-1]
        assert kept.headers["x-pop"] == "hit"
        assert "Mug, as of today" not in kept.text

        fronted.execute("UPDATE product SET title = 'Mug, as of today' WHERE slug = 'pell-mug'")

        eventually(lambda: "Mug, as of today" in client.get("/p/pell-mug").text, within=10)


def test_a_shopper_passes_the_pop_and_leaves_nothing_there(fronted: Fronted) -> None:
    with fronted.client() as stranger, fronted.client() as shopper:
        shopper.cookies.set(f"sid_{fronted.stack.ports['port']}", varnish.SID)
        shopper.cookies.set(f"cc_{fronted.stack.ports['port']}", "7")

        own = [shopper.get("/c/table") for _ in range(2)]
        foreign = [stranger.get("/c/table") for _ in range(2)]

    assert [answer.headers["x-pop"] for answer in (*own, *foreign)] == ["miss", "miss", "miss", "hit"]
    assert all('data-units="7"' in answer.text for answer in own)
    assert not any('data-units="7"' in answer.text for answer in foreign)
