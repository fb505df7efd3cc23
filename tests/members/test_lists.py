from __future__ import annotations

import re

import pytest

from tests.makers import a_product
from tests.members.people import sign_up


async def a_list(shop, name="Gifts"):
    """Somebody signed in with a list of this name and one thing on it; its address."""
    await sign_up(shop)
    product = await a_product(title="Pell mug")
    await shop.post("/lists/add", data={"variant_id": str(product.variant_id)})
    at = (await shop.post("/account/lists", data={"name": name})).headers["location"]
    [item] = re.findall(r"/account/lists/items/([0-9a-f-]+)", (await shop.get("/account/lists")).text)
    moved = await shop.post(f"/account/lists/items/{item}", data={"to": at.rpartition("/")[2], "does": "copy"})
    assert (moved.status_code, moved.headers["location"]) == (303, at)
    return at


async def test_a_list_is_made_filled_shown_and_taken_back_without_javascript(shop):
    at = await a_list(shop, "Gifts & <more>")

    await shop.post(f"{at}/share")
    [link] = re.findall(r'value="[^"]*(/shared/[^"]+)"', (await shop.get(at)).text)
    mine = dict(shop.cookies)
    shop.cookies.clear()
    seen = await shop.get(link)
    shop.cookies.update(mine)
    await shop.post(f"{at}/unshare")

    assert "Gifts &amp; &lt;more&gt;" in seen.text and "Pell mug" in seen.text
    assert (seen.headers["cache-control"], seen.headers["x-robots-tag"]) == ("private, no-store", "noindex")
    assert "set-cookie" not in seen.headers
    assert "Ada" not in seen.text
    assert (await shop.get(link)).status_code == 404
    assert "Only you see this list" in (await shop.get(at)).text


async def test_a_bad_name_is_said_beside_its_field_and_kept(shop):
    at = await a_list(shop)

    again = await shop.post("/account/lists", data={"name": "Gifts"})
    renamed = await shop.post(f"{at}/name", data={"name": ""})

    assert (again.status_code, renamed.status_code) == (422, 422)
    assert 'value="Gifts"' in again.text
    assert again.text.count("none of your others has") >= 1


async def test_what_is_taken_off_a_list_leads_back_to_it_and_hearts_know_every_list(shop):
    at = await a_list(shop)
    [item] = re.findall(r'action="/lists/items/([0-9a-f-]+)/remove"', (await shop.get(at)).text)

    [slug] = re.findall(r'data-hearts="([a-z0-9-]+)"', (await shop.get("/account/lists")).text)
    still = await shop.post("/lists/add", data={"remove": slug}, headers={"HX-Request": "true"})
    gone = await shop.post(f"/lists/items/{item}/remove")

    assert "still on another of your lists" in still.text and f'data-added="{slug}"' in still.text
    assert gone.headers["location"] == at
    assert 'data-hearts=""' in (await shop.get("/account/lists")).text
    assert "data-hearts" not in (await shop.get(at)).text


async def test_a_list_that_is_deleted_is_gone_and_a_strangers_never_was(shop):
    at = await a_list(shop)
    assert (await shop.post(f"{at}/delete")).headers["location"] == "/account/lists"
    assert (await shop.get(at)).status_code == 404

    shop.cookies.clear()

    assert (await shop.get(at)).status_code == 303
    assert (await shop.post(f"{at}/share")).status_code == 403


@pytest.mark.parametrize("token", ["x", "0" * 45, "00" + "a" * 43, "..%2f", "%00" * 3])
async def test_nonsense_for_a_link_is_a_page_that_is_not_there(shop, token):
    assert (await shop.get(f"/shared/{token}")).status_code == 404
