from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from app.catalog import operations as catalog
from app.catalog.queries import related_view
from app.db.engines import reading
from tests.admin.people import fields_in, form_of, on_hand, price_row, product_row
from tests.makers import a_product, unique


async def test_a_product_is_found_by_its_title_and_by_its_sku(staff) -> None:
    product = await a_product(title=unique("Teapot"))

    by_title = await staff.get("/products", params={"q": product.title[2:].lower()})
    by_sku = await staff.get("/products", params={"q": product.variants[0].sku})

    for page in (by_title, by_sku):
        assert page.text.count('data-testid="admin-product"') == 1
        assert (
            product.title in page.text and "£14.00" in page.text and f"http://localhost:8080{product.url}" in page.text
        )


async def test_the_list_shows_one_status(staff) -> None:
    word = unique("Kettle")
    await a_product(title=f"{word} live")
    await a_product(title=f"{word} planned", status="draft")

    page = (await staff.get("/products", params={"q": word, "status": "draft"})).text

    assert f"{word} planned" in page and f"{word} live" not in page
    assert "All <span>2</span>" in page and "Draft <span>1</span>" in page


async def test_the_list_goes_on_after_fifty(staff) -> None:
    word = unique("Spoon")
    for at in range(51):
        await a_product(title=f"{word} {at:02}")

    first = (await staff.get("/products", params={"q": word})).text
    second = (await staff.get("/products", params={"q": word, "page": "2"})).text

    assert first.count('data-testid="admin-product"') == 50 and "page 1 of 2" in first and 'rel="next"' in first
    assert second.count('data-testid="admin-product"') == 1 and f"{word} 50" in second and 'rel="prev"' in second


@pytest.mark.parametrize(
    "query", ["page=x&status=nonsense&sort=;drop", "page=-1", "page=99999", "q=%00%25%27", "q=" + "x" * 5000]
)
async def test_a_nonsense_address_of_the_list_is_a_list(staff, query: str) -> None:
    assert (await staff.get(f"/products?{query}")).status_code == 200


async def test_what_was_saved_is_saved_and_the_page_says_so(staff) -> None:
    product = await a_product(title="Brown teapot")
    form = await form_of(staff, product.id)

    answer = await staff.post(
        f"/products/{product.id}",
        data=form
        | {"title": "Red <teapot>", "subtitle": "", "description": "It's red.\r\n\r\nVery.", "status": "archived"},
    )

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/products/{product.id}?saved=")
    row = await product_row(product.id)
    assert (row["title"], row["subtitle"], row["description"]) == ("Red <teapot>", "", "It's red.\n\nVery.")
    assert (row["status"], row["version"]) == ("archived", 2)
    page = (await staff.get(answer.headers["location"])).text
    assert "Red &lt;teapot&gt;" in page and "version 2" in page


async def test_a_price_is_saved_to_the_penny(staff) -> None:
    product = await a_product(price=1400)
    form = await form_of(staff, product.id)

    await staff.post(
        f"/products/{product.id}",
        data=form | {f"price-{product.variant_id}": "£15.29", f"was-{product.variant_id}": "18"},
    )

    row = await price_row(product.variant_id)
    assert (row["amount"], row["was"]) == (1529, 1800)
    assert f'name="price-{product.variant_id}" value="15.29"' in (await staff.get(f"/products/{product.id}")).text


async def test_a_reduction_ends_when_the_earlier_price_is_emptied(staff) -> None:
    product = await a_product(variants=[{"price": 1400, "was": 1800}])
    form = await form_of(staff, product.id)

    await staff.post(f"/products/{product.id}", data=form | {f"was-{product.variant_id}": ""})

    assert (await price_row(product.variant_id))["was"] is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("price", "abc", "Type a price such as 14.00."),
        ("price", "-1", "Type a price such as 14.00."),
        ("price", "1e9", "Type a price such as 14.00."),
        ("price", "14.999", "A price in GBP has at most 2 decimals."),
        ("price", "", "A variant needs a price."),
        ("price", "0", "A price lies between"),
        ("was", "14.00", "The earlier price is higher"),
        ("was", "<script>", "Type a price such as 14.00."),
    ],
)
async def test_a_wrong_price_is_told_beside_its_field_and_nothing_is_saved(
    staff, field: str, typed: str, words: str
) -> None:
    product = await a_product(price=1400)
    form = await form_of(staff, product.id)
    name = f"{field}-{product.variant_id}"

    answer = await staff.post(f"/products/{product.id}", data=form | {"title": "Typed title", name: typed})

    assert answer.status_code == 422
    assert words in answer.text.partition(f'id="{name}-error"')[2][:200]
    kept = fields_in(answer.text)
    assert (kept[name], kept["title"], kept["version"]) == (typed, "Typed title", form["version"])
    assert (await product_row(product.id))["version"] == 1
    assert (await price_row(product.variant_id))["amount"] == 1400


@pytest.mark.parametrize(
    ("field", "typed"),
    [("title", "  "), ("title", "x" * 161), ("subtitle", "x" * 241), ("status", "gone"), ("version", "x")],
)
async def test_a_wrong_field_is_told_and_nothing_is_saved(staff, field: str, typed: str) -> None:
    product = await a_product()
    form = await form_of(staff, product.id)

    answer = await staff.post(f"/products/{product.id}", data=form | {field: typed, "description": "New words"})

    assert answer.status_code == 422
    assert "needs another look" in answer.text
    assert (await product_row(product.id))["description"] != "New words"


async def test_a_form_that_did_not_arrive_whole_erases_nothing(staff) -> None:
    product = await a_product()

    answer = await staff.post(f"/products/{product.id}", data={"version": "1", "title": "Only this"})

    assert answer.status_code == 400
    assert "did not arrive whole" in answer.text
    assert (await product_row(product.id))["version"] == 1


async def test_a_json_body_is_no_form(staff) -> None:
    product = await a_product()

    assert (await staff.post(f"/products/{product.id}", json={"title": "x"})).status_code == 400


async def test_who_saves_second_sees_what_changed_and_loses_nothing(staff) -> None:
    product = await a_product(title="Brown teapot", price=1400)
    form = await form_of(staff, product.id)
    await catalog.change_product(product.id, version=1, title="Blue teapot", subtitle="Theirs", status="published")
    await catalog.set_price(product.variant_id, amount=1600, was=None)

    answer = await staff.post(f"/products/{product.id}", data=form | {"title": "Red teapot"})

    assert answer.status_code == 409
    held = fields_in(answer.text)
    assert held["title"] == "Red teapot"
    assert (held["subtitle"], held[f"price-{product.variant_id}"], held["version"]) == ("Theirs", "16.00", "3")
    assert "<q>Brown teapot</q>, they made it <q>Blue teapot</q>" in answer.text
    assert (await product_row(product.id))["title"] == "Blue teapot"

    assert (await staff.post(f"/products/{product.id}", data=held)).status_code == 303
    assert (await product_row(product.id))["title"] == "Red teapot"
    assert (await price_row(product.variant_id))["amount"] == 1600


async def test_a_price_changed_by_somebody_else_is_not_overwritten(staff) -> None:
    product = await a_product(price=1400)
    form = await form_of(staff, product.id)
    await catalog.set_price(product.variant_id, amount=1600, was=None)

    answer = await staff.post(f"/products/{product.id}", data=form | {f"price-{product.variant_id}": "15.00"})

    assert answer.status_code == 409
    assert (await price_row(product.variant_id))["amount"] == 1600


async def test_the_same_form_sent_twice_is_saved_once(staff) -> None:
    product = await a_product()
    form = await form_of(staff, product.id) | {"title": "Red teapot", f"price-{product.variant_id}": "15.00"}

    answers = [await staff.post(f"/products/{product.id}", data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await product_row(product.id))["version"] == 2


async def test_an_oversized_product_changes_nothing(staff) -> None:
    product = await a_product()
    form = await form_of(staff, product.id)

    answer = await staff.post(f"/products/{product.id}", data=form | {"description": "x" * 70_000})

    assert answer.status_code == 413
    assert (await product_row(product.id))["version"] == 1


async def test_a_product_with_many_variants_is_saved_whole(staff) -> None:
    product = await a_product(variants=[{"title": f"No. {at}"} for at in range(150)])
    form = await form_of(staff, product.id)

    changed = {name: "19.99" for name in form if name.startswith("price-")}
    answer = await staff.post(f"/products/{product.id}", data=form | changed)

    assert answer.status_code == 303
    assert {(await price_row(each.id))["amount"] for each in product.variants} == {1999}


@pytest.mark.parametrize("path", [f"/products/{UUID(int=7)}", "/products/not-an-id", f"/products/{UUID(int=7)}/x"])
async def test_an_unknown_product_is_not_found(staff, path: str) -> None:
    assert (await staff.get(path)).status_code == 404


async def test_saving_an_unknown_product_is_not_found(staff) -> None:
    assert (await staff.post(f"/products/{uuid4()}", data={"title": "x"})).status_code == 404


async def adjust(staff, product, delta: str, reason: str = "received", variant_id: object = None):
    data = {"variant_id": str(variant_id or product.variant_id), "delta": delta, "reason": reason}
    return await staff.post(f"/products/{product.id}/stock", data=data)


async def test_stock_is_adjusted_with_its_reason_and_who_it_was(staff, member) -> None:
    product = await a_product(variants=[{"stock": 20}])

    more, less = await adjust(staff, product, "+12"), await adjust(staff, product, "−2", "adjusted")

    assert (more.status_code, less.status_code) == (303, 303)
    assert parse_qs(urlsplit(more.headers["location"]).query)["stock"] == [str(product.variant_id)]
    assert await on_hand(product.variant_id) == 30
    async with reading(product.variant_id) as db:
        sql = "SELECT delta, reason, reference FROM stock_ledger WHERE variant_id = $1 AND reason <> 'opening' ORDER BY at"
        rows = await db.fetch(sql, product.variant_id)
    assert [tuple(row) for row in rows] == [(12, "received", member.email), (-2, "adjusted", member.email)]


async def test_an_adjustment_sent_twice_from_one_page_happens_once(staff) -> None:
    product = await a_product(variants=[{"stock": 20}])
    shown = await staff.get(f"/products/{product.id}")
    [key] = re.findall(r'name="key" value="([^"]+)"', shown.text)
    data = {"variant_id": str(product.variant_id), "delta": "+5", "reason": "received", "key": key}

    both = await asyncio.gather(*(staff.post(f"/products/{product.id}/stock", data=data) for _ in range(2)))
    other = await staff.post(f"/products/{product.id}/stock", data=data | {"delta": "+1"})

    assert [answer.status_code for answer in (*both, other)] == [303, 303, 303]
    assert await on_hand(product.variant_id) == 26


@pytest.mark.parametrize("delta", ["", "abc", "1.5", "0", "1e9", "1000000000000", "-21"])
async def test_a_nonsense_adjustment_is_told_beside_its_field_and_changes_nothing(staff, delta: str) -> None:
    product = await a_product(variants=[{"stock": 20}])

    answer = await adjust(staff, product, delta)

    assert answer.status_code in (409, 422)
    assert f'id="delta-{product.variant_id}-error" data-testid="field-error"' in answer.text
    assert f'name="delta" value="{delta}"' in answer.text
    assert await on_hand(product.variant_id) == 20


async def test_stock_of_another_products_variant_is_not_adjusted_here(staff) -> None:
    product, other = await a_product(), await a_product(variants=[{"stock": 20}])

    assert (await adjust(staff, product, "5", variant_id=other.variant_id)).status_code == 404
    assert (await adjust(staff, other, "5", reason="stolen")).status_code == 404
    assert await on_hand(other.variant_id) == 20


async def test_the_address_of_a_refused_adjustment_leads_to_the_product(staff) -> None:
    product = await a_product()

    assert (await staff.get(f"/products/{product.id}/stock")).headers["location"] == f"/products/{product.id}"


async def test_staff_say_what_goes_well_with_a_product(staff) -> None:
    mug, tray, tea = [await a_product(title=title) for title in ("Mug", "Tray", "Tea")]
    page = f"/products/{mug.id}"

    both = await staff.post(page, data=await form_of(staff, mug.id) | {"beside": f"{tea.slug}\r\n/p/{tray.slug}\r\n"})
    shown = await related_view(mug.slug)
    one = await staff.post(page, data=await form_of(staff, mug.id) | {"beside": tray.slug})
    left = await related_view(mug.slug)

    assert (both.status_code, one.status_code) == (303, 303)
    assert shown is not None and [card.title for card in shown.cards] == ["Tea", "Tray"]
    assert left is not None and [card.title for card in left.cards] == ["Tray"]
    assert (await form_of(staff, mug.id))["beside"] == tray.slug


@pytest.mark.parametrize("typed", ["no-such-thing", "itself"])
async def test_what_goes_with_a_product_is_another_product(staff, typed: str) -> None:
    mug = await a_product(title="Mug")
    typed = mug.slug if typed == "itself" else typed

    form = await form_of(staff, mug.id)
    answer = await staff.post(f"/products/{mug.id}", data=form | {"beside": typed, "title": "Cup"})

    assert answer.status_code == 422
    assert f"No product, or this one itself: {typed}" in answer.text and typed in answer.text
    assert (await product_row(mug.id))["title"] == "Mug"


async def test_a_price_for_a_while_is_planned_said_in_words_and_ended(staff) -> None:
    product = await a_product(price=1400)
    form, id = await form_of(staff, product.id), product.variant_id
    planned = {f"sale-{id}": "9", f"from-{id}": "2031-12-01T09:00", f"until-{id}": "2031-12-02T09:00"}

    await staff.post(f"/products/{product.id}", data=form | planned)

    page = (await staff.get(f"/products/{product.id}")).text
    assert "From 1 December 2031, 09:00 £9.00, until 2 December 2031, 09:00." in page
    assert "Beside it stands £14.00, the lowest price of the 30 days before." in page
    again = await form_of(staff, product.id)
    assert {name: again[name] for name in planned} == planned | {f"sale-{id}": "9.00"}
    await staff.post(f"/products/{product.id}", data=again | dict.fromkeys(planned, ""))
    assert "2031" not in (await staff.get(f"/products/{product.id}")).text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"sale": "abc"}, "sale", "Type a price such as 14.00."),
        ({"until": "2031-12-01T09:00"}, "from", "Say which price"),
        ({"sale": "9", "until": "soon"}, "until", "Type a day and a time."),
        ({"sale": "9", "until": "2020-12-01T09:00"}, "until", "ends after it begins"),
        ({"sale": "9", "from": "2031-12-02T09:00", "until": "2031-12-01T09:00"}, "until", "ends after it begins"),
        ({"sale": "9", "from": "0001-01-01T00:00"}, "from", "Type a day and a time."),
    ],
)
async def test_a_plan_that_cannot_be_is_told_beside_its_field(staff, typed, field: str, words: str) -> None:
    product = await a_product(price=1400)
    form, id = await form_of(staff, product.id), product.variant_id
    named = {f"{name}-{id}": text for name, text in typed.items()}

    answer = await staff.post(f"/products/{product.id}", data=form | named)

    assert answer.status_code == 422
    assert words in answer.text.partition(f'id="{field}-{id}-error"')[2][:200]
    assert named.items() <= fields_in(answer.text).items()
