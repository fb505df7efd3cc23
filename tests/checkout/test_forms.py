from __future__ import annotations

import html

import httpx

from app.checkout import rules
from tests.checkout.walk import DETAILS, fill_cart
from tests.makers import a_product


async def test_browsers_are_given_the_rules_that_the_server_judges_by(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})

    page = html.unescape((await shop.get("/checkout")).text)
    french = html.unescape((await shop.post("/checkout/details", data=DETAILS | {"country": "FR"})).text)

    for country in rules.COUNTRIES:
        assert f'data-pattern="{country.postcode}" data-wrong="{country.wrong}"' in page
    assert f'pattern="{rules.PHONE}"' in page and f'data-wrong="{rules.WRONG_PHONE}"' in page
    assert f'data-wrong="{rules.WRONG_EMAIL}"' in page
    for shown, code in ((page, "GB"), (french, "FR")):
        assert f' pattern="{rules.BY_CODE[code].postcode}"' in shown.partition('id="postcode"')[2].partition(">")[0]
