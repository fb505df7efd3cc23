"""Stripe's webhooks: signed over the raw body and its time; what they claim is looked up, never believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import stripe

from app.payments import rules
from app.payments.gateway import Message
from app.payments.stripe.books import uuid_in

SIGNATURE = "stripe-signature"
STAMP = re.compile(r"(?:^|,)t=(\d{1,11})(?:,|$)", re.ASCII)


class _Object(msgspec.Struct):
    object: str = ""
    id: str = ""
    metadata: dict[str, Any] | None = None
    client_reference_id: str | None = None
    payment_intent: Any = None


class _Data(msgspec.Struct):
    object: _Object


class _Event(msgspec.Struct):
    id: str
    type: str
    data: _Data


def message_of(headers: Mapping[str, str], body: bytes, *, secrets: Iterable[str], at: float) -> Message | None:
    """The message, when one of the secrets signed this very body within five minutes of `at`; None for anything else.

    Several secrets hold while one is being replaced by the next.
    """
    signature = headers.get(SIGNATURE, "")
    stamp = STAMP.search(signature)
    if stamp is None or abs(at - int(stamp[1])) > rules.WEBHOOK_AGE:
        return None
    if not any(_signed(body, signature, secret) for secret in secrets):
        return None
    try:
        event = msgspec.json.decode(body, type=_Event)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    about = event.data.object
    told = about.metadata or {}
    refund_id = _id(told.get("refund_id")) if about.object == "refund" else None
    outside = about.object == "dispute" or (about.object == "refund" and refund_id is None)
    return Message(
        id=event.id[:120],
        attempt_id=_id(about.client_reference_id) or _id(told.get("attempt_id")),
        refund_id=refund_id,
        reference=about.payment_intent if outside and isinstance(about.payment_intent, str) else "",
        outside=outside,
        declined=event.type == "payment_intent.payment_failed",
    )


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret)
    except (stripe.SignatureVerificationError, ValueError):  # a body that is not UTF-8 is a ValueError
        return False


def _id(text: object) -> UUID | None:
    return uuid_in(text) if isinstance(text, str) else None
