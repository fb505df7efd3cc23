from __future__ import annotations

import httpx
import pytest

from app.web.refusals import RefusalView
from app.web.templates import render
from tests import makers
from tests.conftest import ANONYMOUS_FORM


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost:8080/c/table?page=2", "/c/table?page=2"),
        ("https://evil.example/?://localhost:8080/x", "/"),
        ("https://evil.example/?://localhost:8080/\\evil.example/x", "/"),
        ("http://localhost:8080//evil.example/x", "/"),
        ("http://localhost:8080/\\evil.example", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
async def test_the_way_back_stays_on_our_own_pages(shop: httpx.AsyncClient, referer: str, back: str) -> None:
    answer = await shop.get("/checkout/place", headers={"Referer": referer})

    assert answer.status_code == 405
    assert f'href="{back.replace("&", "&amp;")}"' in answer.text
    assert "evil" not in answer.text


async def test_a_hole_that_no_edge_asked_for_is_private(shop: httpx.AsyncClient) -> None:
    for hole in ("badge", "account"):
        answer = await shop.get(f"/_h/{hole}")

        assert answer.headers["cache-control"] == "private, no-store"
        assert "xkey" not in answer.headers


@pytest.mark.parametrize("status", [500, 503])
async def test_a_page_that_asks_no_database_has_a_way_on(status: int) -> None:
    view = RefusalView(say="Not now.", status=status, back="/c/table")

    text = render("errors/server_error.html", view=view, menu=None, request_path="/")

    assert 'action="/search"' in text
    assert all(f'href="{to}"' in text for to in ("/", "/cart", "/account", "/c/table"))


@pytest.mark.parametrize("path", ["/shared/0" + "a" * 44, "/alerts/sentt", "/orders/AB123456/again"])
async def test_what_a_private_page_has_not_is_kept_by_nobody(shop: httpx.AsyncClient, path: str) -> None:
    private = path != "/alerts/sentt"  # no route has that one: there is nothing private about it

    answer = await shop.get(path, headers=ANONYMOUS_FORM)

    assert answer.status_code == 404
    assert ("x-vitrine-keep" in answer.headers) is not private
    assert answer.headers["cache-control"].startswith("private, no-store" if private else "public")


async def test_what_the_framework_refuses_is_a_page_of_the_visitors_shop(shop: httpx.AsyncClient) -> None:
    department = await makers.a_category(title="Attic", top=True)
    product = await makers.a_product()
    await shop.post("/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "2"})

    page = await shop.get("/checkout/place")
    in_place = await shop.get("/checkout/place", headers={"HX-Request": "true"})

    assert page.status_code == in_place.status_code == 405
    assert 'data-units="2"' in page.text and f'href="{department.url}"' in page.text
    assert "POST" in page.headers["allow"]
    assert "<html" not in in_place.text and in_place.headers["hx-retarget"] == "#alerts"


async def test_a_form_from_elsewhere_is_refused_by_a_whole_page_that_looks_at_nobody(shop: httpx.AsyncClient) -> None:
    answer = await shop.post("/cart/lines", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert '<html lang="en' in answer.text and 'name="viewport"' in answer.text and 'href="/"' in answer.text
    assert "cart-badge" not in answer.text and "set-cookie" not in answer.headers
