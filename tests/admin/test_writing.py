from __future__ import annotations

import re

import pytest

from app.catalog.queries import variant_panel
from app.orders import queries as orders
from tests.admin.people import form_of, product_row
from tests.cart.browsing import shopper_of
from tests.cart.test_texts import RULE, put_in
from tests.checkout.walk import place, to_review, token_of
from tests.knobs import Scripted, provider
from tests.makers import a_product

TYPED = {
    "text-label": "Letters on the cover",
    "text-most": "3",
    "text-chars": "letters",
    "text-needed": "no",
    "text-extra": "4",
}


async def test_what_can_be_written_is_said_in_the_products_form(staff) -> None:
    product = await a_product()
    form = await form_of(staff, product.id)

    answer = await staff.post(f"/products/{product.id}", data=form | TYPED)

    assert answer.status_code == 303
    assert (await product_row(product.id))["personalisation"] == RULE
    panel = await variant_panel(product.slug, {})
    assert panel and panel.personal and panel.personal.says == "Up to 3 letters"
    page = (await staff.get(f"/products/{product.id}")).text
    assert 'name="text-label" value="Letters on the cover"' in page and 'name="text-extra" value="4.00"' in page


async def test_an_empty_name_ends_it_and_an_untouched_form_leaves_it(staff) -> None:
    product = await a_product(personalisation=RULE)

    await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"title": "Journal"})
    kept = (await product_row(product.id))["personalisation"]
    await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"text-label": ""})

    assert kept == RULE
    assert (await product_row(product.id))["personalisation"] is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("text-label", "x" * 81, "A name of 1 to 80 characters"),
        ("text-most", "0", "A whole number from 1 to 60."),
        ("text-most", "many", "A whole number from 1 to 60."),
        ("text-chars", "<b>", "Choose one of the three."),
        ("text-extra", "4.999", "at most 2 decimals"),
    ],
)
async def test_a_wrong_rule_is_told_beside_its_field_and_nothing_is_saved(staff, field, typed, words) -> None:
    product = await a_product()

    answer = await staff.post(
        f"/products/{product.id}", data=await form_of(staff, product.id) | TYPED | {field: typed, "title": "Typed"}
    )

    assert answer.status_code == 422 and words in answer.text and 'value="Typed"' in answer.text
    assert (await product_row(product.id))["personalisation"] is None


async def test_a_rule_that_somebody_changed_meanwhile_is_a_conflict(staff) -> None:
    product = await a_product(personalisation=RULE)
    form = await form_of(staff, product.id)
    await staff.post(f"/products/{product.id}", data=form | {"text-most": "5"})

    answer = await staff.post(f"/products/{product.id}", data=form | {"text-most": "9"})

    assert answer.status_code == 409
    assert re.search(r"<b>Longest text</b> was <q>3</q>, they made it <q>5</q>", answer.text)
    assert 'name="text-most" value="9"' in answer.text


async def test_staff_see_the_text_where_they_pack(shop, staff) -> None:
    await put_in(shop, await a_product(personalisation=RULE), "ABC")
    with provider(Scripted()):
        answer = await place(shop, token_of(await to_review(shop, {})))
    number = answer.headers["location"].rpartition("/")[2]

    page = (await staff.get(f"/orders/{number}")).text

    assert await orders.order_id_of(await shopper_of(shop), number)
    assert page.count("<bdi>ABC</bdi>") == 3  # the line, the form that cancels units, and the parcel's


async def test_how_a_product_is_sent_is_saved_and_an_untouched_form_leaves_it(staff) -> None:
    product = await a_product()

    saved = await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"shipping": "bulky"})
    await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"title": "Rug"})
    wrong = await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"shipping": "by air"})

    assert saved.status_code == 303 and wrong.status_code == 422 and "Choose one of the two." in wrong.text
    assert (await product_row(product.id))["shipping_class"] == "bulky"


async def test_how_many_a_customer_may_buy_is_saved_and_an_untouched_form_leaves_it(staff) -> None:
    product = await a_product()
    form = await form_of(staff, product.id)

    saved = await staff.post(f"/products/{product.id}", data=form | {"each": "one"})
    await staff.post(f"/products/{product.id}", data=await form_of(staff, product.id) | {"title": "Drop"})
    wrong = await staff.post(
        f"/products/{product.id}", data=await form_of(staff, product.id) | {"each": "three", "title": "Typed"}
    )
    late = await staff.post(f"/products/{product.id}", data=form | {"each": "any"})

    assert saved.status_code == 303
    assert wrong.status_code == 422 and "Choose one of the two." in wrong.text and 'value="Typed"' in wrong.text
    assert late.status_code == 409, "somebody saved since"
    assert (await product_row(product.id))["one_each"] is True
    panel = await variant_panel(product.slug, {})
    assert panel and panel.one_each
