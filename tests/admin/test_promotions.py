from __future__ import annotations

import csv
import html
import io
import re
from uuid import uuid4

from app.cart import codes, queries
from app.promotions import operations
from tests.cart.test_codes import a_code
from tests.makers import a_cart, a_category, a_product, a_promotion, unique

FILLED = {
    "trigger": "code", "action": "percent", "percent": "12.5", "state": "active", "priority": "10", "combines": "on",
    "version": "", "read": "", "amount": "", "buy": "", "get": "", "most": "", "minimum": "", "only": "", "but_not": "",
    "markets": "", "starts": "", "ends": "", "most_uses": "", "most_each": "",
}  # fmt: skip


def a_form(**fields: str) -> dict[str, str]:
    return FILLED | {"title": "Spring", "code": a_code()} | fields


async def made(staff, **fields: str) -> str:
    """The address of a promotion that was made by its form."""
    answer = await staff.post("/promotions/new", data=a_form(**fields))
    assert answer.status_code == 303, errors_in(answer)
    return answer.headers["location"].partition("?")[0]


def errors_in(page) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'data-testid="field-error">([^<]+)', page.text)]


def form_of(page) -> dict[str, str]:
    """What the browser would send of the form #edit."""
    text = page.text[page.text.index('id="edit"') : page.text.index('class="edit__aside')]
    boxes = re.findall(r'type="(?:radio|checkbox)" name="(\w+)" value="(\w+)" checked', text)
    inputs = re.findall(
        r'<input [^>]*name="(\w+)"[^>]* value="([^"]*)"', re.sub(r'type="(?:radio|checkbox)"[^>]*', "", text)
    )
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
    areas = re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', text, re.S)
    return {name: html.unescape(value) for name, value in [*inputs, *hidden, *areas, *boxes]}


async def test_the_page_says_who_changed_what_of_a_promotion(staff) -> None:
    path = await made(staff, trigger="codes")

    await staff.post(path, data=form_of(await staff.get(path)) | {"title": "Summer"})
    await staff.post(f"{path}/codes", data={"key": str(uuid4()), "many": "3", "prefix": ""})
    await staff.post(f"{path}/end")
    await staff.post(f"{path}/end")
    page = (await staff.get(path)).text

    assert re.findall(r"<li>(Created|Changed) ", page[page.index('data-testid="admin-edits"') :]) == [
        "Changed", "Changed", "Changed", "Created",
    ]  # fmt: skip


async def test_what_staff_type_is_what_a_cart_saves_and_what_the_form_shows_again(staff) -> None:
    shelf = await a_category(title="Shelf")
    product, other = await a_product(price=1000, category=shelf), await a_product(price=1000)
    form = a_form(only=f"/c/{shelf.path}\n", minimum="£10.00", most_uses="3", starts="2026-01-02T03:04")

    answer = await staff.post("/promotions/new", data=form)
    page = await staff.get(answer.headers["location"])
    cart = await a_cart({product.variant_id: 1, other.variant_id: 1})
    await codes.enter(cart.shopper_id, form["code"].lower())

    shown = form_of(page)
    assert {name: shown.get(name, "") for name in form if name not in ("version", "read", "minimum")} == {
        name: value.strip() for name, value in form.items() if name not in ("version", "read", "minimum")
    }
    assert shown["minimum"] == "10.00"
    assert (await queries.cart_view(cart.shopper_id)).total == 1875


async def test_whatever_is_wrong_is_said_beside_its_field_and_nothing_is_lost(staff) -> None:
    answer = await staff.post(
        "/promotions/new",
        data=a_form(
            title="", code="!", percent="101", only="/p/nowhere", starts="2026-02-01T00:00", ends="2026-01-01T00:00",
            most_uses="0", priority="x", minimum="many",
        ),
    )  # fmt: skip

    assert answer.status_code == 422
    assert len(errors_in(answer)) == 8
    assert 'value="101"' in answer.text and "/p/nowhere</textarea>" in answer.text


async def test_a_code_has_one_promotion(staff) -> None:
    promotion = await a_promotion(code=a_code())

    answer = await staff.post("/promotions/new", data=a_form(code=promotion.code))

    assert answer.status_code == 422
    assert errors_in(answer) == ["Another promotion has this code."]


async def test_who_saves_second_sees_what_the_first_changed_and_loses_nothing(staff) -> None:
    address = await made(staff, title="Spring")
    first, second = form_of(await staff.get(address)), form_of(await staff.get(address))

    saved = await staff.post(address, data=first | {"title": "Summer"})
    clash = await staff.post(address, data=second | {"percent": "20"})
    again = await staff.post(address, data=form_of(clash))

    assert (saved.status_code, clash.status_code, again.status_code) == (303, 409, 303)
    now = form_of(await staff.get(address))
    assert (now["title"], now["percent"]) == ("Summer", "20")


async def test_ending_one_takes_it_off_carts_at_once(staff) -> None:
    form = a_form()
    address = (await staff.post("/promotions/new", data=form)).headers["location"].partition("?")[0]
    cart = await a_cart({(await a_product(price=1000)).variant_id: 1})
    await codes.enter(cart.shopper_id, form["code"])

    before = (await queries.cart_view(cart.shopper_id)).total
    await staff.post(f"{address}/end")

    assert (before, (await queries.cart_view(cart.shopper_id)).total) == (875, 1000)
    assert "Ended" in (await staff.get(address)).text


async def test_codes_are_generated_once_for_each_form_and_come_as_a_table(staff) -> None:
    address = await made(staff, trigger="codes", code="")
    page = await staff.get(address)
    prefix = re.sub("[^A-Z0-9]", "", unique("P").upper())[:12] + "-"
    key = re.search(r'name="key" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    form = {"key": key, "prefix": prefix, "many": "300"}

    for _ in range(2):
        assert (await staff.post(f"{address}/codes", data=form)).status_code == 303
    too_many = await staff.post(f"{address}/codes", data=form | {"key": key[:-4] + "0000", "many": "10001"})
    [head, *rows] = csv.reader(io.StringIO((await staff.get(f"{address}/codes.csv")).text))

    assert (too_many.status_code, len(errors_in(too_many))) == (422, 1)
    assert head == ["code", "used", "since"]
    assert len({row[0] for row in rows}) == 300
    assert all(row[0].startswith(prefix) and row[1] == "no" for row in rows)
    assert operations.tidy_code(rows[0][0].lower()) == rows[0][0]


async def test_trying_it_says_line_by_line_why(staff) -> None:
    product, other = await a_product(title="Wanted", price=1000), await a_product(title="Unwanted", price=900)
    address = await made(staff, only=f"/p/{product.slug}", minimum="20.00", state="draft")

    page = (
        await staff.get(
            address, params={"cart": f"{product.variants[0].sku} 1\n{other.variants[0].sku.lower()} x 2", "email": ""}
        )
    ).text
    wrong = (await staff.get(address, params={"cart": "NO-SUCH-SKU 2"})).text

    assert "It does not apply" in page
    assert "It is a draft" in page and "£10.00 is missing" in page
    assert re.search(r"1 × Wanted</td><td>yes", page) and re.search(r"2 × Unwanted</td><td>no", page)
    assert "No variant has the SKU" in wrong


async def test_the_list_counts_by_standing(staff) -> None:
    title = unique("Listed")
    await made(staff, title=title, ends="2026-01-01T00:00")

    ended, active = await staff.get("/promotions?state=ended"), await staff.get("/promotions?state=active")

    assert title in ended.text and title not in active.text
    assert (await staff.get("/promotions?state=nonsense")).status_code == 200
