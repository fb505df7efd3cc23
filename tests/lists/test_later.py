"""What is made to order, or comes on a day, is called so wherever it stands."""

from __future__ import annotations

from datetime import date

from tests.cart.browsing import line_ids, put_in
from tests.checkout.walk import words_of
from tests.makers import a_product

DAY = date(2031, 12, 1)
MADE = {"policy": "made_to_order", "lead_days": 21, "band": "later", "stock": 0}
AHEAD = {"policy": "preorder", "back_on": DAY, "band": "later", "stock": 0}
MADE_WORDS, AHEAD_WORDS = "Made to order, about 21 days", "Pre-order, sent from 1 December 2031"


async def test_the_cart_what_is_kept_under_it_and_lists_say_how_it_is_sold(shop) -> None:
    chair, lounge = await a_product(title="Chair", variants=[MADE]), await a_product(title="Lounge", variants=[AHEAD])
    for each in (chair, lounge):
        await put_in(shop, each)
        await shop.post("/lists/add", data={"variant_id": str(each.variant_id)})

    cart = await shop.get("/cart")
    saved = await shop.get("/account/lists")
    for line_id in line_ids(cart.text):
        await shop.post(f"/cart/lines/{line_id}/later")
    under = await shop.get("/cart")

    assert 'data-testid="later-line"' in under.text
    for page in (cart, saved, under):
        assert MADE_WORDS in words_of(page) and AHEAD_WORDS in words_of(page)
        assert "Back" not in words_of(page).replace("Back to", "")


async def test_cards_and_the_comparison_say_that_it_can_be_ordered_now(shop) -> None:
    chair, other = await a_product(title="Chair", variants=[MADE], band="later"), await a_product()

    card = words_of(await shop.get(f"/c/{chair.category_path}"))
    slugs = sorted([chair.slug, other.slug])
    beside = words_of(await shop.get(f"/compare?p={slugs[0]}&p={slugs[1]}"))

    assert "Order now, sent later" in card and "Order now, sent later" in beside
