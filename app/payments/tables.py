from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED


class PaymentAttempt(Table, tablename="payment_attempt", db=SHARDS):
    """One try to be paid. At most one per order is alive."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    number = Integer(help_text="1, 2, ... within the order")
    status = Varchar(
        length=20,
        help_text="created | sending | requires_action | authorised | declined | expired | unknown | captured | voided",
    )
    amount = BigInt()
    currency = Varchar(length=3)
    provider = Varchar(length=20)
    reference = Varchar(length=120, default="", help_text="the provider's name for it")
    redirect_url = Text(default="")
    until = Timestamptz(
        null=True, default=None, help_text="when the provider's page closes, or nobody waits for its answer any more"
    )
    sent_at = Timestamptz(null=True, default=None)
    begun_at = Timestamptz(
        null=True, default=None, help_text="when the provider was first asked: what is asked counts from it"
    )
    updated_at = Timestamptz()
    capturing = BigInt(default=0, help_text="what was asked to be captured, once")
    captured = BigInt(default=0)
    voiding = Boolean(default=False, help_text="an authorisation on its way back to the shopper")
    dispute = Varchar(length=10, default="", help_text="how the customer's own bank sees it: open | won | lost")
    frozen = Text(default="", help_text="why only a person may decide what happens next")


class Refund(Table, tablename="refund", db=SHARDS):
    """Money on its way back. In all never more than was captured; `key` makes opening one twice open it once."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    attempt_id = UUID(default=None)
    key = UUID(default=None, unique=True)
    amount = BigInt()
    before = BigInt(default=0, help_text="what of its attempt went back before it: a provider rounds both together")
    currency = Varchar(length=3)
    status = Varchar(length=10, help_text="created | sending | done | failed | unknown")
    reference = Varchar(length=120, default="", help_text="the provider's name for it")
    reason = Varchar(length=200, default="")
    error = Text(default="", help_text="why it failed, in the provider's words")
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    updated_at = Timestamptz()


class Decline(Table, tablename="decline", db=SHARDS):
    """A payment that was declined, counted for a while against who tried. The name is a fingerprint."""

    id = UUID(primary_key=True, default=None)
    bucket = Integer()
    name = Varchar(length=64, index=True)
    at = Timestamptz()


class TestPayment(Table, tablename="test_payment", db=SHARED):
    """The test provider's own books: what it would know if it were somebody else."""

    id = UUID(primary_key=True, default=None)
    attempt_id = UUID(default=None, unique=True)
    amount = BigInt()
    currency = Varchar(length=3)
    return_url = Text()
    state = Varchar(length=20, default="open", help_text="open | authorised | declined | voided | captured")
    events = JSONB(default="[]")
    created_at = Timestamptz()
