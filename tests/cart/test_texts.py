from __future__ import annotations

import html
from uuid import UUID

import pytest

from app.cart import aside, operations, queries
from app.cart.rules import Cart
from app.db.engines import EVERYONE, writing
from tests.cart.browsing import HTMX
from tests.conftest import ANONYMOUS_FORM
from tests.makers import AProduct, a_product, a_shopper

RULE = {"label": "Letters on the cover", "most": 3, "chars": "letters", "needed": False, "extra": 400}
HOSTILE = '<esi:include src="/_h/badge"/><script>alert(1)</script>{{7*7}}"\''


async def a_journal(**about: object) -> AProduct:
    """A product at 24.00 on which up to three letters can be written for 4.00; `about`: other terms of that."""
    return await a_product(title="Monogram journal", price=2400, personalisation=RULE | about)


async def with_texts(product: AProduct, *texts: str, shopper_id: UUID | None = None, quantity: int = 1) -> Cart:
    shopper_id = shopper_id or await a_shopper()
    for text in texts:
        await operations.add(shopper_id, await operations.offer_of(product.variant_id, text), quantity)
    return await queries.cart_of(shopper_id)


def texts_of(cart: Cart) -> list[tuple[str, int]]:
    return [(item.personal_text, item.quantity) for item in cart.items]


async def put_in(shop, product: AProduct, text: str, **more: object):
    data = {"variant_id": str(product.variant_id), "quantity": "2", "personal_text": text}
    return await shop.post("/cart/lines", data=data, **more)


async def test_the_product_page_asks_for_the_text_and_is_the_same_for_everybody(shop) -> None:
    product = await a_journal()

    before = (await shop.get(product.url, headers=ANONYMOUS_FORM)).text
    await put_in(shop, product, "ABC")

    assert (await shop.get(product.url, headers=ANONYMOUS_FORM)).text == before
    assert '<label class="field__label" for="personal_text">Letters on the cover' in before
    assert "hx-morph-skip" in before, "another cover leaves what is typed"
    assert "Up to 3 letters, £4.00 more each." in before and "only if it arrives faulty" in before
    assert 'name="personal_text"' not in (await shop.get((await a_product()).url)).text


async def test_another_text_is_another_line_and_the_same_adds_up() -> None:
    product = await a_journal()

    cart = await with_texts(product, "ABC", "DEF", " ABC ", "", "e\u0301", "é")

    assert texts_of(cart) == [("ABC", 2), ("DEF", 1), ("", 1), ("é", 2)]


async def test_a_text_costs_what_its_page_says_and_is_shown_in_the_cart(shop) -> None:
    product = await a_journal()

    await put_in(shop, product, "ABC")
    page = (await shop.get("/cart")).text
    small = (await put_in(shop, product, "DEF", headers=HTMX)).text

    assert "£56.00" in page and "£28.00" in page
    assert "Letters on the cover: <q><bdi>ABC</bdi></q>" in page
    assert "Added 2 × Monogram journal, <q><bdi>DEF</bdi></q>" in small
    assert '<hx-partial hx-target="#personal"' in small and 'name="personal_text" value=""' in small, "for the next one"


@pytest.mark.parametrize("typed", ["ABCD", "<b>", "A\x07B", HOSTILE, "x" * 5000, "\u202eABC", "👋"])
async def test_what_can_not_be_written_is_told_beside_the_field_with_the_input_kept(shop, typed: str) -> None:
    product = await a_journal()

    page = await put_in(shop, product, typed)
    piece = await put_in(shop, product, typed, headers=HTMX)

    assert (page.status_code, piece.status_code) == (422, 422)
    assert piece.headers["hx-retarget"] == "#personal"
    for answer in (page, piece):
        assert 'aria-invalid="true"' in answer.text and 'data-testid="field-error"' in answer.text
        assert f'value="{html.escape(typed[:240], quote=False)[:4]}' in answer.text or typed[0] in '"<'
        assert "<script>alert" not in answer.text and '<esi:include src="/_h/badge"/><' not in answer.text
    assert 'value="2"' in page.text and page.headers["cache-control"] == "private, no-store"
    assert "sid_8080" not in shop.cookies, "nothing was put in, so nobody is a shopper yet"


async def test_a_needed_text_is_asked_for_by_its_page_and_by_quick_view(shop) -> None:
    product = await a_journal(needed=True)

    page = await put_in(shop, product, " ")
    quick = (await shop.get(f"/_f/quick/{product.slug}")).text

    assert page.status_code == 422 and "Please type a text: Letters on the cover." in page.text
    assert 'data-testid="personalise"' in quick and 'data-testid="add-to-cart"' not in quick


async def test_a_hostile_text_that_may_be_written_is_words_everywhere(shop) -> None:
    product = await a_journal(chars="any", most=60)
    text = "<esi:remove>\"&'<b onx=1>{{7*7}}👋"

    await put_in(shop, product, text)
    page = (await shop.get("/cart")).text

    assert f"<q><bdi>{html.escape(text).replace('&#x27;', '&#39;').replace('&quot;', '&#34;')}</bdi></q>" in page
    assert "<esi:remove>" not in page and "<b onx" not in page


async def test_a_text_that_no_product_takes_is_refused(shop) -> None:
    answer = await put_in(shop, await a_product(), "ABC")

    assert answer.status_code == 422 and "Nothing can be written on this one" in answer.text


async def test_undo_and_later_carry_the_text() -> None:
    cart = await with_texts(await a_journal(), "ABC", "DEF")
    first, second = cart.items

    await aside.remove(cart.shopper_id, first.line_id)
    await aside.save_for_later(cart.shopper_id, second.line_id)
    kept = await queries.cart_view(cart.shopper_id, first.line_id)
    await aside.bring(cart.shopper_id, first.line_id)
    await aside.bring(cart.shopper_id, kept.later[0].item_id)

    assert kept.removed and (kept.removed.personal_text, kept.later[0].personal_text) == ("ABC", "DEF")
    assert sorted(texts_of(await queries.cart_of(cart.shopper_id))) == [("ABC", 1), ("DEF", 1)]


async def test_another_text_can_be_taken_out_without_forgetting_the_first() -> None:
    cart = await with_texts(await a_journal(), "ABC", "DEF")

    for item in cart.items:
        await aside.remove(cart.shopper_id, item.line_id)
    for item in cart.items:
        await aside.bring(cart.shopper_id, item.line_id)

    assert sorted(texts_of(await queries.cart_of(cart.shopper_id))) == [("ABC", 1), ("DEF", 1)]


async def test_a_guests_texts_come_along_each_as_it_is() -> None:
    product, shopper_id = await a_journal(), await a_shopper()
    await with_texts(product, "ABC", shopper_id=shopper_id)
    guest = await with_texts(product, "ABC", "DEF", quantity=2)

    came = await operations.take_over(shopper_id, await operations.hand_over(guest.shopper_id, shopper_id))

    assert texts_of(await queries.cart_of(shopper_id)) == [("ABC", 2), ("DEF", 2)]
    assert (came.lines, came.units) == (2, 4)


async def test_a_line_whose_text_does_not_fit_any_more_can_not_be_ordered() -> None:
    product = await a_journal()
    cart = await with_texts(product, "ABC")
    gone = await with_texts(product, "ABC")

    await change_rule(product, RULE | {"most": 2})
    [shorter] = (await queries.cart_view(cart.shopper_id)).lines
    await change_rule(product, None)
    [never] = (await queries.cart_view(gone.shopper_id)).lines

    assert not shorter.available and shorter.notice == "Up to 2 letters, please."
    assert not never.available and "any more" in (never.notice or "")


async def test_a_lower_price_counts_the_texts_of_a_variant_together() -> None:
    product = await a_product(variants=[{"price": 2400, "breaks": {3: 2000}}], personalisation=RULE)

    cart = await with_texts(product, "ABC", "DEF", "")
    view = await queries.cart_view(cart.shopper_id)

    assert [line.unit_price for line in view.lines] == [2400, 2400, 2000]


async def test_a_changed_price_is_accepted_for_every_text() -> None:
    product = await a_journal()
    cart = await with_texts(product, "ABC", "")
    await change_rule(product, RULE | {"extra": 500})

    before = (await queries.cart_view(cart.shopper_id)).repriced
    await aside.accept_prices(cart.shopper_id)

    assert before and not (await queries.cart_view(cart.shopper_id)).repriced
    assert [item.seen_price for item in (await queries.cart_of(cart.shopper_id)).items] == [2900, 2400]


async def change_rule(product: AProduct, rule: dict | None) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET personalisation = $2 WHERE id = $1", product.id, rule)
