"""A browser that has signed in to an account before shows it with a cookie of ours, so that its tries are counted apart.

Otherwise strangers who type an address, wrongly and often, keep its owner out (OWASP, "Device cookies"). The cookie opens nothing:
it is a number of the browser's own, signed together with the address, which it does not hold.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from app.accounts.rules import normalised
from app.web.visitor import KNOWN_LASTS


def mark_of(email: str, secret: str, at: int) -> str:
    """A mark for a browser that has just signed in to the account of this address, at `at` (seconds)."""
    said = f"{at}.{secrets.token_hex(12)}"
    return f"{said}.{_signature(said, email, secret)}"


def device_of(mark: str, email: str, secret: str, at: int) -> str:
    """The browser's number, if the mark is ours, of this address, and not too old; else an empty string."""
    said, _, signature = mark.rpartition(".")
    if not hmac.compare_digest(_signature(said, email, secret).encode(), signature.encode()):
        return ""
    since, _, number = said.partition(".")
    return number if at - int(since) < KNOWN_LASTS else ""


def _signature(said: str, email: str, secret: str) -> str:
    text = f"{said}:{normalised(email)}"
    return hmac.new(f"known-browser:{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
