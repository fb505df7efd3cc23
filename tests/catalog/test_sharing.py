"""What machines read of a product is what people read there, and nothing in it is markup."""

from __future__ import annotations

import gzip
import re
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.values import today
from app.web.templates import money
from tests import makers
from tests.conftest import ANONYMOUS_FORM, PERSONAL_FORM

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
EVIL = "</script><script>alert(1)</script> <esi:include src='/x'/> & “<!--”"


def data(answer: httpx.Response) -> tuple[dict[str, Any], dict[str, Any]]:
    [block] = BLOCK.findall(answer.text)
    product, crumbs = msgspec.json.decode(block)
    return product, crumbs


async def test_every_field_is_what_the_page_shows(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(
        title="Pell mug",
        options=["glaze"],
        variants=[{"options": {"glaze": "moss"}}, {"options": {"glaze": "oat"}, "price": 1700, "was": 2000}],
    )
    await makers.a_review(mug, rating=4)
    await makers.a_review(mug, rating=5)

    answer = await shop.get(f"{mug.url}?o_glaze=oat")

    product, crumbs = data(answer)
    offer = product["offers"]
    page = answer.text
    assert (product["name"], product["sku"]) == ("Pell mug, oat", mug.variants[1].sku)
    assert (offer["price"], offer["priceSpecification"]["price"], offer["priceCurrency"]) == ("17.00", "20.00", "GBP")
    assert f"<b>{money(1700, 'GBP')}</b>" in page and f"</span>{money(2000, 'GBP')}</s>" in page
    assert offer["availability"].endswith("/InStock") and ">In stock</span>" in page
    assert offer["url"].endswith(f"{mug.url}?o_glaze=oat")
    assert product["url"] == crumbs["itemListElement"][-1]["item"]
    assert f'<link rel="canonical" href="{product["url"]}">' in page
    assert product["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": 2}
    assert "4.5 (2" in page
    assert product["isVariantOf"]["variesBy"] == ["Glaze"]
    assert product["brand"]["name"] in page and product["description"] in page
    assert f'content="{product["image"]}"' in page
    for crumb in crumbs["itemListElement"][:-1]:
        assert f'<a href="{crumb["item"].removeprefix("http://localhost:8080")}">{crumb["name"]}</a>' in page


async def test_an_unfinished_choice_offers_a_range(shop: httpx.AsyncClient) -> None:
    options = [{"glaze": glaze, "size": size} for glaze in ("moss", "oat") for size in ("250", "350")]
    variants = [{"options": each, "price": 1400 + 100 * at} for at, each in enumerate(options)]
    mug = await makers.a_product(options=["glaze", "size"], variants=variants)

    product, _ = data(await shop.get(f"{mug.url}?o_glaze=oat"))

    assert (product["offers"]["lowPrice"], product["offers"]["highPrice"]) == ("16.00", "17.00")
    assert "sku" not in product


@pytest.mark.parametrize(
    ("variant", "availability"),
    [
        ({"band": "few"}, "LimitedAvailability"),
        ({"band": "out"}, "OutOfStock"),
        ({"band": "later", "policy": "made_to_order"}, "MadeToOrder"),
        ({"band": "later", "policy": "preorder", "back_on": today()}, "PreOrder"),
        ({"band": "later"}, "BackOrder"),
    ],
)
async def test_availability_is_that_of_the_panel(
    shop: httpx.AsyncClient, variant: dict[str, Any], availability: str
) -> None:
    mug = await makers.a_product(variants=[variant])

    offer = data(await shop.get(mug.url))[0]["offers"]

    assert offer["availability"].endswith(f"/{availability}")
    on: date | None = variant.get("back_on")
    assert offer.get("availabilityStarts") == (on.isoformat() if on else None)


@pytest.mark.parametrize("form", [ANONYMOUS_FORM, PERSONAL_FORM, {}])
async def test_no_title_can_end_the_data_or_begin_markup(shop: httpx.AsyncClient, form: dict[str, str]) -> None:
    mug = await makers.a_product(title=EVIL, subtitle=EVIL)

    answer = await shop.get(mug.url, headers=form)

    [block] = BLOCK.findall(answer.text)
    assert not set("<>&") & set(block)
    assert msgspec.json.decode(block)[0]["name"] == EVIL
    assert "<script>alert" not in answer.text and "<esi:include src='/x'" not in answer.text


async def test_a_full_product_page_fits_its_budget(shop: httpx.AsyncClient) -> None:
    axes = [(c, s, r) for c in range(12) for s in range(3) for r in range(4)]
    variants = [{"options": {"cover": f"cover-{c}", "size": f"a{s}", "ruling": f"r{r}"}} for c, s, r in axes]
    category = await makers.a_category()
    book = await makers.a_product(variants=variants, options=["cover", "size", "ruling"], category=category)
    for at in range(12):
        await makers.a_review(book, body=f"Review {at}. " + " ".join(f"word{at * 31 + n}" for n in range(40)))
        await makers.a_picture(book, variant_id=book.variants[at * 12].id, position=at)
    for _ in range(4):
        await makers.a_product(category=category)

    page = await shop.get(book.url, headers=ANONYMOUS_FORM)

    assert len(gzip.compress(page.content, 6)) <= 12_000
