from __future__ import annotations

import httpx
import pytest

from tests import makers
from tests.conftest import ANONYMOUS_FORM


def kept_for(answer: httpx.Response) -> int:
    return int(answer.headers["cache-control"].removeprefix("public, s-maxage="))


async def test_a_search_shows_what_it_found(shop: httpx.AsyncClient) -> None:
    await makers.a_product(title="Gooseberry jar")

    answer = await shop.get("/search?q=gooseberry", headers=ANONYMOUS_FORM)

    assert "Results for “gooseberry”" in answer.text
    assert answer.text.count('data-testid="product-card"') == 1
    assert 0 < kept_for(answer) <= 60
    assert int(answer.headers["server-timing"].rpartition("desc=")[2]) <= 6


async def test_a_search_for_nothing_is_a_place_to_ask(shop: httpx.AsyncClient) -> None:
    for path in ("/search", "/search?q=", "/search?q=%20%00"):
        answer = await shop.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert "<h1>Search</h1>" in answer.text


async def test_what_was_asked_is_text_and_never_markup(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/search", params={"q": "<script>alert(1)</script>"}, follow_redirects=True)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


async def test_a_very_long_question_is_cut(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/search", params={"q": "wörd " * 400}, follow_redirects=True)

    assert answer.status_code == 200
    assert "wörd " * 21 not in answer.text


@pytest.mark.parametrize("page", ["abc", "0", "-1", "99999", "2"])
async def test_a_page_that_is_none_is_not_found(shop: httpx.AsyncClient, page: str) -> None:
    assert (await shop.get(f"/search?q=xqzwvk&page={page}")).status_code == 404


async def test_one_question_has_one_address_however_it_is_spaced_or_spelt(shop: httpx.AsyncClient) -> None:
    for typed in ("Oak  Stool", " oak stool", "OAK STOOL", "oak\u200b stool"):
        answer = await shop.get("/search", params={"q": typed, "page": "1"}, headers=ANONYMOUS_FORM)
        assert (answer.status_code, answer.headers["location"]) == (301, "/search?q=oak+stool")
        assert 0 < kept_for(answer) <= 60


async def test_filters_and_order_come_along_to_the_one_spelling(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/search?q=Oak+Stool&stock=in&sort=price-up&max=60&page=2")

    assert answer.headers["location"] == "/search?max=60&page=2&q=oak+stool&sort=price-up&stock=in"


async def test_suggestions_have_one_address_however_the_question_is_spelt(shop: httpx.AsyncClient) -> None:
    for typed in ("Oak  Sto", " oak sto", "OAK STO "):
        answer = await shop.get("/_f/suggest", params={"q": typed})
        assert (answer.status_code, answer.headers["location"]) == (301, "/_f/suggest?q=oak+sto")
        assert 0 < kept_for(answer) <= 60
    assert (await shop.get("/_f/suggest?q=oak+sto")).status_code == 200
    assert (await shop.get("/_f/suggest?q=%20", follow_redirects=True)).status_code == 200


@pytest.mark.parametrize("query", ["sort=dearest", "page=1", "f_x=y", "min=abc", "f_glaze="])
async def test_filters_and_orders_that_mean_nothing_lead_to_the_one_address(
    shop: httpx.AsyncClient, query: str
) -> None:
    await makers.a_product(title="Lodestar lamp")

    answer = await shop.get(f"/search?q=lodestar&{query}", headers=ANONYMOUS_FORM)

    assert answer.status_code == (200 if query.endswith("=") else 301)
    assert answer.headers.get("location", "/search?q=lodestar") == "/search?q=lodestar"


async def test_a_stock_number_leads_to_its_product(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product(title="Numbered tin")
    hidden = await makers.a_product(title="Secret tin", status="draft")

    answer = await shop.get("/search", params={"q": product.variants[0].sku.lower()})
    nothing = await shop.get("/search", params={"q": hidden.variants[0].sku.lower()})

    assert (answer.status_code, answer.headers["location"]) == (301, product.url)
    assert hidden.url not in nothing.headers.get("location", "") + nothing.text


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        "\\",
        "a'b & c",
        "!!",
        "<->",
        ":*",
        "%",
        "\x00",
        "\ufffd",
        "💡",
        "' OR 1=1 --",
        "the",
        "of & the",
        "مصباح",
        "茶碗 急須",
        "a" * 10_000,
        "a b c d e f g h i j k l m n o p",
        "'a' <-> !b:*",
    ],
)
async def test_odd_questions_are_answered(shop: httpx.AsyncClient, typed: str) -> None:
    assert (await shop.get("/search", params={"q": typed}, follow_redirects=True)).status_code == 200
    assert (await shop.get("/_f/suggest", params={"q": typed}, follow_redirects=True)).status_code == 200


async def test_suggestions_are_a_piece_that_may_be_kept(shop: httpx.AsyncClient) -> None:
    jar = await makers.a_product(title="Elderflower jar")

    answer = await shop.get("/_f/suggest?q=elderf")

    assert answer.text.count('data-testid="suggest-item"') == 1
    assert jar.url in answer.text
    assert "<html" not in answer.text
    assert 0 < kept_for(answer) <= 60


async def test_a_suggestion_says_from_which_price_and_what_it_was(shop: httpx.AsyncClient) -> None:
    await makers.a_product(title="Quincewood tray", variants=[{"price": 1400}, {"price": 1900}])

    told = (await shop.get("/_f/suggest?q=quincew")).text

    assert "from </span><b>£14.00</b>" in told
