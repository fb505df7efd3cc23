from __future__ import annotations

import re
from typing import Any
from unittest import mock

import httpx
import msgspec
import pytest

from app.admin import glass, xray, xray_parts
from app.db.engines import EVERYONE, writing
from app.edge import purge, tags
from app.edge.explain import Explained
from app.settings import settings
from tests import makers
from tests.admin.people import Staff
from tests.conftest import ANONYMOUS_FORM
from tests.knobs import knobs


@pytest.fixture
async def edge(shop: httpx.AsyncClient) -> Any:
    """An edge that keeps every page of the shop for an hour; what it was asked to purge is in `.purged`."""
    known = mock.Mock(purged=[])

    async def page_at(settings: Any, path: str, cookie: str) -> httpx.Response:
        return await shop.get(path, headers=ANONYMOUS_FORM)

    async def explain(node: str, url: str, cookie: str = "") -> Explained:
        carried = (await shop.get(url, headers=ANONYMOUS_FORM)).headers.get("xkey", "")
        return Explained(node=node, state="hit", age=60, ttl=3540, hits=2, tags=tuple(carried.split()))

    async def spoil(nodes: Any, found: set[str]) -> list[purge.Ack]:
        known.purged.append(found)
        return [purge.Ack(node, 4) for node in nodes]

    with (
        knobs(edge="true", edge_nodes="http://127.0.0.1:9462", cdn="varnish"),
        mock.patch.object(glass, "page_at", page_at),
        mock.patch.object(xray_parts, "explain", explain),
        mock.patch.object(purge, "purge", spoil),
    ):
        yield known


async def test_a_page_is_shown_with_each_of_its_parts(staff: httpx.AsyncClient, edge: Any) -> None:
    product = await makers.a_product(options=["size"], variants=[{"options": {"size": s}} for s in "sm"])

    page = await staff.get("/x-ray", params={"url": product.url})

    assert page.text.count('data-testid="xray-part"') == 6
    for part in (
        product.url,
        "/_h/badge",
        "/_h/account",
        f"/_f/variant/{product.slug}",
        f"/_f/related/{product.slug}",
        "/_f/suggest",
    ):
        assert f"</span> {part}</h2>" in page.text
    assert "1 min" not in page.text and "60 s old, 59 min left, 2 hits" in page.text
    assert f'value="{tags.product(product.id)}"' in page.text
    assert 'value="all"' not in page.text and 'value="m1"' not in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]


async def test_the_page_under_glass_runs_nothing_and_may_stand_in_our_frame_only(
    staff: httpx.AsyncClient, edge: Any
) -> None:
    product = await makers.a_product()

    page = await staff.get("/x-ray/page", params={"url": product.url})

    assert "<script" not in page.text and 'id="main"' in page.text
    assert f'data-xray="{product.url}: hit, age 60 s, 3540 s left"' in page.text
    assert 'data-xray="/_h/badge: in place"' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'self'" in policy
    assert page.headers["cache-control"] == "private, no-store"


async def test_a_tag_is_purged_and_noted_with_who_asked_for_it_and_repeated_by_the_relay(
    staff: httpx.AsyncClient, member: Staff, edge: Any
) -> None:
    product = await makers.a_product()
    tag = tags.product(product.id)

    answer = await staff.post("/x-ray/purge", data={"tag": tag, "url": product.url, "visitor": "shopper"})
    page = await staff.get(answer.headers["location"])

    assert answer.status_code == 303 and edge.purged == [{tag}]
    assert "4 kept copies went out of date on 1 of 1 nodes" in page.text
    async with writing(EVERYONE) as db:
        assert await db.fetchval("SELECT count(*) FROM outbox WHERE kind = 'echo' AND body->'tags' ? $1", tag) == 2
        noted = await db.fetchrow("SELECT * FROM edge_purge WHERE tags ? $1", tag)
        targets = await db.fetchval("SELECT array_agg(target) FROM edge_delivery WHERE purge_id = $1", noted["id"])
    assert (noted["kind"], noted["causes"]) == ("hand", [{"who": member.email}])
    assert sorted(targets) == sorted(["cdn", *settings().purge_urls])


@pytest.mark.parametrize("tag", ["", "all", "m1", "w1", "t" + "0" * 15, "p1", "p' OR 1=1", "pé"])
async def test_no_single_click_purges_everything_or_nonsense(staff: httpx.AsyncClient, edge: Any, tag: str) -> None:
    assert (await staff.post("/x-ray/purge", data={"tag": tag, "url": "/"})).status_code == 422
    assert edge.purged == []


async def test_only_addresses_of_this_shop_are_fetched(staff: httpx.AsyncClient, edge: Any) -> None:
    for url in ("https://elsewhere.example/", "//elsewhere.example/", "file:///etc/passwd", "/\\elsewhere.example"):
        page = await staff.get("/x-ray", params={"url": url})
        assert "elsewhere" not in page.text and "passwd" not in page.text


async def test_an_edge_that_does_not_answer_is_said_so(staff: httpx.AsyncClient) -> None:
    with knobs(edge="true", port=9461):
        answer = await staff.get("/x-ray", params={"url": "/"})

    assert answer.status_code == 502 and "did not answer" in answer.text


async def test_without_an_edge_it_says_so(staff: httpx.AsyncClient) -> None:
    with knobs(edge="false"):
        page = await staff.get("/x-ray")

    assert 'data-testid="xray-no-edge"' in page.text and "<iframe" not in page.text


async def test_a_node_that_did_not_confirm_is_named(staff: httpx.AsyncClient) -> None:
    acks = [purge.Ack("a", 3), purge.Ack("b", None, "ConnectError")]

    assert xray._told("p1", acks) == "p1: 1 of 2 edge nodes did not confirm (ConnectError); it is repeated."


async def test_a_product_leads_to_its_x_ray(staff: httpx.AsyncClient) -> None:
    product = await makers.a_product()

    page = await staff.get(f"/products/{product.id}")

    assert f'href="/x-ray?url={product.url}"' in page.text


async def test_a_look_says_what_it_found_and_that_it_made_a_copy(staff: httpx.AsyncClient, edge: Any) -> None:
    product = await makers.a_product()
    states = iter(["stale", "hit", "hit"])
    explain = xray_parts.explain

    async def page_first(node: str, url: str, cookie: str = "") -> Explained:
        said = await explain(node, url, cookie)
        return msgspec.structs.replace(said, state=next(states)) if url == product.url else said

    with mock.patch.object(xray_parts, "explain", page_first):
        page = await staff.get("/x-ray", params={"url": product.url})

    assert 'xray__part--page" data-testid="xray-part" data-state="stale"' in page.text
    assert "This look was a visit: a new copy is kept now" in page.text


async def test_each_node_can_be_looked_at_and_stays_chosen(staff: httpx.AsyncClient, edge: Any) -> None:
    product = await makers.a_product()
    two = "http://127.0.0.1:9462 http://127.0.0.1:9463"
    explain = xray_parts.explain

    async def empty_second(node: str, url: str, cookie: str = "") -> Explained:
        said = await explain(node, url, cookie)
        return msgspec.structs.replace(said, state="miss") if node.endswith(":9463") else said

    with knobs(edge_nodes=two), mock.patch.object(xray_parts, "explain", empty_second):
        first = await staff.get("/x-ray", params={"url": product.url})
        second = await staff.get("/x-ray", params={"url": product.url, "node": "127.0.0.1:9463"})
        under = await staff.get("/x-ray/page", params={"url": product.url, "node": "127.0.0.1:9463"})
        unknown = await staff.get("/x-ray", params={"url": product.url, "node": "node.example:80"})
        data = {"tag": tags.product(product.id), "url": product.url, "node": "127.0.0.1:9463"}
        purged = await staff.post("/x-ray/purge", data=data)

    states = [re.search(r'xray__part--page" .*?data-state="(\w+)"', page.text) for page in (first, second, unknown)]
    assert [state and state[1] for state in states] == ["hit", "miss", "hit"]
    assert 'aria-current="true">127.0.0.1:9463</a>' in second.text and "node.example" not in unknown.text
    assert "node=127.0.0.1%3A9463" in under.text and "node=127.0.0.1%3A9463" in purged.headers["location"]


async def test_one_node_is_no_choice(staff: httpx.AsyncClient, edge: Any) -> None:
    assert 'data-testid="xray-nodes"' not in (await staff.get("/x-ray")).text
