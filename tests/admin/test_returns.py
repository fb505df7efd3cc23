from __future__ import annotations

from uuid import uuid4

import httpx

from app.orders import operations
from tests.makers import a_product
from tests.orders.books import history_of, lines_of
from tests.orders.test_shipping import ship
from tests.payments.money import a_captured_order, refunds_of


async def test_staff_lead_a_return_from_button_to_button(staff: httpx.AsyncClient) -> None:
    order = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 1})
    [line] = await lines_of(order.id)
    await ship(order.id, {line["id"]: 1})
    wish = await operations.request_return(order.id, {line["id"]: 1}, "Too <blue>", key=uuid4())
    path = f"/orders/{order.number}/returns/{wish}"

    for step in ("approve", "restock", "refund"):
        page = (await staff.get(f"/orders/{order.number}")).text
        assert f'action="{path}/{step}"' in page
        assert "Too &lt;blue&gt;" in page
        assert (await staff.post(f"{path}/{step}")).status_code == 303
    late = await staff.post(f"{path}/approve")

    assert late.status_code == 409
    assert "This return is further already" in late.text
    assert [refund.amount for refund in await refunds_of(order.id)] == [1000]
    assert (await history_of(order.id)).count("return_refunded") == 1
    assert (await staff.post(f"{path}/nonsense")).status_code == 404
    assert (await staff.get(f"{path}/approve")).status_code == 303


async def test_a_return_can_be_settled_with_another_amount_or_none(staff: httpx.AsyncClient) -> None:
    order = await a_captured_order(lines={(await a_product(price=1000)).variant_id: 2})
    [line] = await lines_of(order.id)
    await ship(order.id, {line["id"]: 2})
    paths = []
    for _ in range(2):
        wish = await operations.request_return(order.id, {line["id"]: 1}, "Scratched", key=uuid4())
        await operations.approve(order.id, wish)
        await operations.receive(order.id, wish, restock=False)
        paths.append((f"/orders/{order.number}/returns/{wish}/refund", f"amount-{wish}"))
    (path, field), (other_path, other_field) = paths

    wrong = [await staff.post(path, data={field: text}) for text in ("lots", "-3", "999.00")]
    settled = await staff.post(path, data={field: "£4.50"})
    without = await staff.post(other_path, data={other_field: "0.00"})

    assert [each.status_code for each in wrong] == [422, 422, 422]
    assert all(f'id="{field}-error" data-testid="field-error"' in each.text for each in wrong)
    assert 'value="999.00"' in wrong[2].text
    assert (settled.status_code, without.status_code) == (303, 303)
    assert [refund.amount for refund in await refunds_of(order.id)] == [450]
    assert [line["refunded"] for line in await lines_of(order.id)] == [2]
    assert (await history_of(order.id)).count("nothing_due") == 1


async def test_strangers_decide_nothing(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(f"/orders/ZZZZZZZZ/returns/{uuid4()}/approve")

    assert "/sign-in" in answer.headers["location"]
