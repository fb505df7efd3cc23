from __future__ import annotations

import re

import httpx
import pytest

from app.admin import order_queries as queries
from app.admin import rules
from app.db.engines import writing
from app.orders import operations, projection
from tests.knobs import provider
from tests.makers import a_product, an_order, unique
from tests.orders.test_credit_notes import an_invoiced_order, refunded
from tests.orders.test_frozen import a_frozen_order, an_unclear_order, of
from tests.payments.money import a_captured_order, scripted, work


async def an_indexed_order(**more):
    order = await an_order(**more)
    await projection.index(order.id)
    return order


async def test_an_order_shows_its_lines_and_all_that_happened_to_it(staff) -> None:
    product = await a_product(title=unique("Teapot"), price=1400)
    order = await an_order({product.variant_id: 2})

    page = await staff.get(f"/orders/{order.number}")

    assert page.status_code == 200
    for words in (
        order.number,
        product.title,
        "£28.00",
        "Ada Lovelace",
        "ada@example.org",
        "12 Long Lane",
        "York",
        "History",
    ):
        assert words in page.text
    view = await queries.admin_order_view(order.number)
    assert view is not None
    assert [line.reservation in ("held", "pinned", "claimed") for line in view.lines] == [True]
    assert view.steps


async def test_an_order_is_found_by_number_name_and_address(staff) -> None:
    email, name = f"{unique('ada')}@example.org", unique("Ada")
    order = await an_indexed_order(email=email, name=name)

    for q in (order.number.lower(), email[2:14], name.upper()):
        page = (await staff.get("/orders", params={"q": q})).text
        assert page.count('data-testid="order-number"') == 1 and order.number in page


async def test_the_list_shows_one_status(staff) -> None:
    name = unique("Ada")
    order = await an_indexed_order(name=name)
    others = [status for status in rules.ORDER_STATUSES if status != order.status]

    assert order.number in (await staff.get("/orders", params={"q": name, "status": order.status})).text
    for status in others:
        assert order.number not in (await staff.get("/orders", params={"q": name, "status": status})).text


async def test_the_list_goes_on_where_it_stopped_while_orders_come_in(databases) -> None:
    name = unique("Ada")
    first = [await an_indexed_order(name=name) for _ in range(4)]
    start = await queries.order_rows(name, limit=2)
    await an_indexed_order(name=name)

    last = start[1]
    rest = await queries.order_rows(name, after=rules.cursor_of(rules.cursor(last.placed_at, last.order_id)), limit=2)

    seen = [row.number for row in start[:2] + rest[:2]]
    assert seen == [order.number for order in reversed(first)]


@pytest.mark.parametrize("query", ["after=x", "status=nonsense", "q=%00%27", "q=" + "x" * 5000, "after=1-2"])
async def test_a_nonsense_address_of_the_list_is_a_list(staff, query: str) -> None:
    assert (await staff.get(f"/orders?{query}")).status_code == 200


@pytest.mark.parametrize("number", ["ZZZZZZZZ", "x", "00", "00%00aaaaa", "ÄÖÜ", "0" * 300])
async def test_an_unknown_order_is_not_found(staff, number: str) -> None:
    assert (await staff.get(f"/orders/{number}")).status_code == 404


async def test_a_number_may_be_typed_in_small_letters(staff) -> None:
    order = await an_order()

    assert (await staff.get(f"/orders/{order.number.lower()}")).status_code == 200


async def test_staff_save_the_invoice_from_the_orders_screen(staff, admin) -> None:
    order = await a_captured_order()
    before = await staff.get(f"/orders/{order.number}")
    missing = await staff.get(f"/orders/{order.number}/invoice.pdf")
    number = await operations.issue_invoice(order.id)

    page, found = await staff.get(f"/orders/{order.number}"), await staff.get(f"/orders/{order.number}/invoice.pdf")
    admin.cookies.clear()
    nobody = await admin.get(f"/orders/{order.number}/invoice.pdf")

    assert "invoice.pdf" not in before.text
    assert missing.status_code == 404
    assert f"/orders/{order.number}/invoice.pdf" in page.text
    assert found.content.startswith(b"%PDF")
    assert found.headers["cache-control"] == "private, no-store"
    assert number in found.headers["content-disposition"]
    assert not nobody.content.startswith(b"%PDF")


async def test_a_capture_that_failed_says_why_and_can_be_tried_again(staff) -> None:
    order = await a_frozen_order("fulfilled")
    frozen = (await staff.get(f"/orders/{order.number}")).text

    tried = await staff.post(f"/orders/{order.number}/capture")
    with provider(scripted()):
        await work(order.id)
    after = (await staff.get(f"/orders/{order.number}")).text
    late = await staff.post(f"/orders/{order.number}/capture")

    assert "The capture failed: It has expired." in frozen and 'data-testid="admin-capture"' in frozen
    assert tried.status_code == 303
    assert 'data-testid="payment-frozen"' not in after
    assert late.status_code == 409 and "There is no capture to be tried again" in late.text


async def test_an_order_that_was_paid_with_another_sum_says_so_and_has_two_ways_out(staff) -> None:
    order, _ = await an_unclear_order()
    page = (await staff.get(f"/orders/{order.number}")).text

    with provider(scripted(then=of(order, 1))):
        still = await staff.post(f"/orders/{order.number}/capture")
    over = await staff.post(f"/orders/{order.number}/cancel", data={"note": "Asked them to pay anew"})

    assert (
        "was asked for" in page and "Look at the provider" in page and f'action="/orders/{order.number}/cancel"' in page
    )
    assert still.status_code == 409 and "still say something else" in still.text
    assert over.status_code == 303
    assert "cancelled" in (await staff.get(f"/orders/{order.number}")).text


async def test_every_paper_that_the_page_links_to_is_there(staff) -> None:
    order = await an_invoiced_order(units=1)
    await operations.issue_credit_note(order.id, await refunded(order.id, 0, amount=100))
    page = (await staff.get(f"/orders/{order.number}")).text
    links = re.findall(r'href="(/orders/[^"]+(?:\.pdf|/credit-notes/[^"]+))"', page)

    answers = [await staff.get(link) for link in links]

    assert [answer.headers["content-type"] for answer in answers] == ["application/pdf"] * 2


async def test_a_disputed_payment_is_said_and_nothing_can_be_sent(staff: httpx.AsyncClient) -> None:
    order = await a_captured_order()
    pages = []
    for dispute in ("open", "lost", "won"):
        async with writing(order.id) as db:
            await db.execute("UPDATE payment_attempt SET dispute = $2 WHERE order_id = $1", order.id, dispute)
        pages.append((await staff.get(f"/orders/{order.number}")).text)

    assert "disputes this payment" in pages[0] and "is lost" in pages[1] and "payment-disputed" not in pages[2]
    assert ["admin-ship" in page for page in pages] == [False, False, True]
