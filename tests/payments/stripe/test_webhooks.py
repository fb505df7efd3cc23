from __future__ import annotations

import asyncio
import json
import time
from unittest import mock
from uuid import UUID

import httpx
import pytest

from app.db.engines import Busy, reading
from app.orders import drive as driver
from app.payments.operations import read_message
from app.values import new_id
from tests.checkout.walk import another_browser
from tests.knobs import knobs
from tests.makers import unique
from tests.orders.books import attempts_of, consequences_of, history_of, row_of
from tests.payments.money import attempt_of, refund, refunds_of, request_capture, work
from tests.payments.stripe.walk import at_the_page, paid
from tests.payments.stripe_fake import SECRET, Fake

pytestmark = pytest.mark.usefixtures("databases")


async def test_the_webhook_alone_places_the_order(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "ok")

    async with another_browser() as stripe:
        stripe.headers["Sec-Fetch-Site"] = "cross-site"
        answers = [await fake.deliver(stripe, event) for event in fake.books.events]

    assert {answer.status_code for answer in answers} == {200}
    assert (await row_of(state.id))["status"] == "placed"


async def test_an_authorisation_that_stripe_lets_go_of_freezes_its_order(fake: Fake) -> None:
    state = await paid(fake)
    [intent] = fake.books.intents
    fake.books.cancel(intent, {}, reason="automatic")

    async with another_browser() as stripe:
        answer = await fake.deliver(stripe, fake.books.events[-1])

    assert (fake.books.events[-1]["type"], answer.status_code) == ("payment_intent.canceled", 200)
    assert (await attempt_of(state.id)).frozen
    assert (await history_of(state.id))[-1] == "payment_frozen"


async def test_duplicated_reordered_and_late_webhooks_settle_once(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "declined")
    fake.books.pay(attempt.reference, "ok")
    events = fake.books.events

    async with another_browser() as stripe:
        await asyncio.gather(*(fake.deliver(stripe, event) for event in events[::-1] * 3))
        await request_capture(state.id, state.total)
        await work(state.id)
        await asyncio.gather(*(fake.deliver(stripe, event) for event in events))

    assert (await history_of(state.id)).count("placed") == 1
    assert (await consequences_of(state.id)).count("SendConfirmation") == 1
    assert await attempts_of(state.id) == ["captured"]


async def test_a_webhook_that_comes_before_the_response_is_believed_no_more_and_no_less(fake: Fake) -> None:
    fake.misbehave("/v1/checkout/sessions", "lost")
    state, _ = await at_the_page()
    [id] = fake.books.sessions
    fake.books.pay(id, "ok")

    async with another_browser() as stripe:
        await fake.deliver(stripe, fake.books.events[-1])

    assert (await row_of(state.id))["status"] == "placed"


async def test_a_claim_that_the_books_do_not_confirm_changes_nothing(fake: Fake) -> None:
    state, attempt = await at_the_page()
    lie = {
        "id": "evt_x",
        "type": "checkout.session.completed",
        "data": {"object": {"client_reference_id": str(attempt.id)}},
    }

    async with another_browser() as stripe:
        answer = await fake.deliver(stripe, lie)

    assert answer.status_code == 200
    assert await attempts_of(state.id) == ["requires_action"]


async def test_while_the_books_cannot_be_read_stripe_is_asked_to_tell_again(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "ok")
    fake.misbehave("/v1/checkout/sessions/*", "429")

    async with another_browser() as stripe:
        answers = [await fake.deliver(stripe, fake.books.events[-1]) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 200]
    assert (await row_of(state.id))["status"] == "placed"


async def test_forged_old_and_changed_webhooks_are_refused(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "ok")
    event, now = fake.books.events[-1], time.time()
    body, good = fake.signed(event)
    tries = [
        (body, {}),
        (body, {"stripe-signature": "t=1,v1=00"}),
        (body, {"stripe-signature": good["stripe-signature"].replace("v1=", "v0=")}),
        (body, {"stripe-signature": f"t={int(now) + 7},{good['stripe-signature'].partition(',')[2]}"}),
        (body + b" ", good),
        (b"\xff" + body, good),
        fake.signed(event, at=now - 400),
        fake.signed(event, at=now + 400),
        fake.signed(event, secret="whsec_of_somebody_else"),
        fake.signed({"id": 1}),
    ]

    async with another_browser() as stranger:
        answers = [
            await stranger.post("/webhooks/stripe", content=content, headers=headers) for content, headers in tries
        ]

    assert {answer.status_code for answer in answers} == {400}
    assert await attempts_of(state.id) == ["requires_action"]


async def test_while_a_secret_is_replaced_both_are_good(fake: Fake) -> None:
    event = {"id": "evt", "type": "x", "data": {"object": {"metadata": {"attempt_id": str(new_id(1))}}}}

    with knobs(stripe_webhook_secret=f"whsec_of_tomorrow {SECRET}"):
        from app.payments.providers import PROVIDERS

        PROVIDERS.pop("stripe", None)
        heard = [
            read_message("stripe", headers, body)
            for body, headers in (fake.signed(event), fake.signed(event, secret="whsec_of_tomorrow"))
        ]
        PROVIDERS.pop("stripe", None)

    assert None not in heard


@pytest.mark.parametrize(
    "about",
    [{"object": "payout", "id": "po_1"}, {"object": "charge", "metadata": {"attempt_id": "x"}},
     {"object": "charge", "metadata": {"attempt_id": str(new_id(3))}}],
)  # fmt: skip
async def test_messages_about_what_is_not_ours_are_taken_and_do_nothing(
    fake: Fake, shop: httpx.AsyncClient, about: dict[str, object]
) -> None:
    event = {"id": "evt_1", "type": "some.thing", "data": {"object": about}}

    assert (await fake.deliver(shop, event)).status_code == 200


async def test_a_huge_message_is_refused(fake: Fake, shop: httpx.AsyncClient) -> None:
    event = {"id": "evt", "type": "x", "data": {"object": {"metadata": {"note": "x" * 70_000}}}}

    assert (await fake.deliver(shop, event)).status_code in (400, 413)


async def test_a_refund_that_the_bank_sent_back_is_told_by_webhook(fake: Fake, shop: httpx.AsyncClient) -> None:
    state = await paid(fake)
    await request_capture(state.id, 1790)
    await work(state.id)
    await refund(state.id, 500, new_id(0))
    await work(state.id)
    [made] = fake.books.refunds
    fake.books.fail_refund(made)

    answers = [await fake.deliver(shop, fake.books.events[-1]) for _ in range(2)]
    await work(state.id)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [each.status for each in await refunds_of(state.id)] == ["failed"]
    assert (await history_of(state.id)).count("refund_returned") == 1


async def test_a_shop_without_a_key_takes_no_messages_from_stripe(shop: httpx.AsyncClient) -> None:
    answer = await shop.post("/webhooks/stripe", content=json.dumps({}))

    assert answer.status_code == 400


async def test_a_page_that_was_not_closed_the_first_time_is_closed_when_it_is_told_again(
    fake: Fake, shop: httpx.AsyncClient
) -> None:
    state, attempt = await at_the_page(email=f"{unique('eve')}@example.org")
    with knobs(limit_declines=1):
        fake.books.pay(attempt.reference, "declined")
        with mock.patch.object(driver, "give_up", side_effect=Busy):
            first = await fake.deliver(shop, fake.books.events[-1])
        again = await fake.deliver(shop, fake.books.events[-1])

    assert (first.status_code, again.status_code) == (503, 200)
    assert fake.books.sessions[attempt.reference]["status"] == "expired"
    assert (await row_of(state.id))["status"] == "cancelled"
    assert await declines_of(state.shopper_id) == 1


async def declines_of(shopper_id: UUID) -> int:
    async with reading(shopper_id) as db:
        return await db.fetchval("SELECT count(*) FROM decline WHERE name = $1", shopper_id.hex)


async def test_a_page_on_which_card_after_card_is_declined_is_closed(fake: Fake, shop: httpx.AsyncClient) -> None:
    state, attempt = await at_the_page(email=f"{unique('eve')}@example.org")
    with knobs(limit_declines=3):
        for _ in range(3):
            fake.books.pay(attempt.reference, "declined")
            for _ in range(2):
                await fake.deliver(shop, fake.books.events[-1])

    assert fake.books.sessions[attempt.reference]["status"] == "expired"
    assert (await row_of(state.id))["status"] == "cancelled"
