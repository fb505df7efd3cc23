from __future__ import annotations

import httpx

from tests import makers


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
