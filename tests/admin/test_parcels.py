from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.orders.queries import State
from tests.knobs import Scripted, provider
from tests.makers import a_product
from tests.orders.books import lines_of, row_of
from tests.payments.money import a_paid_order


async def form_of(staff: httpx.AsyncClient, order: State) -> dict[str, str]:
    """The fields of the parcel's form as they stand on the order's page."""
    page = (await staff.get(f"/orders/{order.number}")).text
    form = re.search(rf'<form [^>]*action="/orders/{order.number}/parcels">(.*?)</form>', page, re.S)
    assert form
    return dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[1]))


@pytest.fixture
async def order(databases: None) -> AsyncIterator[State]:
    """An order whose money can be taken."""
    state = await a_paid_order(lines={(await a_product()).variant_id: 3})
    with provider(Scripted()):
        yield state


async def test_staff_send_a_parcel_and_the_rest_later(staff: httpx.AsyncClient, order: State) -> None:
    [line] = await lines_of(order.id)
    field, form = f"ship-{line['id']}", await form_of(staff, order)
    assert form[field] == "3"

    sent = await staff.post(
        f"/orders/{order.number}/parcels", data=form | {field: "2", "carrier": "Post", "tracking": "A<1>"}
    )
    again = await staff.post(f"/orders/{order.number}/parcels", data=form | {field: "2"})

    assert (sent.status_code, sent.headers["location"]) == (303, f"/orders/{order.number}")
    assert again.status_code == 303
    assert (await form_of(staff, order))[field] == "1"
    page = (await staff.get(f"/orders/{order.number}")).text
    assert page.count('data-testid="parcel"') == 1
    assert "A&lt;1&gt;" in page
    assert (await row_of(order.id))["fulfilment_status"] == "partial"


@pytest.mark.parametrize("units", ["4", "-1", "x", "1.5", "9999999"])
async def test_a_wrong_number_of_units_is_said_beside_its_field_and_everything_typed_is_kept(
    staff: httpx.AsyncClient, order: State, units: str
) -> None:
    [line] = await lines_of(order.id)
    field, form = f"ship-{line['id']}", await form_of(staff, order)

    answer = await staff.post(f"/orders/{order.number}/parcels", data=form | {field: units, "tracking": "KEPT 1"})

    assert answer.status_code == 422
    assert f'id="{field}-error" data-testid="field-error"' in answer.text
    assert f'value="{units}"' in answer.text
    assert 'value="KEPT 1"' in answer.text
    assert (await lines_of(order.id))[0]["shipped"] == 0


async def test_a_parcel_with_nothing_in_it_is_refused_in_words(staff: httpx.AsyncClient, order: State) -> None:
    [line] = await lines_of(order.id)

    answer = await staff.post(
        f"/orders/{order.number}/parcels", data=await form_of(staff, order) | {f"ship-{line['id']}": ""}
    )

    assert answer.status_code == 422
    assert "Say how many units" in answer.text


async def test_strangers_send_nothing(admin: httpx.AsyncClient, order: State) -> None:
    answer = await admin.post(f"/orders/{order.number}/parcels", data={"key": str(order.id)})

    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["location"]


async def test_a_form_for_no_order_or_without_its_key_is_refused(staff: httpx.AsyncClient, order: State) -> None:
    assert (await staff.post("/orders/ZZZZZZZZ/parcels", data={"key": "x"})).status_code == 404
    assert (await staff.post(f"/orders/{order.number}/parcels", data={})).status_code == 400
    assert (await staff.get(f"/orders/{order.number}/parcels")).status_code == 303
