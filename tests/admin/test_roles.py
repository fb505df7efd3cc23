from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from app.admin import guard, operations, roles
from app.db.engines import EVERYONE, reading
from app.ops.commands_data import ROLES
from app.promotions.terms import Fixed
from tests import makers
from tests.admin.test_guard import admin_routes
from tests.makers import unique

ID = UUID(int=7)
PASSWORD = "a long way to Ludlow"


async def somebody(role: str) -> str:
    email = f"{unique('bob')}@example.org"
    await operations.add_staff(email=email, name="Bob", password=PASSWORD, role=role)
    return email


async def as_(admin: httpx.AsyncClient, email: str) -> httpx.AsyncClient:
    """The browser, signed in as them."""
    token = await operations.sign_in(email, PASSWORD, instead_of="")
    admin.cookies.set(guard.cookie_name(), token, domain="localhost.local")
    return admin


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("owner", {"/orders", "/customers", "/edits", "/products", "/reviews"}, {"/orders", "/products", "/reviews"}),
        ("merchant", {"/products", "/reviews"}, {"/products", "/reviews"}),
        ("orders", {"/orders", "/customers", "/products", "/reviews"}, {"/orders"}),
        ("reader", {"/products", "/reviews"}, set()),
        ("nonsense", set(), set()),
    ],
)
def test_each_role_reads_and_writes_its_own(role: str, reads: set[str], writes: set[str]) -> None:
    pages = ("/orders", "/customers", "/edits", "/products", "/reviews")
    assert {path for path in pages if roles.may(role, path)} == reads
    assert {
        path for path in ("/orders", "/products", "/reviews") if roles.may(role, path + "/x", writes=True)
    } == writes


def test_stock_is_counted_by_two_and_codes_are_no_readers() -> None:
    stock, codes = f"/products/{ID}/stock", f"/promotions/{ID}/codes.csv"

    assert [role for role in ROLES if roles.may(role, stock, writes=True)] == ["owner", "merchant", "orders"]
    assert [role for role in ROLES if roles.may(role, codes)] == ["owner", "merchant"]
    assert not roles.may("merchant", "/orders/") and roles.may("merchant", "/ordersandmore")
    assert tuple(roles.ROLES) == ROLES


async def test_a_reader_changes_nothing_anywhere(admin: httpx.AsyncClient) -> None:
    reader = await as_(admin, await somebody("reader"))

    answers = {path: (await reader.post(path)).status_code for method, path in admin_routes() if method == "POST"}

    assert len(answers) > 20 and set(answers.values()) == {403}, answers


async def test_what_somebody_may_not_open_is_neither_shown_nor_offered(admin: httpx.AsyncClient) -> None:
    merchant = await as_(admin, await somebody("merchant"))

    home, orders = await merchant.get("/"), await merchant.get("/orders")

    assert 'href="/products"' in home.text and 'href="/orders"' not in home.text and "Latest orders" not in home.text
    assert orders.status_code == 403 and "not made for this" in orders.text
    assert (await merchant.get("/nowhere")).status_code == 404


FORM = re.compile(r'<form(?=[^>]*method="post")[^>]*action="([^"]+)".*?</form>', re.S)


@pytest.mark.parametrize("role", ["reader", "orders"])
async def test_who_may_not_send_a_form_sees_no_button_of_it(admin: httpx.AsyncClient, role: str) -> None:
    product = await makers.a_product()
    review = await makers.a_review(product, state="pending")
    block = await makers.a_block("notice", {"text": "Hello"})
    promotion = await makers.a_promotion(Fixed(amount=100), codes=(makers.unique("CODE").upper(),))
    collection = (await makers.a_collection()).id
    await makers.a_redirect(f"/{unique('old')}", product.url)
    async with reading(EVERYONE) as db:
        kind = await db.fetchval("SELECT type_id FROM product WHERE id = $1", product.id)
    pages = [
        *(
            "/products",
            "/reviews",
            "/collections",
            "/sections",
            "/facets",
            "/promotions",
            "/delivery",
            "/search",
            "/search/synonyms",
        ),
        *(f"/products/{product.id}", f"/reviews/{review}", f"/sections/{block}", f"/promotions/{promotion.id}"),
        *(f"/collections/{collection}", f"/facets/{kind}", "/redirects"),
    ]
    browser = await as_(admin, await somebody(role))

    for path in pages:
        page = await browser.get(path)
        assert page.status_code == 200, path
        for form in FORM.finditer(page.text):
            may = form[1] == "/sign-out" or roles.may(role, form[1], writes=True)
            assert may or 'type="submit"' not in form[0], (path, form[1])
        assert roles.may(role, path, writes=True) or not re.search(
            r'type="submit" form="|>New |Add a section', page.text
        ), path
    adjust = (await browser.get(f"/products/{product.id}")).text.count('class="adjust"')
    assert adjust == (1 if role == "orders" else 0)


async def test_another_role_holds_from_the_next_click_and_who_is_removed_is_out(admin: httpx.AsyncClient) -> None:
    email = await somebody("reader")
    browser = await as_(admin, email)
    before = (await browser.get("/orders")).status_code

    await operations.change_role(f" {email.upper()}", "orders")
    after = (await browser.get("/orders")).status_code
    await operations.remove_staff(email)

    assert (before, after) == (403, 200)
    assert (await browser.get("/orders")).headers["location"].startswith("/sign-in")
    with pytest.raises(operations.NoSuchPerson):
        await operations.change_role(email, "owner")


@pytest.mark.usefixtures("own_database")
async def test_the_last_owner_stays() -> None:
    email, other = await somebody("owner"), await somebody("reader")

    for goes in (operations.remove_staff(email), operations.change_role(email, "reader")):
        with pytest.raises(operations.NeedsOwner):
            await goes
    await operations.change_role(other, "owner")
    await operations.remove_staff(email)

    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT count(*) FROM staff WHERE role = 'owner'") == 1
    assert [(each.email, each.role) for each in await operations.all_staff()] == [(other, "owner")]
