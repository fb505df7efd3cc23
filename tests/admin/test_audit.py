"""Whatever staff change is among the edits, with who did it: a form that is not tried here fails the first test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import httpx
import pytest

from app.admin import xray
from app.db.edits import noted_first
from app.db.engines import EVERYONE, reading
from app.main import create_admin
from app.orders import operations as orders
from app.search.queries import groups
from app.values import Refusal
from tests.admin import (
    people,
    test_collections,
    test_delivery,
    test_facets,
    test_parcels,
    test_pictures,
    test_promotions,
    test_refunds,
    test_sections,
)
from tests.admin.people import Staff
from tests.knobs import Scripted, provider
from tests.makers import a_block, a_collection, a_picture, a_product, a_review, unique
from tests.members.people import sign_up
from tests.orders.books import lines_of
from tests.orders.test_frozen import a_frozen_order
from tests.orders.test_shipping import ship
from tests.payments.money import a_captured_order, a_paid_order

NO_CHANGE = {"admin_send_sign_in", "admin_sign_out", "admin_preview_section"}
Try = Callable[[httpx.AsyncClient, httpx.AsyncClient], Awaitable[httpx.Response]]
TRIES: dict[str, Try] = {}


def of(name: str) -> Callable[[Try], Try]:
    """The action of this name, sent as staff would: it succeeds."""
    return lambda fn: TRIES.setdefault(name, fn)


def actions() -> set[str]:
    """Names of all that staff can post."""
    handlers = [handler for route in create_admin().app.routes for handler in getattr(route, "route_handlers", ())]
    return {handler.name for handler in handlers if "POST" in handler.http_methods}


@of("admin_save")
async def save(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    product = await a_product()
    form = await people.form_of(staff, product.id) | {"title": "Another title"}
    return await staff.post(f"/products/{product.id}", data=form)


@of("admin_adjust")
async def adjust(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    product = await a_product()
    typed = {"variant_id": str(product.variant_id), "delta": "2", "reason": "received", "key": str(uuid4())}
    return await staff.post(f"/products/{product.id}/stock", data=typed)


@of("admin_add_picture")
async def add_picture(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await test_pictures.sent(staff, await a_product())


@of("admin_remove_picture")
async def remove_picture(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    product = await a_product()
    await a_picture(product)
    page = (await staff.get(f"/products/{product.id}/pictures")).text
    path = page.partition('action="')[2].partition("/remove")[0].rpartition('action="')[2]
    return await staff.post(f"{path}/remove")


@of("admin_note_customer")
async def note(staff: httpx.AsyncClient, shop: httpx.AsyncClient) -> httpx.Response:
    typed = {"email": await sign_up(shop), "note": "Rings twice", "version": "1"}
    return await staff.post("/customers/note", data=typed)


@of("admin_save_method")
async def deliver(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    id = await test_delivery.a_method(currency="GBP", published=False)
    return await staff.post(f"/delivery/{id}", data=await test_delivery.opened(staff, id) | {"price": "6.00"})


@of("admin_ship")
async def parcel(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    order = await a_paid_order(lines={(await a_product()).variant_id: 3})
    form = await test_parcels.form_of(staff, order)
    with provider(Scripted()):  # who is asked for the money before anything is sent
        return await staff.post(f"/orders/{order.number}/parcels", data=form)


@of("admin_cancel")
async def cancel(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    order = await a_paid_order()
    return await staff.post(f"/orders/{order.number}/cancel", data={"note": "Asked us to"})


@of("admin_cancel_part")
async def cancel_part(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    order = await a_paid_order(lines={(await a_product(price=1000)).variant_id: 3})
    [line] = await lines_of(order.id)
    form = await test_refunds.part_form_of(staff, order) | {f"cancel-{line['id']}": "1", "because": "Broke"}
    return await staff.post(f"/orders/{order.number}/units", data=form)


@of("admin_refund")
async def refund(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    order = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 3})
    [line] = await lines_of(order.id)
    form = await test_refunds.form_of(staff, order) | {f"refund-{line['id']}": "1", "reason": "Chipped"}
    return await staff.post(f"/orders/{order.number}/refunds", data=form)


@of("admin_capture")
async def capture(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await staff.post(f"/orders/{(await a_frozen_order()).number}/capture")


@of("admin_return")
async def give_back(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    order = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 1})
    [line] = await lines_of(order.id)
    await ship(order.id, {line["id"]: 1})
    wish = await orders.request_return(order.id, {line["id"]: 1}, "Too blue", key=uuid4())
    return await staff.post(f"/orders/{order.number}/returns/{wish}/approve")


@of("admin_approve_reviews")
async def approve(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    id = await a_review(await a_product(), state="pending")
    return await staff.post("/reviews", data={"pick": f"{id}:1"})


@of("admin_moderate")
async def moderate(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    id = await a_review(await a_product(), state="pending")
    return await staff.post(f"/reviews/{id}", data={"does": "approve", "version": "1"})


@of("admin_add_synonym")
async def add_synonym(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    words = f"{unique('qwa').replace('-', '')}, qwb"
    return await staff.post("/search/synonyms/new", data={"kind": "both", "terms": words, "does": "save"})


@of("admin_save_synonym")
async def save_synonym(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    word = unique("qwc").replace("-", "")
    typed = {"kind": "both", "terms": f"{word}, qwd", "does": "save"}
    await staff.post("/search/synonyms/new", data=typed)
    id = next(each.id for each in await groups() if word in each.terms)
    return await staff.post(f"/search/synonyms/{id}", data=typed | {"version": "1", "does": "remove"})


@of("admin_create_promotion")
async def create_promotion(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await staff.post("/promotions/new", data=test_promotions.a_form())


@of("admin_change_promotion")
async def change_promotion(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path = await test_promotions.made(staff)
    return await staff.post(path, data=test_promotions.form_of(await staff.get(path)) | {"title": "Summer"})


@of("admin_end_promotion")
async def end_promotion(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await staff.post(f"{await test_promotions.made(staff)}/end")


@of("admin_generate_codes")
async def codes(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path = await test_promotions.made(staff, trigger="codes")
    return await staff.post(f"{path}/codes", data={"key": str(uuid4()), "many": "3", "prefix": ""})


@of("admin_create_collection")
async def create_collection(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    fields = people.fields_of((await staff.get("/collections/new")).text)
    return await staff.post("/collections/new", data=fields | test_collections.filled())


@of("admin_save_collection")
async def save_collection(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path = f"/collections/{(await a_collection(products=[await a_product()])).id}"
    fields = people.fields_of((await staff.get(path)).text)
    return await staff.post(path, data=fields | {"title": "Another", "does": "save"})


@of("admin_delete_collection")
async def delete_collection(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path = f"/collections/{(await a_collection(products=[await a_product()])).id}"
    mark = people.fields_of((await staff.get(path)).text)["mark"]
    return await staff.post(f"{path}/delete", data={"mark": mark})


@of("admin_place_section")
async def place_section(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await test_sections.placed(staff, "hide", await a_block("notice", {"text": "One"}))


@of("admin_create_section")
async def create_section(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    return await staff.post("/sections/new/notice", data={"text": "Closed on Monday", "does": "save"})


@of("admin_save_section")
async def save_section(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path = f"/sections/{await a_block('notice', {'text': 'One'})}"
    fields = people.fields_of((await staff.get(path)).text)
    return await staff.post(path, data=fields | {"text": "Two", "does": "save"})


@of("admin_save_facets")
async def save_facets(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    path, _ = await test_facets.a_shelf()
    return await test_facets.saved(staff, path, shown_glaze="on", title_glaze="Colour")


@of("admin_add_redirect")
async def add_redirect(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    product = await a_product()
    return await staff.post("/redirects", data={"old": f"/p/{unique('gone')}", "new": f"/p/{product.slug}"})


@of("admin_delete_redirect")
async def delete_redirect(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    old = f"/p/{unique('gone')}"
    await staff.post("/redirects", data={"old": old, "new": f"/p/{(await a_product()).slug}"})
    async with reading(EVERYONE) as db:
        id = await db.fetchval("SELECT id FROM redirect WHERE old_path = $1", old)
    return await staff.post(f"/redirects/{id}/delete")


@of("admin_xray_purge")
async def purge(staff: httpx.AsyncClient, _: Any) -> httpx.Response:
    with mock.patch.object(xray.by_hand, "forget", mock.AsyncMock(return_value=[])):
        return await staff.post("/x-ray/purge", data={"tag": "p0123456789abcde", "url": "/"})


def test_every_form_of_the_admin_is_tried_here() -> None:
    assert actions() == TRIES.keys() | NO_CHANGE


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIES)
async def test_what_staff_change_is_among_the_edits_with_who_did_it(
    name: str, staff: httpx.AsyncClient, shop: httpx.AsyncClient, member: Staff
) -> None:
    async with reading(EVERYONE) as db:
        before = await db.fetchval("SELECT coalesce(max(at), '-infinity') FROM edit")

    answer = await TRIES[name](staff, shop)

    assert answer.status_code == 303, answer.text
    async with reading(EVERYONE) as db:
        noted = await db.fetch("SELECT by, title FROM edit WHERE at > $1", before)
    assert noted and {row["by"] for row in noted} == {member.email} and all(row["title"] for row in noted)


async def test_the_list_says_from_what_to_what_and_finds_it_again(staff: httpx.AsyncClient, member: Staff) -> None:
    word = unique("Kettle")
    product = await a_product(title=f"{word} <one>", price=1400)
    form = await people.form_of(staff, product.id)
    price = f"price-{product.variant_id}"
    assert (await staff.post(f"/products/{product.id}", data=form | {price: "15"})).status_code == 303

    page = (await staff.get("/edits", params={"q": word, "what": "product"})).text

    assert page.count('data-testid="admin-edit"') == 1 and f"/products/{product.id}" in page
    assert f"{word} &lt;one&gt;" in page and "<del>14.00</del> <ins>15</ins>" in page and member.email in page
    assert word in (await staff.get("/edits", params={"q": member.email})).text
    assert "Nobody changed" in (await staff.get("/edits", params={"q": word, "what": "order"})).text


@pytest.mark.parametrize("query", ["after=x", "after=1-" + "0" * 32, "q=%00%25", "what=" + "x" * 3000])
async def test_a_nonsense_address_of_the_list_is_a_list(staff: httpx.AsyncClient, query: str) -> None:
    assert (await staff.get(f"/edits?{query}")).status_code == 200


async def test_the_list_goes_on_after_fifty(staff: httpx.AsyncClient) -> None:
    title = unique("Row")
    for _ in range(51):
        async with noted_first(by="bob@example.org", what="stock", which=UUID(int=1), did="changed", title=title):
            pass

    first = (await staff.get("/edits", params={"q": title})).text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert first.count('data-testid="admin-edit"') == 50
    assert (await staff.get(older)).text.count('data-testid="admin-edit"') == 1


class HalfDone(Refusal):
    half_done = True


@pytest.mark.parametrize(("raised", "left"), [(Refusal, 0), (HalfDone, 1), (RuntimeError, 1)])
async def test_what_was_refused_is_no_edit_and_what_broke_may_be_one(raised: type[Exception], left: int) -> None:
    which = uuid4()
    with pytest.raises(raised):
        async with noted_first(by="bob@example.org", what="order", which=which, did="changed", title="x"):
            raise raised

    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT count(*) FROM edit WHERE which = $1", which) == left
