from __future__ import annotations

import httpx
import pytest

from app.edge import tags
from app.reviews import rules
from tests import makers
from tests.catalog.test_pages import carried, kept_for, statements
from tests.conftest import ANONYMOUS_FORM


async def test_what_reviewers_write_is_text_and_never_markup(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    await makers.a_review(
        product, author="<b>Ada</b>", title="<script>alert(1)</script>", body='<esi:include src="/_h/badge"/>'
    )

    answer = await shop.get(product.url, headers={"X-Vitrine-Form": "personal"})

    assert "<script>alert" not in answer.text
    assert '<esi:include src="/_h/badge"/>' not in answer.text.partition('id="reviews"')[2].partition("</ol>")[0]
    assert "&lt;b&gt;Ada&lt;/b&gt;" in answer.text


async def test_a_rating_is_on_the_product_and_on_its_card_data(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    await makers.a_review(product, rating=4)

    answer = await shop.get(product.url)

    assert "out of 5" in answer.text
    assert "from 1 review<" in answer.text


async def test_the_list_is_a_kept_document_with_a_tag_of_its_own(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product(title="Pell <mug>")
    for number in range(6):
        await makers.a_review(product, title=f"No. {number}", verified=True, reply="Thank <you>")

    page = await shop.get(product.url, headers=ANONYMOUS_FORM)
    answer = await shop.get(f"/p/{product.slug}/reviews", headers=ANONYMOUS_FORM)

    assert page.text.count('data-testid="review"') == 4 and f'href="/p/{product.slug}/reviews"' in page.text
    assert answer.text.count('data-testid="review"') == 6 and "Bought here" in answer.text
    assert "Thank &lt;you&gt;" in answer.text and 'data-testid="search-input"' in answer.text
    assert kept_for(answer) > 3600 and statements(answer) <= 3
    assert (
        "<title>Reviews of Pell &lt;mug&gt; · " in answer.text and "<h1>Reviews of Pell &lt;mug&gt;</h1>" in answer.text
    )
    assert f'<a href="{product.url}">Pell &lt;mug&gt;</a>' in answer.text and "£" in answer.text
    assert carried(answer) >= {tags.reviews(product.id), tags.card(product.id), tags.path(product.url)}
    assert tags.product(product.id) not in carried(answer) and tags.reviews(product.id) not in carried(page)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("stars=6", ""),
        ("stars=5&sort=worst", "?stars=5"),
        ("stars=5&sort=newest&page=1", "?stars=5"),
        ("stars=5&sort=helpful", "?sort=helpful&stars=5"),
        ("stars=%35&page=0", "?stars=5"),
        ("stars=5&stars=5", "?stars=5"),
        ("page=00000000000000000000001", ""),
        ("page=%F0%9F%98%80", ""),
    ],
)
async def test_however_it_is_misspelt_there_is_one_address(shop: httpx.AsyncClient, asked: str, canonical: str) -> None:
    product = await makers.a_product()
    await makers.a_review(product)
    here = f"/p/{product.slug}/reviews"

    answer = await shop.get(f"{here}?{asked}", headers=ANONYMOUS_FORM)

    assert (answer.status_code, answer.headers["location"]) == (301, here + canonical)
    assert kept_for(answer) <= 60
    assert (await shop.get(here + canonical)).status_code == 200


async def test_past_the_last_page_there_is_nothing(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()

    assert (await shop.get(f"/p/{product.slug}/reviews?page=2")).status_code == 404
    assert (await shop.get("/p/no-such-thing/reviews")).status_code == 404


async def test_far_behind_there_is_nothing_and_nobody_looks(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await makers.a_product()
    for _ in range(3):
        await makers.a_review(product)
    monkeypatch.setattr(rules, "PER_PAGE", 1)
    monkeypatch.setattr(rules, "LAST", 2)

    last = await shop.get(f"/p/{product.slug}/reviews?page=2")
    beyond = await shop.get(f"/p/{product.slug}/reviews?page=999", headers=ANONYMOUS_FORM)

    assert "Page 2 of 2" in last.text and "page=3" not in last.text
    assert beyond.status_code == 404
