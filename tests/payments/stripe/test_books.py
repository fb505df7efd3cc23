"""The fake says nothing that Stripe's own types do not know, and everything that we read is among them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.payments.stripe.walk import a_charge, a_gateway, paid
from tests.payments.stripe_fake import Fake

pytestmark = pytest.mark.usefixtures("databases")

READ = {
    stripe.checkout.Session: "id status url expires_at payment_intent client_reference_id",
    stripe.PaymentIntent: "id status amount amount_capturable amount_received currency metadata latest_charge cancellation_reason",
    stripe.Charge: "status amount_refunded disputed",
    stripe.Refund: "id status amount currency metadata failure_reason",
    stripe.Dispute: "status amount currency reason",
    stripe.ListObject: "data has_more",
    stripe.Event: "id type data",
}


@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.__name__)
def test_every_field_we_read_is_one_of_the_library(kind: Any) -> None:
    assert [name for name in READ[kind].split() if name not in kind.__annotations__] == []


def test_we_read_no_other_field() -> None:
    text = "".join(path.read_text() for path in Path("app/payments/stripe").glob("*.py"))
    known = {name for fields in READ.values() for name in fields.split()}

    for name in ("session", "intent", "refund", "made", "each", "page"):
        read = set(re.findall(rf"\b{name}\.([a-z_]+)\b(?!\()", text)) - {"keys", "last_response"}
        assert read - known <= set(), f"{name}: add {read - known} to READ"


async def test_every_row_of_the_fake_has_only_fields_of_its_type(fake: Fake) -> None:
    state = await paid(fake)
    assert state
    gateway = a_gateway()
    charge = a_charge()
    await gateway.start(charge)
    [intent] = fake.books.intents.values()
    fake.books.capture(intent["id"], {})
    fake.books.create_refund({"payment_intent": intent["id"], "amount": "5", "metadata": {}})
    books = fake.books
    books.dispute(intent["id"])
    rows = {
        stripe.checkout.Session: books.sessions,
        stripe.PaymentIntent: books.intents,
        stripe.Charge: books.charges,
        stripe.Refund: books.refunds,
        stripe.Dispute: books.disputes,
    }

    for kind, of in rows.items():
        for row in of.values():
            built = kind.construct_from(row, "key")
            assert set(row) - set(kind.__annotations__) - {"object"} == set()
            assert isinstance(built, kind)
            assert all(getattr(built, name, "") is not None or row[name] is None for name in row)


async def test_statuses_of_the_fake_are_those_of_the_types(fake: Fake) -> None:
    said = {"open", "complete", "expired"}
    annotation = str(stripe.checkout.Session.__annotations__["status"])
    intents = str(stripe.PaymentIntent.__annotations__["status"])

    assert all(status in annotation for status in said)
    assert all(
        status in intents
        for status in ("requires_capture", "requires_action", "requires_payment_method", "canceled", "succeeded")
    )
