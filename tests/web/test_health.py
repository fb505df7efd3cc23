from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.db.engines import EVERYONE, Busy, writing
from app.web import health


@pytest.fixture
async def node(databases: None) -> AsyncIterator[str]:
    """The name of a fenced node; its row is gone afterwards."""
    name = "edge-of-test"
    async with writing(EVERYONE) as db:
        await db.execute(
            "INSERT INTO edge_node (url, name, state) "
            "VALUES ('http://fenced.example', $1, 'fenced'), ('http://other.example', 'another', 'live')",
            name,
        )
    health._nodes.until = 0.0
    yield name
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM edge_node WHERE url LIKE 'http://%.example'")
    health._nodes.until = 0.0


async def asked(shop: httpx.AsyncClient, node: str) -> httpx.Response:
    return await shop.get("/healthz/edge", headers={"X-Vitrine-Node": node})


async def test_a_fenced_node_is_told_so_and_others_are_not(shop: httpx.AsyncClient, node: str) -> None:
    fenced, other = await asked(shop, node), await asked(shop, "another")

    assert (fenced.status_code, fenced.headers["x-vitrine-health"]) == (503, "fenced")
    assert other.status_code == 200
    assert "x-vitrine-health" not in other.headers
    assert fenced.headers["cache-control"] == "private, no-store"


async def test_a_name_that_two_nodes_share_takes_neither_out_while_one_is_live(
    shop: httpx.AsyncClient, node: str
) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("INSERT INTO edge_node (url, name) VALUES ('http://live.example', $1)", node)

    assert (await asked(shop, node)).status_code == 200


@pytest.mark.parametrize("known_as", ["", "its-name-before"])
async def test_a_fenced_node_is_told_so_under_a_name_that_the_relay_never_heard(
    shop: httpx.AsyncClient, node: str, known_as: str
) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE edge_node SET name = $1 WHERE name = $2", known_as, node)

    assert (await asked(shop, node)).status_code == 503
    assert (await asked(shop, "another")).status_code == 200
    assert (await shop.get("/healthz/edge")).status_code == 200, "who asks past the edge is no node"


async def test_a_name_nobody_knows_is_live_while_no_node_is_fenced(shop: httpx.AsyncClient, node: str) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE edge_node SET state = 'live'")

    assert (await asked(shop, "new")).status_code == 200


async def test_without_the_database_nobody_is_taken_out(
    shop: httpx.AsyncClient, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_key: object) -> object:
        raise Busy

    monkeypatch.setattr(health, "writing", away)

    assert (await asked(shop, node)).status_code == 200


async def test_the_canary_may_be_kept_and_carries_its_tag(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/_f/canary")

    assert answer.text.isdigit()
    assert "w1" in answer.headers["xkey"].split()
    assert answer.headers["x-vitrine-keep"] == "1"
