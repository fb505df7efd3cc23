from __future__ import annotations

import re

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.settings import settings
from jobs.edges import Edges
from jobs.nodes import Backlog
from tests.admin.people import errors_in
from tests.admin.test_live import settle, state
from tests.jobs.listeners import two_nodes
from tests.makers import a_category, a_product, unique


def moved(page: str) -> list[tuple[str, str]]:
    return re.findall(r'class="table__main" href="[^"]*?(/[cp]/[^"]+)">.*?<td><a href="[^"]*?(/[^":]*)">', page, re.S)


async def test_an_address_leads_where_staff_say_until_they_delete_it(staff, shop) -> None:
    product, old = await a_product(), f"/p/{unique('gone')}"
    to = f"/p/{product.slug}"

    saved = await staff.post("/redirects", data={"old": f"https://shop.example{old}/?utm=x", "new": to})
    led = await shop.get(old)
    listed = await staff.get("/redirects", params={"q": old})
    [id] = re.findall(r"/redirects/([0-9a-f-]{36})/delete", listed.text)
    deleted = await staff.post(f"/redirects/{id}/delete")

    assert (saved.status_code, deleted.status_code) == (303, 303)
    assert (led.status_code, led.headers["location"]) == (301, to)
    assert (old, to) in moved(listed.text)
    assert (await shop.get(old)).status_code == 404
    assert (await staff.get("/redirects?q=%00")).status_code == 200
    assert (await staff.post(f"/redirects/{id}/delete")).status_code == 404
    async with reading(EVERYONE) as db:
        noted = await db.fetch("SELECT did, title FROM edit WHERE what = 'redirect' AND title LIKE $1", f"{old}%")
    assert {(row["did"], row["title"]) for row in noted} == {(did, f"{old} → {to}") for did in ("created", "deleted")}


async def test_the_page_says_whether_shoppers_are_led_yet(staff) -> None:
    category = await a_category()
    await settle()

    saved = await staff.post("/redirects", data={"old": f"/c/{unique('old')}", "new": f"/c/{category.path}"})
    waiting = await staff.get(saved.headers["location"])
    await settle()

    assert state(waiting.text) == "waiting"
    assert state((await staff.get(saved.headers["location"])).text) == "live"


async def test_it_waits_for_the_node_that_may_still_show_the_old_answer(staff) -> None:
    category, old = await a_category(), f"/c/{unique('old')}"
    await settle()
    async with two_nodes() as nodes:
        nodes[1].broken = True
        edges = Edges(msgspec.structs.replace(settings(), edge_nodes=" ".join(node.url for node in nodes)))
        saved = await staff.post("/redirects", data={"old": old, "new": f"/c/{category.path}"})

        await edges.step()
        owed = await staff.get(saved.headers["location"])
        nodes[1].broken = False
        await Backlog(edges.settings).step()
        after = await staff.get(saved.headers["location"])
        await edges.close()

    assert (state(owed.text), state(after.text)) == ("waiting", "live")


async def test_circles_and_dead_ends_are_refused_beside_their_field_and_kept(staff) -> None:
    product, old, other = await a_product(), f"/p/{unique('old')}", f"/p/{unique('other')}"
    here = f"/p/{product.slug}"
    await staff.post("/redirects", data={"old": old, "new": here})

    async def said(old: str, new: str) -> str:
        answer = await staff.post("/redirects", data={"old": old, "new": new})
        assert answer.status_code == 422
        assert f'value="{new}"' in answer.text
        return errors_in(answer.text)[0]

    assert "leads on itself" in await said(other, old)
    assert "leads on itself" in await said(other, other)
    assert "no page" in await said(other, f"/p/{unique('nothing')}")
    assert "There is a page" in await said(here, "/")
    assert "already" in await said(old, "/")
    assert "begins with" in await said("/cart", "/")
    assert "begins with" in await said(other, "/account")


async def test_what_led_to_an_address_that_leads_on_goes_the_whole_way(staff, shop) -> None:
    first, second = await a_product(), await a_product()
    one, two = f"/p/{unique('one')}", f"/p/{first.slug}"
    await staff.post("/redirects", data={"old": one, "new": two})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET status = 'archived' WHERE id = $1", first.id)

    await staff.post("/redirects", data={"old": two, "new": f"/p/{second.slug}"})

    for old in (one, two):
        assert (await shop.get(old)).headers["location"] == f"/p/{second.slug}"


async def test_a_piece_of_a_product_that_leads_to_a_list_is_nowhere(staff, shop) -> None:
    category, slug = await a_category(), unique("gone")

    await staff.post("/redirects", data={"old": f"/p/{slug}", "new": f"/c/{category.path}"})

    assert (await shop.get(f"/_f/quick/{slug}")).status_code == 404


@pytest.mark.parametrize("query", ["q=%25_", "page=99", "page=nonsense", "of=nonsense&saved=1", "old=http://["])
async def test_nonsense_in_the_address_is_a_page(staff, query: str) -> None:
    assert (await staff.get(f"/redirects?{query}")).status_code == 200
