from __future__ import annotations

import asyncio
import inspect
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Coroutine
from uuid import UUID

import httpx
import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.main import create_app
from app.ops import targets, tracing
from app.ops.home import CLONE
from app.ops.targets import Ask, NoTarget
from app.settings import Settings, settings
from app.values import new_id, seconds
from tests.conftest import ANONYMOUS_FORM
from tests.jobs.conftest import nodes
from tests.jobs.listeners import Node
from tests.makers import a_category, a_collection, a_product

__all__ = ["nodes"]  # the fixture of the relay's tests
pytestmark = pytest.mark.usefixtures("databases")
Done = subprocess.CompletedProcess[str]
Command = Callable[..., Coroutine[None, None, Done]]


@pytest.fixture
def edged(nodes: list[Node]) -> Settings:
    """The shop's settings, with both nodes in front."""
    return msgspec.structs.replace(settings(), edge_nodes=" ".join(node.url for node in nodes))


@pytest.fixture
def vitrine(edged: Settings) -> Command:
    """`./vitrine purge ...` on this shop, as a process; nobody is there to ask unless `stdin` is a terminal."""

    async def run(*words: str, stdin: int = subprocess.DEVNULL, **env: str) -> Done:
        return await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "app.cli", *(words if words[:1] == ("edge",) else ("purge", *words))],
            cwd=CLONE, env=os.environ | {"VITRINE_EDGE_NODES": edged.edge_nodes, "VITRINE_WEB_PORT": "9349"} | env, stdin=stdin,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    return run


async def echoes(tag: str) -> int:
    async with reading(EVERYONE) as db:
        sql = "SELECT count(*) FROM outbox WHERE kind = 'echo' AND done_at IS NULL AND body->'tags' ? $1"
        return await db.fetchval(sql, tag)


async def test_a_product_is_purged_on_every_node_and_repeated_by_the_relay(nodes: list[Node], vitrine: Command) -> None:
    pot = await a_product()

    done = await vitrine("--product", pot.variants[0].sku)

    assert done.returncode == 0, done.stderr
    for node in nodes:
        assert {tags.product(pot.id), tags.card(pot.id), tags.category(pot.category_id)} <= set(node.tags)
        assert node.url in done.stdout
    assert await echoes(tags.product(pot.id)) == len(settings().echoes)


async def test_a_node_that_fails_is_named_and_the_status_is_one(nodes: list[Node], vitrine: Command) -> None:
    pot = await a_product()
    nodes[1].broken = True

    done = await vitrine("--product", pot.slug, "--json")

    assert done.returncode == 1
    answers = msgspec.json.decode(done.stdout)["nodes"]
    assert [(answer["purged"], answer["error"]) for answer in answers] == [(1, None), (None, "answered 503 Down")]
    assert tags.product(pot.id) in nodes[0].tags
    assert await echoes(tags.product(pot.id)) > 0


async def test_a_dry_run_says_what_would_go_and_sends_nothing(nodes: list[Node], vitrine: Command) -> None:
    pot = await a_product(title="Brown teapot")

    done = await vitrine("--product", pot.slug, "--dry-run")

    assert done.returncode == 0
    assert tags.product(pot.id) in done.stdout
    assert "the page of Brown teapot" in done.stdout
    assert "Varnish cannot count" in done.stdout
    assert [node.requests for node in nodes] == [0, 0]
    assert await echoes(tags.product(pot.id)) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--product", "no-such-thing"], "No product has the slug or SKU 'no-such-thing'."),
        (["--category", "no/such"], "No category or collection has the path 'no/such'."),
        (["--url", "https://elsewhere.example/p/pot"], "is not an address of this shop"),
        (["--tag", "teapots"], "'teapots' is not a tag"),
        (["--all"], "add --yes"),
        (["--tag", "m1"], "add --yes"),
        (["--product", "pot", "--all"], "Name one kind of target"),
        ([], "Name one kind of target"),
    ],
)
async def test_what_cannot_be_purged_is_a_sentence_with_status_two(
    nodes: list[Node], vitrine: Command, words: list[str], sentence: str
) -> None:
    done = await vitrine(*words)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert [node.requests for node in nodes] == [0, 0]


async def test_without_an_edge_there_is_nothing_to_purge(vitrine: Command) -> None:
    done = await vitrine("--all", "--yes", VITRINE_EDGE_NODES="")

    assert done.returncode == 2
    assert "runs without an edge" in done.stderr


async def test_everything_goes_in_waves_that_the_relay_sends(nodes: list[Node], vitrine: Command) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE kind = 'wave'")

    done = await vitrine("--all", "--yes", "--json")

    assert done.returncode == 0, done.stderr
    assert msgspec.json.decode(done.stdout)["waves"] == len(tags.waves())
    assert [node.tags for node in nodes] == [[], []]
    async with reading(EVERYONE) as db:
        sql = "SELECT body FROM outbox WHERE kind = 'wave' AND done_at IS NULL ORDER BY available_at"
        rows = await db.fetch(sql)
    assert [row["body"]["tags"] for row in rows] == [[wave] for wave in tags.waves()]


async def test_everything_goes_at_once_when_that_is_said(nodes: list[Node], vitrine: Command) -> None:
    done = await vitrine("--all", "--at-once", "--yes")

    assert done.returncode == 0
    assert [node.tags for node in nodes] == [["all"], ["all"]]


async def test_a_purge_by_hand_can_be_followed_to_its_end(nodes: list[Node], vitrine: Command) -> None:
    pot = await a_product()
    nodes[1].broken = True
    await vitrine("--product", pot.slug)

    done = await vitrine("edge", "trace", tags.product(pot.id), "--json")

    traced = msgspec.json.decode(done.stdout)["purges"][0]
    targets = {each["target"]: each for each in traced["targets"]}
    assert (traced["kind"], traced["causes"]) == ("hand", [{"who": "command line"}])
    assert traced["cleared_ms"] is None
    assert targets[nodes[0].url]["purged"] == 1
    assert targets[nodes[0].url]["ms"] >= 0
    assert (targets[nodes[1].url]["ms"], targets[nodes[1].url]["error"]) == (None, "answered 503 Down")
    assert "Not cleared yet" in (await vitrine("edge", "trace", tags.product(pot.id))).stdout
    assert (await vitrine("edge", "trace", "teapots")).returncode == 2


async def test_a_tag_that_went_with_a_wave_of_everything_is_traced_to_it(edged: Settings) -> None:
    async with writing(EVERYONE) as db:
        for kind, at in (("wave", 60), ("echo", 90)):
            await db.execute(
                "INSERT INTO edge_purge (id, kind, tags, sent_at) VALUES (gen_random_uuid(), $1, $2, now() + $3::interval)",
                *(kind, tags.waves()[3:4], seconds(at)),
            )

    found = await tracing.look(tags.product(new_id(0)), 5)

    assert found.purges[0].kind == "wave"
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM edge_purge WHERE sent_at > now()")


async def test_a_dry_run_tells_about_how_many_pages_it_would_render(edged: Settings, vitrine: Command) -> None:
    pot = await a_product()

    done = await vitrine("--tag", tags.product(pot.id), "--dry-run", "--json")

    cost = msgspec.json.decode(done.stdout)["estimate"]
    assert cost["addresses"] == {"product": 1, "variant": 1}
    assert "database" in cost["basis"]
    assert cost["render_ms"] is None, "no web instance runs here"


async def test_everything_says_what_it_costs_and_stays_when_the_answer_is_no(
    nodes: list[Node], vitrine: Command
) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, b"n\n")

    done = await vitrine("--all", stdin=terminal)

    assert done.returncode == 1
    assert "rendered again at its next visit" in done.stderr
    assert "Nothing was purged." in done.stderr
    assert [node.requests for node in nodes] == [0, 0]


async def test_an_address_stands_for_what_its_page_shows(edged: Settings) -> None:
    pot, shelf, sale = await a_product(), await a_category(), await a_collection()

    async def of(url: str) -> set[str]:
        return set(await targets.tags_of(edged, Ask(url=url)))

    assert await of(f"{pot.url}?o_size=250") == {tags.product(pot.id), tags.path(pot.url)}
    assert await of(f"/p/{pot.variants[0].sku}") == {tags.path(f"/p/{pot.variants[0].sku}")}
    assert await of(edged.public_origin + shelf.url) == {tags.category(shelf.id), tags.path(shelf.url)}
    assert await of(sale.url) == {tags.collection(sale.id), tags.path(sale.url)}
    assert await of(edged.public_origin) == {tags.blocks("home")}
    assert await of("/sitemap.xml") == {tags.listings()}
    assert await of("/gr%C3%BCn") == {tags.path("/grün")}


@pytest.mark.parametrize(
    "url", ["p/pot", "//p/pot", "ftp://localhost:8080/p/pot", "localhost:8080/p", "http://[/", "/%00", ""]
)
async def test_what_is_no_address_of_this_shop_is_refused(edged: Settings, url: str) -> None:
    with pytest.raises(NoTarget, match="not an address of this shop"):
        await targets.tags_of(edged, Ask(url=url))


async def test_the_pages_of_an_address_carry_the_tags_that_purge_it(edged: Settings) -> None:
    pot, sale = await a_product(), await a_collection()
    urls = [
        pot.url,
        f"/c/{pot.category_path}",
        sale.url,
        "/",
        "/sitemap.xml",
        "/sitemap/lists.xml",
        f"/_f/variant/{pot.slug}",
        "/p/grün",
    ]

    app, origin = httpx.ASGITransport(create_app()), edged.public_origin
    async with httpx.AsyncClient(transport=app, base_url=origin, headers=ANONYMOUS_FORM) as shop:
        carried = {url: set((await shop.get(url)).headers["xkey"].split()) for url in urls}

    for url in urls:
        assert carried[url] & set(await targets.tags_of(edged, Ask(url=url))), url


def test_every_tag_there_is_can_be_said_and_purged() -> None:
    makers = [made for name, made in inspect.getmembers(tags, inspect.isfunction)
              if made.__module__ == tags.__name__ and name not in ("header", "rolled_up", "waves", "_wave", "_short")]  # fmt: skip

    for made in makers:
        given = [UUID(int=7) if "_id" in name else "x" for name in inspect.signature(made).parameters]
        tag = made(*given)
        assert targets.check(Ask(tag=(tag,)))
        assert tags.KINDS.get(tag) or tags.KINDS[tag[0]]
