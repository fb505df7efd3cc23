from __future__ import annotations

import pytest

from tests.conftest import ANONYMOUS_FORM
from tests.makers import a_category, a_product


async def test_two_products_stand_side_by_side_on_a_kept_page_that_no_search_engine_lists(shop):
    one, two = sorted([await a_product(title="Oak stool"), await a_product(title="Ash stool")], key=lambda it: it.slug)

    page = await shop.get(f"/compare?p={one.slug}&p={two.slug}", headers=ANONYMOUS_FORM)

    assert page.status_code == 200
    assert page.text.count('data-testid="compared"') == 2
    assert "noindex" in page.text
    assert page.headers["x-vitrine-keep"] == "1"
    assert int(page.headers["server-timing"].rpartition("desc=")[2]) <= 3


@pytest.mark.parametrize("query", ["p={a}&p={b}&p={a}", "p={a}&p={b}&p=no-such", "p={a}&x=1&p={b}"])
async def test_other_words_for_the_same_lead_to_the_one_address(shop, query):
    a, b = sorted([(await a_product()).slug, (await a_product()).slug])

    answer = await shop.get(f"/compare?{query.format(a=a, b=b)}")

    assert (answer.status_code, answer.headers["location"]) == (301, f"/compare?p={a}&p={b}")


@pytest.mark.parametrize("query", ["", "p=", "p=%00", "p=<script>", "p=" + "x" * 900])
async def test_nonsense_compares_nothing(shop, query):
    answer = await shop.get(f"/compare?{query}", follow_redirects=True)

    assert answer.status_code in (200, 404)
    assert "<script>&" not in answer.text


async def test_a_card_is_a_kept_piece_and_follows_its_product(shop):
    product = await a_product(title="Oak stool")

    card, none = await shop.get(f"/_f/card/{product.slug}"), await shop.get("/_f/card/no-such")

    assert "Oak stool" in card.text and "<html" not in card.text
    assert card.headers["x-vitrine-keep"] == "1"
    assert none.status_code == 404


async def test_a_product_page_has_a_place_for_what_was_looked_at_before_and_says_nothing_in_it(shop):
    product = await a_product()

    page = (await shop.get(product.url)).text

    assert '<section class="band band--ruled" id="looked" aria-labelledby="looked-title" hidden>' in page
    assert f'href="/compare?p={product.slug}"' in page


async def test_a_list_lets_its_cards_be_saved_and_ticked_by_forms_that_know_nobody(shop):
    shelf = await a_category()
    product = await a_product(category=shelf)

    page = (await shop.get(shelf.url)).text

    assert f'form="save" name="product" value="{product.slug}"' in page
    assert '<form id="save" method="post" action="/lists/add"' in page
    assert f'<input type="checkbox" name="p" value="{product.slug}" form="compare">' in page
    assert 'id="compare" action="/compare"' in page


async def test_what_has_no_room_is_told_and_one_step_away(shop):
    slugs = sorted([(await a_product(title=f"No. {number}")).slug for number in range(5)])
    address = "/compare?" + "&".join(f"p={each}" for each in slugs)

    page = (await shop.get(address)).text

    assert page.count('data-testid="compared"') == 4
    told = page.partition('data-testid="left-out"')[2].partition("</p>")[0]
    assert "Left out" in told and told.count("<a ") == 1 and f"p={slugs[4]}" in told
    assert (await shop.get(address.rpartition("&")[0])).text.count('data-testid="left-out"') == 0
