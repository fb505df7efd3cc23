from __future__ import annotations

import re

import msgspec
import pytest

from app.admin import live, rules
from app.db.engines import EVERYONE, writing
from app.inventory import operations as inventory
from app.inventory.events import StockBandChanged
from app.settings import settings
from jobs.edges import Edges
from jobs.nodes import Backlog
from tests.admin.people import form_of
from tests.jobs.listeners import two_nodes
from tests.makers import a_product


async def settle() -> None:
    """The relay brings everything to the edge."""
    while await Edges(settings()).step():
        pass


async def saved(staff, product, **changes: str) -> str:
    """Saves the product; where the browser is sent."""
    answer = await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | changes)
    assert answer.status_code == 303
    return answer.headers["location"]


def state(page: str) -> str:
    found = re.search(r'data-testid="admin-live-state" data-state="(\w+)"', page)
    assert found
    return found[1]


async def test_the_panel_waits_for_the_relay_and_then_says_how_long_it_took(staff) -> None:
    product = await a_product()
    await settle()

    there = await saved(staff, product, **{f"price-{product.variant_id}": "15.00"})
    before = (await staff.get(there)).text
    await settle()
    after = (await staff.get(there.replace("?", "/live?"))).text

    assert state(before) == "waiting" and 'hx-trigger="every 500ms"' in before and "Look again" in before
    assert state(after) == "live" and re.search(r"\d\.\d\d s after you saved", after) and "hx-get" not in after


async def test_the_panel_is_a_piece_by_itself(staff) -> None:
    product = await a_product()

    piece = (await staff.get(f"/products/{product.id}/live")).text

    assert piece.count("<") < 12 and "<html" not in piece


async def test_changes_of_other_products_do_not_keep_it_waiting(staff) -> None:
    product, other = await a_product(), await a_product()
    await settle()

    await saved(staff, other, title="Other")

    assert state((await staff.get(f"/products/{product.id}")).text) == "steady"


async def test_a_change_by_anybody_is_told(staff) -> None:
    product = await a_product()
    await settle()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = amount + 1 WHERE variant_id = $1", product.variant_id)

    page = (await staff.get(f"/products/{product.id}")).text

    assert state(page) == "waiting" and "An earlier change is on its way" in page


async def test_stock_that_changes_nothing_to_see_is_just_saved(staff) -> None:
    product = await a_product(variants=[{"stock": 50}])
    await settle()

    data = {"variant_id": str(product.variant_id), "delta": "5", "reason": "received"}
    there = (await staff.post(f"/products/{product.id}/stock", data=data)).headers["location"]

    assert state((await staff.get(there)).text) == "unseen"


async def test_stock_that_sells_out_is_awaited_through_the_shards_outbox(staff) -> None:
    product = await a_product(variants=[{"stock": 5}])
    await settle()

    data = {"variant_id": str(product.variant_id), "delta": "-5", "reason": "adjusted"}
    there = (await staff.post(f"/products/{product.id}/stock", data=data)).headers["location"]
    on_the_shard = state((await staff.get(there)).text)
    await projected(product.variant_id)
    on_the_way = state((await staff.get(there)).text)
    await settle()

    assert (on_the_shard, on_the_way, state((await staff.get(there)).text)) == ("waiting", "waiting", "live")


async def projected(variant_id) -> None:
    """The relay takes the variant's band to the shared database."""
    async with writing(variant_id) as db:
        sql = "SELECT body FROM outbox WHERE kind = 'StockBandChanged' AND body->>'variant_id' = $1 AND done_at IS NULL"
        bodies = [row["body"] for row in await db.fetch(sql, str(variant_id))]
        await db.execute("UPDATE outbox SET done_at = now() WHERE body->>'variant_id' = $1", str(variant_id))
    for body in bodies:
        await inventory.project_band(
            StockBandChanged(variant_id=variant_id, band=body["band"], back_on=None, version=body["version"] + 100)
        )


async def test_a_purge_that_nobody_confirms_is_late_and_then_no_longer_asked_for(staff) -> None:
    product = await a_product()
    await settle()
    there = await saved(staff, product, title="Late")
    async with writing(EVERYONE) as db:
        at = await db.fetchval("SELECT now() - interval '30 s'")
        old = await db.fetchval("SELECT now() - interval '5 min'")

    late = await live.live_view(product.id, saved=rules.mark_of(at), stock="")
    over = await live.live_view(product.id, saved=rules.mark_of(old), stock="")

    assert there and late.state == over.state == "late"
    assert late.again and over.again is None
    await settle()


@pytest.mark.parametrize(
    "query", ["saved=x", "saved=-1", "saved=9999999999999", "saved=1", "saved=" + "9" * 50, "stock=nonsense"]
)
async def test_a_nonsense_moment_is_no_moment(staff, query: str) -> None:
    product = await a_product()
    await settle()

    assert state((await staff.get(f"/products/{product.id}?{query}")).text) in ("steady", "unseen")


async def test_a_node_that_serves_and_has_not_confirmed_keeps_it_waiting(staff) -> None:
    product = await a_product()
    await settle()
    async with two_nodes() as nodes:
        nodes[1].broken = True
        edges = Edges(msgspec.structs.replace(settings(), edge_nodes=" ".join(node.url for node in nodes)))
        there = await saved(staff, product, **{f"price-{product.variant_id}": "15.00"})

        await edges.step()
        owed = (await staff.get(there)).text
        nodes[1].broken = False
        await Backlog(edges.settings).step()
        after = (await staff.get(there)).text
        await edges.close()

    assert (state(owed), state(after)) == ("waiting", "live")
