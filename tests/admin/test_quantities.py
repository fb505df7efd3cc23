from __future__ import annotations

import pytest

from app.catalog.queries import sellables, variant_panel
from app.db.engines import EVERYONE, reading
from tests.admin.people import form_of
from tests.cart.test_texts import put_in
from tests.makers import a_product


async def breaks_of(variant_id) -> list[tuple[int, int]]:
    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT min_quantity, amount FROM price WHERE variant_id = $1 AND min_quantity > 1 ORDER BY 1", variant_id
        )
    return [tuple(row) for row in rows]


async def test_lower_prices_from_a_quantity_on_are_saved_shown_and_charged(staff, shop) -> None:
    product = await a_product(price=1400)
    field = f"breaks-{product.variant_id}"

    answer = await staff.post(
        f"/products/{product.id}", data=await form_of(staff, product.id) | {field: " 6: 12.60 ;12=15%"}
    )

    assert answer.status_code == 303
    assert await breaks_of(product.variant_id) == [(6, 1260), (12, 1190)]
    panel = await variant_panel(product.slug, {})
    assert panel and [(each.min_quantity, each.price) for each in panel.breaks] == [(6, 1260), (12, 1190)]
    assert "6 or more: <b>£12.60</b> each" in (await shop.get(product.url)).text
    [offer] = (await sellables([product.variant_id])).values()
    assert [offer.price_for(many) for many in (5, 6, 11, 12)] == [1400, 1260, 1260, 1190]
    page = (await staff.get(f"/products/{product.id}")).text
    assert f'name="{field}" value="6: 12.60; 12: 11.90"' in page


@pytest.mark.parametrize("text", ["", "none"])
async def test_lower_prices_end_when_their_field_is_emptied(staff, text: str) -> None:
    product = await a_product(variants=[{"price": 1400, "breaks": {6: 1260}}])
    form = await form_of(staff, product.id)

    await staff.post(f"/products/{product.id}", data=form | {f"breaks-{product.variant_id}": text})

    assert await breaks_of(product.variant_id) == []


async def test_one_field_says_it_for_all_variants_but_those_that_say_it_themselves(staff) -> None:
    product = await a_product(variants=[{"price": 1000}, {"price": 2000}, {"price": 3000, "breaks": {2: 2900}}])
    form = await form_of(staff, product.id)
    last = product.variants[2].id

    answer = await staff.post(
        f"/products/{product.id}", data=form | {"breaks-all": "6: 10%", f"breaks-{last}": "3: 25"}
    )

    assert answer.status_code == 303
    found = [await breaks_of(variant.id) for variant in product.variants]
    assert found == [[(6, 900)], [(6, 1800)], [(3, 2500)]]


async def test_an_untouched_form_leaves_them(staff) -> None:
    product = await a_product(variants=[{"price": 1400, "breaks": {6: 1260}}])

    await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"title": "Mug"})

    assert await breaks_of(product.variant_id) == [(6, 1260)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("<script>", "Type for example 6: 12.60"),
        ("6", "Type for example 6: 12.60"),
        ("6: abc", "Type a price such as 14.00."),
        ("6: 14", "less than a single one"),
        ("6: 12; 12: 13", "less than the one before"),
        ("12: 11; 6: 12", "more units on than the one before"),
        ("6: 12; 6: 11", "more units on than the one before"),
        ("1: 12", "From 2 to 99 units on."),
        ("100: 12", "From 2 to 99 units on."),
        ("6: 0%", "less than a single one"),
        ("; ".join(f"{many}: {14 - many}" for many in range(2, 9)), "At most 6 of them."),
    ],
)
async def test_wrong_ones_are_told_beside_the_field_with_all_that_was_typed(staff, typed: str, words: str) -> None:
    product = await a_product(price=1400)
    field = f"breaks-{product.variant_id}"

    answer = await staff.post(
        f"/products/{product.id}", data=await form_of(staff, product.id) | {field: typed, "title": "Typed"}
    )

    assert answer.status_code == 422 and words in answer.text and 'value="Typed"' in answer.text
    assert await breaks_of(product.variant_id) == []


async def test_they_are_judged_against_the_price_that_is_typed_with_them(staff) -> None:
    product = await a_product(price=1400)
    form = await form_of(staff, product.id)
    id = product.variant_id

    answer = await staff.post(f"/products/{product.id}", data=form | {f"price-{id}": "20", f"breaks-{id}": "6: 18"})

    assert answer.status_code == 303 and await breaks_of(id) == [(6, 1800)]


async def test_somebody_elses_are_not_overwritten(staff) -> None:
    product = await a_product(price=1400)
    form, field = await form_of(staff, product.id), f"breaks-{product.variant_id}"
    await staff.post(f"/products/{product.id}", data=form | {field: "6: 12"})

    answer = await staff.post(f"/products/{product.id}", data=form | {field: "6: 11"})

    assert answer.status_code == 409 and "Lower prices of" in answer.text
    assert await breaks_of(product.variant_id) == [(6, 1200)]


async def test_the_cart_charges_what_the_page_says(staff, shop) -> None:
    product = await a_product(price=1400)
    form = await form_of(staff, product.id)
    await staff.post(f"/products/{product.id}", data=form | {f"breaks-{product.variant_id}": "2: 12.50"})

    await put_in(shop, product, "")

    assert "£25.00" in (await shop.get("/cart")).text
