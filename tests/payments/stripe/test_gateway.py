"""Through HTTP on both sides: the shop's pages and jobs, the library's requests, and a Stripe that may misbehave."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from app.orders.drive import drive, look
from app.settings import settings
from app.values import new_id
from tests.checkout.walk import status_of, words_of
from tests.orders.books import attempts_of, pass_time, row_of, state_of
from tests.payments.money import refund, request_capture, return_money, work
from tests.payments.stripe.walk import a_gateway, at_the_page, charge_at, paid, to_page, typed
from tests.payments.stripe_fake import KEY, Fake

pytestmark = pytest.mark.usefixtures("databases")

OK, DECLINED = "4242424242424242", "4000000000000002"


async def test_from_the_button_to_a_partial_refund(shop: httpx.AsyncClient, fake: Fake) -> None:
    page = await to_page(shop)
    back = await typed(page, number=OK)
    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())
    order = await shop.get(answer.headers["location"])
    [session] = fake.books.sessions.values()
    attempt_id = session["client_reference_id"]
    assert page.startswith(fake.url)
    assert status_of(order) == "placed"

    from uuid import UUID

    from app.payments.queries import attempt as attempt_by

    attempt = await attempt_by(UUID(attempt_id))
    assert attempt is not None
    await request_capture(attempt.order_id, 1790)
    await work(attempt.order_id)
    await refund(attempt.order_id, 500, uuid4())
    await work(attempt.order_id)

    [intent] = fake.books.intents.values()
    assert (intent["status"], intent["capture_method"], intent["amount_received"]) == ("succeeded", "manual", 1790)
    assert [each["amount"] for each in fake.books.refunds.values()] == [500]
    assert (await row_of(attempt.order_id))["payment_status"] == "partially_refunded"


async def test_no_page_of_ours_asks_for_a_card_and_forms_may_lead_to_theirs(
    shop: httpx.AsyncClient, fake: Fake
) -> None:
    from app.main import create_app

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app()), base_url="http://localhost:8080"
    ) as fresh:
        policy = (await fresh.get("/cart")).headers["content-security-policy"]

    assert f"form-action 'self' {fake.url};" in policy


async def test_back_from_the_page_without_paying_the_order_waits(shop: httpx.AsyncClient, fake: Fake) -> None:
    page = await to_page(shop)
    back = await typed(page, answer="cancel")

    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())
    order = await shop.get(answer.headers["location"])

    assert "Go on to the payment page" in words_of(order)


async def test_a_card_declined_on_the_page_leaves_the_page_open_for_another(
    shop: httpx.AsyncClient, fake: Fake
) -> None:
    page = await to_page(shop)

    await typed(page, number=DECLINED)
    back = await typed(page, number=OK)
    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())

    assert status_of(await shop.get(answer.headers["location"])) == "placed"


async def test_a_bank_that_asks_first_is_no_answer_yet(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "asks")

    await look(attempt)
    waiting = await attempts_of(state.id)
    fake.books.pay(attempt.reference, "confirmed")
    await look(attempt)

    assert waiting == ["requires_action"]
    assert await attempts_of(state.id) == ["authorised"]


async def test_an_order_whose_page_nobody_used_ends_and_its_page_is_closed(fake: Fake) -> None:
    state, attempt = await at_the_page()
    await pass_time(state.id, 1900)

    await drive(state.id)

    assert fake.books.sessions[attempt.reference]["status"] == "expired"
    assert (await row_of(state.id))["reason"] == "unpaid"


async def test_who_pays_while_the_page_is_being_closed_has_paid(fake: Fake) -> None:
    state, _ = await at_the_page()
    await pass_time(state.id, 1900)
    expire = fake.books.expire_session

    def just_paid(id: str, told: dict[str, object]) -> dict[str, object]:
        fake.books.pay(id, "ok")
        return expire(id, told)

    fake.books.expire_session = just_paid  # type: ignore[method-assign]
    await drive(state.id)

    assert (await state_of(state.id)).status == "placed"


async def test_it_is_asked_with_the_shops_key_and_a_time_limit(fake: Fake) -> None:
    stripe = a_gateway()
    options = stripe.client._requestor._options

    assert options.max_network_retries == 0
    assert stripe.client._requestor._client._timeout.connect == 1.0
    assert stripe.client._requestor._client._timeout.read == 1.0
    assert KEY not in repr(stripe)


async def test_its_list_is_compared_with_ours_page_by_page(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta

    from app.payments.reconcile import differences
    from app.payments.stripe import find

    monkeypatch.setattr(find, "PAGE", 2)
    orders = [await paid(fake) for _ in range(5)]
    await request_capture(orders[0].id, 1000)
    await work(orders[0].id)
    await refund(orders[0].id, 300, uuid4())
    await work(orders[0].id)
    await return_money(orders[1].id)
    await work(orders[1].id)
    gateway, charge = await charge_at(orders[2].id)
    await gateway.capture(charge, 1790)

    strangers = []
    for shop, origin in (("ours", settings().public_origin), ("another's", "http://shop.example")):
        await paid(fake)
        lost = next(
            reversed(fake.books.intents.values())
        )  # the same shop before its database was lost, and another one
        lost["metadata"] = lost["metadata"] | {"attempt_id": str(new_id(3)), "shop": origin}
        strangers.append((shop, lost["metadata"]["attempt_id"]))

    since = datetime.now(UTC) - timedelta(minutes=5)
    found = [each async for each in differences("stripe", gateway, since=since, grace=0)]
    ours = {each.attempt.id for each in orders if each.attempt}

    told = {str(each.attempt_id) for each in found}
    assert [shop for shop, attempt_id in strangers if attempt_id in told] == ["ours"]
    assert [each.words for each in found if each.attempt_id in ours] == [
        "It is authorised here and captured at the provider, which nobody here has asked for."
    ]
