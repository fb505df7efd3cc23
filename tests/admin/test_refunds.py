from __future__ import annotations

import re

import httpx
import pytest

from app.orders.queries import State
from tests.makers import a_product
from tests.orders.books import lines_of, row_of
from tests.payments.money import a_captured_order, a_paid_order, refunds_of


async def form_of(staff: httpx.AsyncClient, order: State) -> dict[str, str]:
    page = (await staff.get(f"/orders/{order.number}")).text
    form = re.search(rf'<form [^>]*action="/orders/{order.number}/refunds">(.*?)</form>', page, re.S)
    assert form
    return dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[1])) | {"restock": "no"}


@pytest.fixture
async def order(databases: None) -> State:
    return await a_captured_order(lines={(await a_product(price=1000)).variant_id: 3})


async def test_staff_refund_a_unit_once(staff: httpx.AsyncClient, order: State) -> None:
    [line] = await lines_of(order.id)
    form = await form_of(staff, order) | {f"refund-{line['id']}": "1", "reason": "Chipped <rim>"}

    for _ in "12":
        assert (await staff.post(f"/orders/{order.number}/refunds", data=form)).status_code == 303

    assert [refund.amount for refund in await refunds_of(order.id)] == [1000]
    page = (await staff.get(f"/orders/{order.number}")).text
    assert page.count('data-testid="refund"') == 1
    assert "Chipped &lt;rim&gt;" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"amount": "x"}, "amount"), ({"amount": "500"}, "amount"), ({"amount": "1", "reason": ""}, "reason"), ({}, "amount"),
     ({"amount": "1", "restock": "maybe"}, "restock")],
)  # fmt: skip
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_goes_back(
    staff: httpx.AsyncClient, order: State, typed: dict[str, str], field: str
) -> None:
    form = await form_of(staff, order) | {"reason": "Kept words"} | typed

    answer = await staff.post(f"/orders/{order.number}/refunds", data=form)

    assert answer.status_code == 422
    assert f'id="{field}-error" data-testid="field-error"' in answer.text
    assert f'value="{form["reason"]}"' in answer.text
    assert await refunds_of(order.id) == []


async def part_form_of(staff: httpx.AsyncClient, order: State) -> dict[str, str]:
    page = (await staff.get(f"/orders/{order.number}")).text
    form = re.search(rf'<form [^>]*action="/orders/{order.number}/units">(.*?)</form>', page, re.S)
    assert form
    return dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[1]))


async def test_staff_cancel_a_unit_once_and_read_what_the_customer_pays(staff: httpx.AsyncClient) -> None:
    order = await a_paid_order(lines={(await a_product(price=1000)).variant_id: 3})
    [line] = await lines_of(order.id)
    form = await part_form_of(staff, order) | {f"cancel-{line['id']}": "1", "because": "Kiln <broke>"}

    for _ in "12":
        assert (await staff.post(f"/orders/{order.number}/units", data=form)).status_code == 303

    page = (await staff.get(f"/orders/{order.number}")).text
    assert (await lines_of(order.id))[0]["uncharged"] == 1
    assert f'data-testid="order-due">£{(order.total - 1000) / 100:.2f}<' in page
    assert "1 cancelled" in page and "refunded" not in page and "Kiln &lt;broke&gt;" in page
    assert (await staff.get(f"/orders/{order.number}/units")).status_code == 303


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"LINE": "x"}, "LINE"), ({"LINE": "4"}, "LINE"), ({}, "units"), ({"LINE": "1", "because": ""}, "because")],
)
async def test_what_cannot_be_cancelled_is_said_beside_its_field(
    staff: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    order = await a_paid_order(lines={(await a_product(price=1000)).variant_id: 3})
    [line] = await lines_of(order.id)
    own = f"cancel-{line['id']}"
    form = await part_form_of(staff, order) | {"because": "Kept words"}

    answer = await staff.post(
        f"/orders/{order.number}/units", data=form | {key.replace("LINE", own): text for key, text in typed.items()}
    )

    assert answer.status_code == 422
    assert f'id="{field.replace("LINE", own)}-error" data-testid="field-error"' in answer.text
    assert (await lines_of(order.id))[0]["cancelled"] == 0


async def test_the_only_unit_of_an_order_is_cancelled_with_it(staff: httpx.AsyncClient) -> None:
    order = await a_paid_order(lines={(await a_product()).variant_id: 1})

    page = (await staff.get(f"/orders/{order.number}")).text

    assert "admin-cancel-part" not in page and "admin-cancel" in page


async def test_staff_cancel_an_order_and_the_address_of_a_form_leads_to_it(
    staff: httpx.AsyncClient, order: State
) -> None:
    assert (await staff.post(f"/orders/{order.number}/cancel", data={"note": "Kiln broke"})).status_code == 303

    assert (await row_of(order.id))["status"] == "cancelled"
    assert "Kiln broke" in (await staff.get(f"/orders/{order.number}")).text
    for form in ("cancel", "refunds"):
        assert (await staff.get(f"/orders/{order.number}/{form}")).status_code == 303
