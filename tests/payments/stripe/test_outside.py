"""What is done at Stripe itself: refunds in its dashboard, disputes, and amounts that it rounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import msgspec
import pytest

from app.ops.reconciling import reconcile
from app.orders import operations
from app.orders.exchanging import exchange
from app.orders.invoices import issue
from app.orders.shipping import Disputed
from app.payments.gateway import Captured, Failed, Redirect, Refunded
from app.payments.operations import CannotRefund
from app.values import now
from tests.orders.books import consequences_of, history_of, lines_of, pass_time, row_of
from tests.orders.test_shipping import ship
from tests.payments.money import attempt_of, notes_of, refund, refunds_of, request_capture, work
from tests.payments.stripe.walk import a_charge, a_gateway, paid
from tests.payments.stripe_fake import Fake

pytestmark = pytest.mark.usefixtures("databases")


async def captured(fake: Fake):
    """A paid order of 17.90, and its PaymentIntent."""
    state = await paid(fake)
    await request_capture(state.id, state.total)
    await work(state.id)
    return state, list(fake.books.intents)[-1]


async def told(fake: Fake, shop: httpx.AsyncClient, *, times: int = 2) -> list[int]:
    return [(await fake.deliver(shop, fake.books.events[-1])).status_code for _ in range(times)]


async def test_a_refund_made_in_the_dashboard_is_booked_once_with_its_papers(
    fake: Fake, shop: httpx.AsyncClient
) -> None:
    state, intent = await captured(fake)
    await issue(state.id)
    made = fake.books.refund_by_hand(intent, 500)

    answers = await told(fake, shop)

    assert answers == [200, 200]
    [found] = await refunds_of(state.id)
    assert (found.amount, found.status, found.reference) == (500, "done", made["id"])
    assert (await row_of(state.id))["payment_status"] == "partially_refunded"
    assert (await history_of(state.id)).count("refunded") == 1
    assert (await consequences_of(state.id)).count("SendRefunded") == 1
    assert await operations.issue_credit_note(state.id, found.id)


async def test_a_refund_made_in_the_dashboard_that_the_bank_returns_is_taken_back(
    fake: Fake, shop: httpx.AsyncClient
) -> None:
    state, intent = await captured(fake)
    made = fake.books.refund_by_hand(intent, 500)
    await told(fake, shop)
    fake.books.fail_refund(made["id"])

    await told(fake, shop)

    assert [each.status for each in await refunds_of(state.id)] == ["failed"]
    assert (await history_of(state.id)).count("refund_returned") == 1


async def test_a_refund_of_ours_is_none_of_the_dashboards(fake: Fake, shop: httpx.AsyncClient) -> None:
    state, _ = await captured(fake)
    await refund(state.id, 500, uuid4())
    await work(state.id)

    await told(fake, shop)
    await operations.look_outside(await attempt_of(state.id))

    assert [each.amount for each in await refunds_of(state.id)] == [500]


async def test_more_than_is_left_is_told_again_until_ours_has_failed(fake: Fake, shop: httpx.AsyncClient) -> None:
    state, intent = await captured(fake)
    await refund(state.id, 1790, uuid4())
    fake.books.refund_by_hand(intent, 1790)

    first = await told(fake, shop, times=1)
    await work(state.id)
    then = await told(fake, shop, times=1)

    assert (first, then) == ([503], [200])
    assert [each.status for each in await refunds_of(state.id)] == ["failed", "done"]


async def test_while_a_payment_is_disputed_nothing_is_sent_or_refunded_and_staff_read_why(
    fake: Fake, shop: httpx.AsyncClient
) -> None:
    state, intent = await captured(fake)
    [line] = await lines_of(state.id)
    dispute = fake.books.dispute(intent)

    answers = await told(fake, shop)
    with pytest.raises(Disputed):
        await ship(state.id, {line["id"]: 1})
    with pytest.raises(CannotRefund, match="disputes"):
        await refund(state.id, 100, uuid4())
    during = await attempt_of(state.id)
    fake.books.close_dispute(dispute["id"], "won")
    answers += await told(fake, shop)
    await ship(state.id, {line["id"]: 1})

    assert answers == [200] * 4
    assert (during.dispute, (await attempt_of(state.id)).dispute) == ("open", "won")
    assert await notes_of(state.id, "dispute_open") == ["17.90 GBP: product not received"]
    assert (await history_of(state.id)).count("dispute_won") == 1
    assert (await row_of(state.id))["status"] == "closed"


async def test_a_lost_dispute_keeps_what_was_not_sent_and_replaces_nothing(fake: Fake, shop: httpx.AsyncClient) -> None:
    state, intent = await captured(fake)
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 1})
    wish = await operations.request_return(state.id, {line["id"]: 1}, "Too blue", key=uuid4())
    await operations.approve(state.id, wish)
    await operations.receive(state.id, wish, restock=True)
    dispute = fake.books.dispute(intent)
    fake.books.close_dispute(dispute["id"], "lost")

    await told(fake, shop)

    assert (await attempt_of(state.id)).dispute == "lost"
    with pytest.raises(Disputed):
        await exchange(state.id, wish, carrier="", tracking="")


@pytest.mark.parametrize("path", ["/v1/payment_intents/*", "/v1/disputes"])
async def test_while_stripe_cannot_be_asked_it_is_asked_to_tell_again(
    fake: Fake, shop: httpx.AsyncClient, path: str
) -> None:
    state, intent = await captured(fake)
    fake.books.dispute(intent)
    fake.misbehave(path, "429")

    assert await told(fake, shop) == [503, 200]
    assert (await attempt_of(state.id)).dispute == "open"


async def test_what_is_about_nobodys_payment_is_taken_and_does_nothing(fake: Fake, shop: httpx.AsyncClient) -> None:
    _, intent = await captured(fake)
    event = {"id": "evt_9", "type": "charge.dispute.created"}
    fake.books.intents[intent]["metadata"] = {}

    for payment in (intent, "pi_of_nobody", None, {"id": intent}):
        about = {"object": "dispute", "id": "du_1", "payment_intent": payment}
        assert (await fake.deliver(shop, event | {"data": {"object": about}})).status_code == 200


@pytest.mark.slow
async def test_what_no_webhook_told_reconciliation_names_and_repairs(fake: Fake, own_database: None) -> None:
    refunded, one = await captured(fake)
    fake.books.refund_by_hand(one, 500)
    disputed, other = await captured(fake)
    fake.books.dispute(other)
    for state in (refunded, disputed):
        await pass_time(state.id, 120)
    since = datetime.now(UTC) - timedelta(hours=1)

    named = await reconcile(since, repair=False)
    after = await reconcile(since, repair=True, grace=0)

    assert {(each.order, each.repair) for each in named.differences} == {
        (refunded.number, "outside"), (disputed.number, "outside")
    }  # fmt: skip
    assert after.differences == [] and after.repaired == 2


@pytest.mark.parametrize(("currency", "total"), [("KWD", 1235), ("MGA", 123_450)])
async def test_in_a_currency_of_which_stripe_rounds_amounts_all_parts_go_back_and_the_books_agree(
    fake: Fake, currency: str, total: int
) -> None:
    stripe, charge = a_gateway(), a_charge(total, currency)
    began = await stripe.start(charge)
    assert isinstance(began, Redirect)
    fake.books.pay(began.reference, "ok")
    charge = msgspec.structs.replace(charge, reference=began.reference)
    taken, before = await stripe.capture(charge, total), 0

    for amount in (total // 3 + 1, total // 3 + 2, total - 2 * (total // 3) - 3):
        key, asked = uuid4(), msgspec.structs.replace(charge, before=before)
        made = await stripe.refund(asked, amount, key=key)
        assert isinstance(made, Refunded) and made.amount == amount
        assert await stripe.look_up_refund(charge, key=key) == made
        before += amount
        [booked] = [each async for each in stripe.list_since(now() - timedelta(hours=1))]
        assert abs(booked.refunded - before) < booked.unit

    assert taken == Captured(amount=total)
    [intent] = fake.books.intents.values()
    assert fake.books.charges[intent["latest_charge"]]["amount_refunded"] == intent["amount_received"]


async def test_what_is_less_than_stripe_moves_does_not_go_back(fake: Fake) -> None:
    stripe, charge = a_gateway(), a_charge(1235, "KWD")
    began = await stripe.start(charge)
    assert isinstance(began, Redirect)
    fake.books.pay(began.reference, "ok")
    await stripe.capture(charge, 1235)

    assert isinstance(await stripe.refund(charge, 4, key=uuid4()), Failed)


async def test_each_refund_knows_what_went_back_before_it(fake: Fake) -> None:
    state, _ = await captured(fake)
    for amount in (500, 300, 200):
        await refund(state.id, amount, uuid4())

    assert [each.before for each in await refunds_of(state.id)] == [0, 500, 800]
