from __future__ import annotations

import re

from app.admin import collection_form as form
from app.catalog.queries import list_view
from app.content.queries import Products, home_view
from tests.admin.people import errors_in, fields_of
from tests.admin.test_live import settle, state
from tests.makers import a_block, a_collection, a_product, a_product_type, a_review, unique


async def shown(slug: str) -> list[str]:
    view = await list_view(slug, 1)
    assert view
    return [card.title for card in view.cards]


def filled(**fields: str) -> dict[str, str]:
    return {"title": "Winter", "slug": unique("winter"), "fill": "manual", "does": "save"} | fields


def refused(answer) -> list[str]:
    assert answer.status_code == 422
    return errors_in(answer.text)


async def test_a_collection_by_hand_holds_what_was_added_in_the_order_typed(staff) -> None:
    one, two, three = [await a_product(title=title) for title in ("One", "Two", "Three")]
    page = await staff.get("/collections/new")
    fields = fields_of(page.text) | filled()
    for product in (one, two, three):
        page = await staff.post("/collections/new", data=fields | {"does": f"add:{product.id}"})
        fields = fields_of(page.text)
    page = await staff.post("/collections/new", data=fields | {f"place-{three.id}": "1", "does": f"down:{one.id}"})

    saved = await staff.post("/collections/new", data=fields_of(page.text) | {"does": "save"})

    assert saved.status_code == 303
    assert await shown(fields["slug"]) == ["Three", "Two", "One"]
    again = fields_of((await staff.get(saved.headers["location"])).text)
    assert [name for name in again if name.startswith("place-")] == [f"place-{each.id}" for each in (three, two, one)]


async def test_search_offers_products_that_are_not_in_it_and_enter_searches(staff) -> None:
    title = unique("Harrow")
    inside, outside = await a_product(title=f"{title} A"), await a_product(title=f"{title} B")
    collection = await a_collection(products=[inside])
    address = f"/collections/{collection.id}"
    fields = fields_of((await staff.get(address)).text)

    page = await staff.post(address, data=fields | {"q": title.lower(), "does": "enter"})
    piece = await staff.get("/collections/products", params={"q": outside.variants[0].sku})

    assert page.status_code == 200 and fields_of(page.text)["title"] == fields["title"]
    assert re.findall(r'value="add:([^"]+)"', page.text) == [str(outside.id)]
    assert re.findall(r'value="add:([^"]+)"', piece.text) == [str(outside.id)]
    assert "<html" not in piece.text


async def test_a_rule_says_what_it_finds_before_it_is_saved(staff) -> None:
    kind = await a_product_type(
        [{"code": "wood", "label": "Wood"}, {"code": "spare", "label": "Spare", "kind": "flag"}]
    )
    wood = unique("wood")
    await a_product(title="Stool", type_id=kind, attributes={"wood": wood})
    asked = filled(fill="attribute", code="wood", value=wood)

    tried = await staff.post("/collections/new", data=asked | {"does": "preview"})
    nothing_yet = await list_view(asked["slug"], 1)
    saved = await staff.post("/collections/new", data=asked)

    assert "<b>1</b> product now" in tried.text and "Stool" in tried.text
    assert nothing_yet is None and saved.status_code == 303
    assert await shown(asked["slug"]) == ["Stool"]


async def test_rules_by_category_maker_rating_and_price_are_tried_saved_and_opened_again(staff) -> None:
    product = await a_product(title="Chest", price=777_700)
    await a_review(product, rating=5)
    rules = {
        "category": {"category": str(product.category_id)},
        "maker": {"maker": str(product.maker_id)},
        "rating": {"stars": "5"},
        "from": {"amount": "7777"},
    }

    for fill, fields in rules.items():
        asked = filled(fill=fill, **fields)
        tried = await staff.post("/collections/new", data=asked | {"does": "preview"})
        saved = await staff.post("/collections/new", data=asked)
        again = fields_of((await staff.get(saved.headers["location"])).text)

        assert re.search(r"<b>[\d,]+</b> products? now", tried.text), fill
        assert await shown(asked["slug"]) and saved.status_code == 303
        assert {"fill": fill} | fields == {name: again[name].removesuffix(".00") for name in ("fill", *fields)}


async def test_whatever_is_wrong_is_said_beside_its_field_and_nothing_is_lost(staff) -> None:
    taken = await a_collection(products=[])

    async def answer(**fields: str):
        return await staff.post("/collections/new", data=filled(**fields))

    assert "title of 1" in refused(await answer(title=""))[0]
    assert "lower-case" in refused(await answer(slug="No Way"))[0]
    assert "has this address" in refused(await answer(slug=taken.slug))[0]
    assert "days" in refused(await answer(fill="new", days="0"))[0]
    assert "attribute" in refused(await answer(fill="attribute", code="no-such", value="x"))[0]
    assert refused(await answer(fill="nonsense"))
    assert "category" in refused(await answer(fill="category", category="x'"))[0]
    assert "maker" in refused(await answer(fill="maker"))[0]
    assert "stars" in refused(await answer(fill="rating", stars="6"))[0]
    wrong = await answer(fill="under", amount="many", title="Kept <title>")
    assert refused(wrong) and fields_of(wrong.text)["amount"] == "many"
    assert fields_of(wrong.text)["title"] == "Kept <title>"
    assert (await staff.get("/collections/01234567-89ab-8def-8123-456789abcdef")).status_code == 404


async def test_who_saves_second_sees_what_the_first_changed_and_loses_nothing(staff) -> None:
    product = await a_product(title="Theirs")
    address = f"/collections/{(await a_collection(products=[])).id}"
    first, second = fields_of((await staff.get(address)).text), fields_of((await staff.get(address)).text)

    saved = await staff.post(address, data=first | {f"place-{product.id}": "1", "does": "save"})
    clash = await staff.post(address, data=second | {"title": "Mine", "does": "save"})
    again = await staff.post(address, data=fields_of(clash.text) | {"does": "save"})

    assert (saved.status_code, clash.status_code, again.status_code) == (303, 409, 303)
    assert "<q>Theirs</q>" in clash.text
    now = fields_of((await staff.get(address)).text)
    assert now["title"] == "Mine" and f"place-{product.id}" in now


async def test_another_address_takes_the_home_page_along(staff) -> None:
    product = await a_product()
    collection = await a_collection(products=[product])
    await a_block("products", {"title": "Shelf", "collection": collection.slug})
    address, to = f"/collections/{collection.id}", unique("moved")

    await staff.post(address, data=fields_of((await staff.get(address)).text) | {"slug": to, "does": "save"})

    shelves = [block for block in (await home_view()).blocks if isinstance(block, Products)]
    assert any(card.product_id == product.id for shelf in shelves for card in shelf.cards)


async def test_it_is_live_when_the_edge_has_confirmed(staff) -> None:
    address = f"/collections/{(await a_collection(products=[])).id}"
    await settle()

    saved = await staff.post(
        address, data=fields_of((await staff.get(address)).text) | {"summary": "!", "does": "save"}
    )
    before = (await staff.get(saved.headers["location"])).text
    again = re.search(r'hx-get="([^"]+)"[^>]*every', before)
    await settle()
    after = (await staff.get(saved.headers["location"])).text

    assert (state(before), state(after)) == ("waiting", "live")
    assert again and state((await staff.get(again[1].replace("&amp;", "&"))).text) == "live"
    assert "Changed" in after and "@example.org" in after


async def test_deleting_asks_first_and_only_the_state_that_was_seen(staff) -> None:
    collection = await a_collection(products=[], title="Old things")
    await a_block("products", {"title": "Last chance", "collection": collection.slug})
    address = f"/collections/{collection.id}/delete"

    asked = await staff.get(address)
    mark = re.search(r'name="mark" value="(\w+)"', asked.text)
    stale = await staff.post(address, data={"mark": "0"})
    gone = await staff.post(address, data={"mark": mark[1]})  # type: ignore[index]

    assert "Last chance" in asked.text
    assert (stale.status_code, gone.status_code) == (409, 303)
    assert await list_view(collection.slug, 1) is None
    assert (await staff.get(gone.headers["location"])).status_code == 200


async def test_the_form_costs_the_same_however_many_products_are_in_it(staff, statements) -> None:
    few = await a_collection(products=[await a_product()])
    more = await a_collection(products=[await a_product() for _ in range(4)])

    assert 0 < await statements(f"/collections/{few.id}") == await statements(f"/collections/{more.id}") <= 8


def test_a_number_typed_beside_a_product_puts_it_there() -> None:
    ids = [f"{each}0000000-0000-8000-8000-000000000000" for each in "1234"]

    def ordered(**numbers: str) -> list[str]:
        typed = {f"place-{id}": numbers.get(f"n{id[0]}", str(at)) for at, id in enumerate(ids, start=1)}
        return [id[0] for id in form.tidied(typed)["products"].split(",")]

    assert ordered() == ["1", "2", "3", "4"]
    assert ordered(n4="2") == ["1", "4", "2", "3"]
    assert ordered(n1="3") == ["2", "3", "1", "4"]
    assert ordered(n2="x") == ["1", "2", "3", "4"]
