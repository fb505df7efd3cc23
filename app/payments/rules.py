from __future__ import annotations

import hashlib
import hmac

from app.payments.gateway import Answer, Authorised, Closed, Declined, Failed, Redirect, Refunded, Returned
from app.payments.minor import in_words

# DESIGN 8. An attempt that is over stays over; late news of it is looked at by a person, never acted on twice.
NEXT: dict[str, frozenset[str]] = {
    "created": frozenset({"sending", "expired"}),
    "sending": frozenset({"requires_action", "authorised", "declined", "unknown", "expired"}),
    "requires_action": frozenset({"authorised", "declined", "unknown", "expired"}),
    "unknown": frozenset({"sending", "requires_action", "authorised", "declined", "expired"}),
    "authorised": frozenset({"captured", "voided"}),
}
OVER = frozenset({"declined", "expired"})  # news of a success now is news of money to give back
LIVE = frozenset(NEXT) | {"captured"}
NEXT_REFUND: dict[str, frozenset[str]] = {
    "created": frozenset({"failed"}),  # the capture it waited for took nothing
    "sending": frozenset({"done", "failed", "unknown"}),
    "unknown": frozenset({"done", "failed"}),
    "done": frozenset({"failed"}),  # a bank may send it back days later
    "failed": frozenset({"done"}),  # what the books say is what happened, whatever was believed before
}
WEBHOOK_AGE = 300  # seconds a signed webhook is good for, both ways


def status_after(answer: Answer, amount: int, currency: str) -> str:
    """The attempt's status when the provider says `answer` about a charge of `amount`.

    Money of another amount than asked for is nothing we understand: unknown, until somebody looks.
    """
    if isinstance(answer, Authorised):
        return "authorised" if (answer.amount, answer.currency) == (amount, currency) else "unknown"
    return {Declined: "declined", Failed: "declined", Redirect: "requires_action", Closed: "expired"}.get(
        type(answer), "unknown"
    )


def is_news(before: str, after: str, *, wrong: bool, frozen: bool) -> bool:
    """Whether an attempt moves. `wrong`: other money than asked for was booked; `frozen`: it was before.

    One frozen before it was paid goes on when the books agree with us again or say that there is nothing; every other word
    is no news. One frozen since is not moved by what the books say: of a placed order a person decides.
    """
    if frozen:
        return not wrong and after in NEXT.get(before, ()) and after in ("authorised", "declined", "expired")
    return after in NEXT.get(before, ()) or (wrong and before == "unknown")


def refund_after(answer: Returned, amount: int) -> str:
    """The refund's status when the provider says `answer` about giving back `amount`."""
    if isinstance(answer, Refunded):
        return "done" if answer.amount == amount else "unknown"
    return "failed" if isinstance(answer, Failed) else "unknown"


def mismatch(answer: Answer, amount: int, currency: str) -> str:
    """How the money that was booked differs from what was asked for, for a person to read; empty when it does not."""
    if not isinstance(answer, Authorised) or (answer.amount, answer.currency) == (amount, currency):
        return ""
    return f"{in_words(amount, currency)} was asked for, {in_words(answer.amount, answer.currency)} was booked."


def sign(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 of time and raw body, as hex: a signature that can't be moved to another time or text."""
    return hmac.new(f"webhook:{secret}".encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def genuine(secret: str, stamp: str, body: bytes, signature: str, *, at: float) -> bool:
    """Whether `signature` is ours and its time within WEBHOOK_AGE of `at` (Unix seconds)."""
    fresh = stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and abs(at - int(stamp)) <= WEBHOOK_AGE
    return fresh and hmac.compare_digest(sign(secret, stamp, body).encode(), signature.encode())


def is_card_number(text: str) -> bool:
    """Whether the digits pass the check of ISO/IEC 7812-1 (Luhn): 12 to 19 of them, spaces aside."""
    digits = text.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
