from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.edge import purge
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Origin


@asynccontextmanager
async def a_node(answer: bytes, after: float = 0) -> AsyncIterator[tuple[str, list[str]]]:
    """A purge listener that gives always the same answer; its URL, and the tags it was sent."""
    sent: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                sent.extend(line.partition(": ")[2] for line in lines if line.lower().startswith("x-purge-tags"))
                await asyncio.sleep(after)
                writer.write(answer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", sent
    finally:
        await purge.close()
        server.close()


def ok(count: int) -> bytes:
    return f"HTTP/1.1 200 n={count}\r\nContent-Length: 0\r\n\r\n".encode()


async def test_each_node_acks_with_its_count() -> None:
    async with a_node(ok(3)) as (one, sent_one), a_node(ok(0)) as (two, sent_two):
        acks = await purge.purge([one, two], {"p1", "c1"})

    assert [(ack.node, ack.count, ack.error) for ack in acks] == [(one, 3, None), (two, 0, None)]
    assert all(ack.ms > 0 for ack in acks)
    assert sent_one == sent_two == ["c1 p1"]


async def test_long_lists_go_in_batches_and_counts_add_up() -> None:
    tags = {f"p{n:015}" for n in range(2000)}
    async with a_node(ok(5)) as (node, sent):
        [ack] = await purge.purge([node], tags)

    assert ack.count == 15
    assert [len(batch.split()) for batch in sent] == [800, 800, 400]
    assert set(" ".join(sent).split()) == tags


async def test_long_tags_stay_below_the_header_limit() -> None:
    async with a_node(ok(0)) as (node, sent):
        await purge.purge([node], {f"{n:02}{'x' * 1000}" for n in range(40)})

    assert [len(batch) <= purge.MOST_BYTES for batch in sent] == [True] * 4


async def test_no_tags_ask_nobody() -> None:
    async with a_node(ok(1)) as (node, sent):
        acks = await purge.purge([node], set())

    assert [ack.count for ack in acks] == [0]
    assert sent == []


async def test_failing_nodes_do_not_hold_up_the_others() -> None:
    [closed] = varnish.free_ports(1)
    gone = f"http://127.0.0.1:{closed}"
    refusing = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
    async with a_node(ok(2)) as (well, _), a_node(refusing) as (wrong, _), a_node(ok(1), after=2) as (slow, _):
        began = asyncio.get_running_loop().time()
        acks = await purge.purge([gone, slow, wrong, well], {"p1"})
        took = asyncio.get_running_loop().time() - began

    assert [ack.count for ack in acks] == [None, None, None, 2]
    assert [ack.error for ack in acks[1:3]] == ["not done within 1 s", "answered 405 Method Not Allowed"]
    assert took < 1.8


async def test_a_node_that_is_slow_at_each_of_many_batches_has_a_second_for_all_of_them() -> None:
    async with a_node(ok(0), after=0.8) as (slow, _):
        began = asyncio.get_running_loop().time()
        [ack] = await purge.purge([slow], {f"p{n:015}" for n in range(4000)})

    assert ack.error == "not done within 1 s"
    assert asyncio.get_running_loop().time() - began < 2.4


@pytest.mark.parametrize("node", ["http://127.0.0.1:99999", "http://[::1", "edge1:8090", f"http://{'a' * 70}.example"])
async def test_an_address_that_cannot_be_asked_fails_alone(node: str) -> None:
    async with a_node(ok(2)) as (well, _):
        acks = await purge.purge([node, well], {"p1"})

    assert [ack.count for ack in acks] == [None, 2]


@pytest.mark.parametrize(("said", "up"), [("12.5", 12.5), ("7", 7.0), ("-5.0", None), ("1.2.3", None), ("", None)])
async def test_an_age_that_cannot_be_read_is_not_taken_for_newborn(said: str, up: float | None) -> None:
    answer = f"HTTP/1.1 200 n=1\r\nX-Vitrine-Up: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    async with a_node(answer) as (node, _):
        [ack] = await purge.purge([node], {"p1"})

    assert (ack.count, ack.up) == (1, up)


async def test_nobody_to_tell() -> None:
    assert await purge.purge([], {"p1"}) == []


@pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")
async def test_purged_page_is_fresh_on_its_next_read_and_others_stay(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with (
        Origin(port, lambda asked: Answer(asked.path, KEPT | {"xkey": f"p{asked.path[-1]} all"})),
        varnish.Edge(tmp_path, [port]) as edge,
    ):
        for path in ("/p/1", "/p/2"):
            edge.ask("GET", path)

        acks = await purge.purge([f"http://127.0.0.1:{edge.purge_port}"], {"p1", "p7"})
        purged, kept = (edge.ask("GET", path).headers["Cache-Status"] for path in ("/p/1", "/p/2"))
        await purge.close()

    assert [ack.count for ack in acks] == [1]
    assert "stored" in purged
    assert "hit" in kept
