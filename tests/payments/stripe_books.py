"""Stripe's side of the table, as far as the shop can see it: sessions, payments, refunds, events, idempotency keys."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import Any

from stripe.params import PaymentIntentCancelParams, PaymentIntentCaptureParams, RefundCreateParams
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsLineItemPriceData,
    SessionCreateParamsPaymentIntentData,
    SessionExpireParams,
)

Row = dict[str, Any]
SHORTEST, LONGEST = 1800, 86400


class Refuse(Exception):
    """A 4xx in Stripe's shape."""

    def __init__(self, code: str, status: int = 400, kind: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.status = status
        self.error = {"error": {"type": kind, "code": code, "message": f"refused: {code}", "param": None}}


class Books:
    """What one account has. Amounts are integers in Stripe's units."""

    def __init__(self) -> None:
        self.sessions: dict[str, Row] = {}
        self.begun_with: dict[str, Row] = {}
        self.intents: dict[str, Row] = {}
        self.charges: dict[str, Row] = {}
        self.refunds: dict[str, Row] = {}
        self.disputes: dict[str, Row] = {}
        self.events: list[Row] = []
        self.refund_status = "succeeded"
        self.begins: Refuse | None = None  # what every new session is refused with
        self.page = "http://pay.example"
        self._account = secrets.token_hex(4)  # names are nobody else's: the shop's inbox remembers every event
        self._count = itertools.count(1)

    def create_session(self, told: Row) -> Row:
        _known(told, SessionCreateParams)
        _known(told["payment_intent_data"], SessionCreateParamsPaymentIntentData)
        _known(told["line_items"]["0"], SessionCreateParamsLineItem)
        _known(told["line_items"]["0"]["price_data"], SessionCreateParamsLineItemPriceData)
        if self.begins:
            raise self.begins
        now, expires = int(time.time()), int(told["expires_at"])
        if not now + SHORTEST <= expires <= now + LONGEST:
            raise Refuse("expires_at_out_of_range")
        price = told["line_items"]["0"]["price_data"]
        amount = int(price["unit_amount"]) * int(told["line_items"]["0"]["quantity"])
        if amount < 30:
            raise Refuse("amount_too_small")
        id = self._id("cs_test")
        self.sessions[id] = {
            "id": id, "object": "checkout.session", "status": "open", "payment_status": "unpaid", "mode": told["mode"],
            "url": f"{self.page}/c/pay/{id}", "amount_total": amount, "currency": price["currency"], "created": now,
            "expires_at": expires, "client_reference_id": told["client_reference_id"], "metadata": told["metadata"],
            "payment_intent": None, "success_url": told["success_url"], "cancel_url": told["cancel_url"], "livemode": False,
        }  # fmt: skip
        self.begun_with[id] = told["payment_intent_data"]
        return self.sessions[id]

    def expire_session(self, id: str, told: Row) -> Row:
        _known(told, SessionExpireParams)
        session = self.session(id)
        if session["status"] != "open":
            raise Refuse("session_not_open")
        session.update(status="expired", url=None)
        self.tell("checkout.session.expired", session)
        return session

    def session(self, id: str) -> Row:
        session = self.found(self.sessions, id)
        if session["status"] == "open" and session["expires_at"] <= time.time():
            session.update(status="expired", url=None)
        return session

    def pay(self, id: str, card: str) -> Row:
        """The shopper on the hosted page. `card`: ok | declined | asks (for more) | confirmed | refused (afterwards)."""
        session = self.session(id)
        if session["status"] != "open":
            raise Refuse("session_not_open")
        intent = self._intent_of(session)
        if card in ("declined", "refused"):
            intent.update(status="requires_payment_method", last_payment_error={"code": "card_declined"})
            self.tell("payment_intent.payment_failed", intent)
        elif card == "asks":
            intent.update(status="requires_action")
            self.tell("payment_intent.requires_action", intent)
        else:
            self._authorise(session, intent)
        return session

    def _authorise(self, session: Row, intent: Row) -> None:
        charge = {
            "id": self._id("ch"), "object": "charge", "status": "succeeded", "amount": intent["amount"], "captured": False,
            "amount_refunded": 0, "disputed": False, "currency": intent["currency"], "metadata": intent["metadata"], "payment_intent": intent["id"],
        }  # fmt: skip
        self.charges[charge["id"]] = charge
        intent.update(status="requires_capture", amount_capturable=intent["amount"], latest_charge=charge["id"])
        session.update(status="complete", url=None)
        self.tell("payment_intent.amount_capturable_updated", intent)
        self.tell("checkout.session.completed", session)

    def _intent_of(self, session: Row) -> Row:
        if session["payment_intent"] is None:
            told = self.begun_with[session["id"]]
            id = self._id("pi")
            self.intents[id] = {
                "id": id, "object": "payment_intent", "status": "requires_payment_method", "amount": session["amount_total"],
                "amount_capturable": 0, "amount_received": 0, "currency": session["currency"], "created": session["created"],
                "capture_method": told["capture_method"], "metadata": told["metadata"], "latest_charge": None,
                "cancellation_reason": None, "last_payment_error": None, "livemode": False,
            }  # fmt: skip
            session["payment_intent"] = id
        return self.intents[session["payment_intent"]]

    def capture(self, id: str, told: Row) -> Row:
        _known(told, PaymentIntentCaptureParams)
        intent = self.found(self.intents, id)
        amount = int(told.get("amount_to_capture", intent["amount"]))
        if intent["status"] != "requires_capture":
            raise Refuse("payment_intent_unexpected_state")
        if not 0 < amount <= intent["amount_capturable"]:
            raise Refuse("amount_too_large")
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        self.charges[intent["latest_charge"]]["captured"] = True
        self.tell("payment_intent.succeeded", intent)
        return intent

    def cancel(self, id: str, told: Row, reason: str = "requested_by_customer") -> Row:
        _known(told, PaymentIntentCancelParams)
        intent = self.found(self.intents, id)
        if intent["status"] in ("succeeded", "canceled"):
            raise Refuse("payment_intent_unexpected_state")
        intent.update(status="canceled", amount_capturable=0, cancellation_reason=reason)
        self.tell("payment_intent.canceled", intent)
        return intent

    def create_refund(self, told: Row) -> Row:
        _known(told, RefundCreateParams)
        intent = self.found(self.intents, told["payment_intent"])
        charge, amount = self.charges[intent["latest_charge"]], int(told["amount"])
        if not 0 < amount <= intent["amount_received"] - charge["amount_refunded"]:
            raise Refuse("charge_already_refunded" if charge["amount_refunded"] else "amount_too_large")
        charge["amount_refunded"] += amount
        id = self._id("re")
        self.refunds[id] = {
            "id": id, "object": "refund", "status": self.refund_status, "amount": amount, "currency": intent["currency"],
            "payment_intent": intent["id"], "metadata": told["metadata"], "created": int(time.time()),
            "failure_reason": "expired_or_canceled_card" if self.refund_status == "failed" else None, "charge": charge["id"],
        }  # fmt: skip
        self.tell("refund.created", self.refunds[id])
        return self.refunds[id]

    def refund_by_hand(self, intent_id: str, amount: int) -> Row:
        """Somebody gives money back in the dashboard."""
        return self.create_refund({"payment_intent": intent_id, "amount": amount, "metadata": {}})

    def dispute(self, intent_id: str, reason: str = "product_not_received") -> Row:
        """The customer asks their bank for the money."""
        intent = self.found(self.intents, intent_id)
        charge = self.charges[intent["latest_charge"]]
        charge["disputed"] = True
        id = self._id("du")
        self.disputes[id] = {
            "id": id, "object": "dispute", "status": "needs_response", "reason": reason, "amount": intent["amount_received"],
            "currency": intent["currency"], "charge": charge["id"], "payment_intent": intent_id, "metadata": {},
            "created": int(time.time()), "is_charge_refundable": False, "balance_transactions": [], "livemode": False,
        }  # fmt: skip
        self.tell("charge.dispute.created", self.disputes[id])
        return self.disputes[id]

    def close_dispute(self, id: str, status: str) -> None:
        """The bank has decided: won | lost."""
        self.disputes[id].update(status=status)
        self.tell("charge.dispute.closed", self.disputes[id])

    def fail_refund(self, id: str) -> None:
        """The bank sends it back, perhaps days later."""
        refund = self.refunds[id]
        refund.update(status="failed", failure_reason="lost_or_stolen_card")
        self.charges[refund["charge"]]["amount_refunded"] -= refund["amount"]
        self.tell("refund.failed", refund)

    def tell(self, kind: str, row: Row) -> None:
        event = {
            "id": self._id("evt"),
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": dict(row)},
        }
        self.events.append(event)

    def expanded(self, row: Row, paths: list[str]) -> Row:
        """A copy of a row with what was asked to be expanded."""
        shown, of = dict(row), {"payment_intent": self.intents, "latest_charge": self.charges}
        for path in paths:
            name = path.removeprefix("data.")
            if isinstance(shown.get(name), str):
                shown[name] = dict(of[name][shown[name]])
        return shown

    def found(self, rows: dict[str, Row], id: str) -> Row:
        if id not in rows:
            raise Refuse("resource_missing", 404)
        return rows[id]

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{self._account}{next(self._count):06d}"


def _known(told: Row, params: Any) -> None:
    """Stripe refuses parameters that it does not know; which ones it does, its library's types say."""
    unknown = set(told) - set(params.__annotations__)
    if unknown:
        raise Refuse(f"parameter_unknown: {', '.join(sorted(unknown))}")
