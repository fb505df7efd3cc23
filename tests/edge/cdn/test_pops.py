from __future__ import annotations

from app.edge import cdn
from app.edge.purge import CDN, Ack
from app.settings import Settings
from tests.edge import varnish
from tests.edge.test_purge import a_node, ok


def pops(*nodes: str) -> cdn.Cdn:
    driver = cdn.driver_of(Settings(cdn="varnish", cdn_api=" ".join(nodes)))
    assert driver
    return driver


async def test_every_pop_is_told_and_their_counts_add_up() -> None:
    async with a_node(ok(3)) as (one, sent_one), a_node(ok(4)) as (two, sent_two):
        ack = await pops(one, two).purge({"p1", "c1"})

    assert ack == Ack(CDN, 7)
    assert sent_one == sent_two == ["c1 p1"]


async def test_one_pop_that_does_not_answer_leaves_the_purge_open() -> None:
    gone = f"http://127.0.0.1:{varnish.free_ports(1)[0]}"
    async with a_node(ok(3)) as (well, sent):
        ack = await pops(well, gone).purge({"p1"})

    assert ack.count is None
    assert gone in (ack.error or "")
    assert sent == ["p1"]
