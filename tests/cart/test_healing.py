"""Cookies that contradict the session: the next private answer sets them right, and a hole never tries."""

from __future__ import annotations

import pytest

from app.db.engines import writing
from app.web import visitor
from tests.cart.browsing import put_in
from tests.makers import a_product


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/cart"), ("GET", "/account"), ("GET", "/checkout"), ("POST", "/cart/lines")]
)
async def test_any_private_answer_heals_a_version_that_came_too_late(shop, method: str, path: str):
    """Two answers at once: the browser keeps the cookies of whichever came last."""
    await put_in(shop, await a_product(), 3)
    right = shop.cookies["pv_8080"]
    shop.cookies.set("pv_8080", visitor.new_pv(), domain="localhost.local")
    shop.cookies.set("cc_8080", "7", domain="localhost.local")

    answer = await shop.request(method, path, data={"quantity": "nonsense"} if method == "POST" else None)

    told = {line.split("=")[0]: line.split("=")[1].split(";")[0] for line in answer.headers.get_list("set-cookie")}
    assert told == {"pv_8080": right, "cc_8080": "3"}


async def test_what_is_right_is_not_said_again(shop):
    await put_in(shop, await a_product(), 3)

    assert "set-cookie" not in (await shop.get("/account")).headers


async def test_a_session_that_is_over_leaves_the_browser(shop):
    token = visitor.new_token(5)
    shop.cookies.set("sid_8080", token, domain="localhost.local")
    shop.cookies.set("cc_8080", "3", domain="localhost.local")

    answer = await shop.get("/account")

    assert len(answer.headers.get_list("set-cookie")) == 3
    assert all("Max-Age=0" in line for line in answer.headers.get_list("set-cookie"))
    async with writing(5) as db:
        assert await db.fetchval("SELECT count(*) FROM session WHERE token_hash = $1", visitor.token_hash(token)) == 0


async def test_neither_a_hole_nor_a_kept_page_sets_a_cookie(shop):
    product = await a_product()
    await put_in(shop, product, 1)
    shop.cookies.set("pv_8080", visitor.new_pv(), domain="localhost.local")

    for path, headers in (
        ("/_h/orders", {"X-Vitrine-Way": "visitor"}),
        (product.url, {"X-Vitrine-Form": "personal"}),
        (product.url, {}),
    ):
        assert "set-cookie" not in (await shop.get(path, headers=headers)).headers
