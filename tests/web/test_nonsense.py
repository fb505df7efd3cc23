"""Whatever is typed into an address leads to the canonical page or to a 404, never to an error, and never to a second page."""

from __future__ import annotations

import httpx
import pytest

from tests import makers
from tests.conftest import ANONYMOUS_FORM

NONSENSE = {
    "null": "%00",
    "broken bytes": "%FF%FE",
    "lone surrogate": "%ED%A0%80",
    "half an escape": "%",
    "line break": "%0d%0aSet-Cookie:a=b",
    "emoji": "%F0%9F%98%80",
    "right to left": "%E2%80%AE%D7%90",
    "markup": "%3Cscript%3E",
    "zero": "0",
    "power": "1e9",
    "enormous": "9" * 30,
    "fullwidth": "%EF%BC%92",
    "long": "x" * 10_000,
    "another case": "Size",
}
WORST = ("null", "broken bytes", "half an escape", "enormous", "long")  # where all of them would say the same again
LISTS = ("page", "sort", "maker", "stock", "offer", "rating", "min", "max", "f_size", "f_%00", "F_SIZE", "nonsense")
FRAGMENTS = ("quick", "card", "related", "variant", "reviews")
PATHS = ("/c/", "/p/", "/sitemap/", "/static/p/", "/compare?p=", *(f"/_f/{name}/" for name in FRAGMENTS))


async def _places() -> dict[str, str]:
    """Where something can be typed -> the one page that is meant."""
    mugs = await makers.a_category()
    kind = await makers.a_product_type([{"code": "size", "label": "Size", "is_option": True, "is_facet": True}])
    mug = await makers.a_product(
        title=makers.unique("Nonsensemug"), category=mugs, type_id=kind, variants=[{"options": {"size": "s"}}]
    )
    chosen = await makers.a_collection(products=[mug])
    search = f"/search?q={mug.slug.replace('-', '+')}"
    told = {f"{mugs.url}?{name}=": mugs.url for name in LISTS}
    told |= {f"{chosen.url}?{name}=": chosen.url for name in ("page", "f_size")}
    told |= {f"{search}&{name}=": search for name in ("page", "sort", "f_size", "min")}
    told |= {f"/?{name}=": "/" for name in ("page", "q")}
    told |= {f"{mug.url}?o_size=": mug.url, f"{mug.url}?o_%00=": mug.url, f"{mug.url}?sort=": mug.url}
    told |= {f"/_f/{name}/{mug.slug}?{asks}=": f"/_f/{name}/{mug.slug}" for name, asks in
             (("variant", "o_size"), ("reviews", "page"), ("reviews", "sort"), ("reviews", "stars"), ("quick", "x"))}  # fmt: skip
    return told


@pytest.fixture
async def edge_of(shop: httpx.AsyncClient) -> httpx.AsyncClient:
    """The shop as the edge asks it."""
    shop.headers.update(ANONYMOUS_FORM)
    shop.follow_redirects = False
    return shop


async def _end(shop: httpx.AsyncClient, url: str) -> httpx.Response:
    """The answer in the end: one redirect may lead there, and none from there."""
    answer = await shop.get(url)
    if answer.is_redirect:
        answer = await shop.get(answer.headers["location"])
    assert "set-cookie" not in answer.headers
    return answer


async def test_nonsense_in_a_parameter_is_the_canonical_page_or_no_page(edge_of: httpx.AsyncClient) -> None:
    wrong = []
    for asks, meant in (await _places()).items():
        whole = (await edge_of.get(meant)).text
        for what in NONSENSE if asks.startswith("/c/e") else WORST:
            answer = await _end(edge_of, asks + NONSENSE[what])
            if answer.status_code != 404 and (answer.status_code != 200 or answer.text != whole):
                wrong.append((asks.partition("?")[2], what, answer.status_code))
    assert wrong == [("max=", "zero", 200)]  # that is a price


async def test_nonsense_in_a_path_is_no_page_and_no_error(edge_of: httpx.AsyncClient) -> None:
    asked = {(path, what): await _end(edge_of, path + value) for path in PATHS for what, value in NONSENSE.items()}
    wrong = {
        each: answer.status_code for each, answer in asked.items() if answer.status_code != 404 and "?" not in each[0]
    }
    assert wrong == {}
    assert {answer.status_code for answer in asked.values()} == {200, 404}  # nothing to compare is a page


async def test_any_question_is_answered_once_it_is_spelled_the_one_way(edge_of: httpx.AsyncClient) -> None:
    for path in ("/search?q=", "/_f/suggest?q="):
        assert {(await _end(edge_of, path + value)).status_code for value in NONSENSE.values()} == {200}


async def test_repeated_and_shuffled_parameters_are_one_page(edge_of: httpx.AsyncClient) -> None:
    mugs = await makers.a_category()
    await makers.a_product(category=mugs, band="in")
    for query in ("stock=in&stock=in", "stock=in&page=1&stock=in", "page=1&page=1&stock=in", "stock=in&sort=&page="):
        answer = await edge_of.get(f"{mugs.url}?{query}")
        to = answer.headers["location"] if answer.is_redirect else str(answer.url)
        assert to.endswith(f"{mugs.url}?stock=in") or answer.text == (await edge_of.get(f"{mugs.url}?stock=in")).text
