from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from uuid import UUID

import msgspec


class Country(msgspec.Struct, frozen=True):
    """Where parcels go. `whose`: what is said before "postcode"; `postcode`: its shape as it may be typed, which is an HTML pattern, too."""

    code: str
    name: str
    whose: str
    postcode: str

    @property
    def wrong(self) -> str:
        """What is said of a postcode that has not this shape."""
        return f"This is not {self.whose} postcode."


# Shapes only. GB: BS 7666 in its short form, GIR 0AA aside; IE: Eircode.
COUNTRIES = (
    Country("GB", "United Kingdom", "a UK", r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ \-]*[0-9][A-Za-z]{2}"),
    Country("IE", "Ireland", "an Irish", r"[A-Za-z][0-9][0-9Ww][ \-]*[A-Za-z0-9]{4}"),
    Country("FR", "France", "a French", r"[0-9]{5}"),
    Country("DE", "Germany", "a German", r"[0-9]{5}"),
    Country("NL", "Netherlands", "a Dutch", r"[1-9][0-9]{3}[ \-]*[A-Za-z]{2}"),
    Country("BE", "Belgium", "a Belgian", r"[1-9][0-9]{3}"),
)
BY_CODE = {country.code: country for country in COUNTRIES}
SPACE_BEFORE_LAST = {"GB": 3, "IE": 4, "NL": 2}
# The HTML standard's pattern of a valid e-mail address, with a dot required in the domain.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
PHONE = r"[0-9+\(\) .\/\-]{5,40}"  # an HTML pattern, too
WRONG_EMAIL = "An e-mail address looks like name@example.org."
WRONG_PHONE = "A phone number has only digits, spaces and + ( ) . / -."
WHEN_TAKEN = {False: "before the first parcel is sent", True: "when you order"}


def country_name(code: str) -> str:
    """The country in words, or the code of one we do not know."""
    return BY_CODE[code].name if code in BY_CODE else code


def tidy_postcode(text: str, country: str) -> str | None:
    """The postcode as the post writes it, in upper case; or None when it has not the country's shape."""
    tight = re.sub(r"[\s-]", "", text).upper()
    if country not in BY_CODE or not re.fullmatch(BY_CODE[country].postcode, tight):
        return None
    last = SPACE_BEFORE_LAST.get(country)
    return f"{tight[:-last]} {tight[-last:]}" if last else tight


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A line as it was shown: enough to say later what is different. Prices in minor units."""

    variant_id: UUID
    title: str
    quantity: int
    unit_price: int
    personal_text: str = ""

    @property
    def of(self) -> tuple[UUID, str]:
        """What makes it a line of its own."""
        return self.variant_id, self.personal_text

    @property
    def name(self) -> str:
        """What a shopper calls it."""
        return f"{self.title}, “{self.personal_text}”" if self.personal_text else self.title


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """What a rendered review page promised. It travels through the browser under our signature."""

    checkout_id: UUID
    cart_id: UUID
    cart_version: int
    quote_hash: str
    expires: int
    lines: tuple[Told, ...]
    shipping_title: str
    shipping: int
    total: int
    recipient: str = ""  # orders.queries.recipient_hash
    off: tuple[tuple[str, int], ...] = ()  # promotions' titles, and what each takes off
    paid_at_once: bool = False


def write_ticket(ticket: Ticket, secret: str) -> str:
    """The ticket as text, signed as a whole."""
    body = base64.urlsafe_b64encode(msgspec.msgpack.encode(ticket)).decode()
    return f"{body}.{_signature(body, secret)}"


def read_ticket(text: str, secret: str) -> Ticket | None:
    """The ticket, or None for anything we did not sign."""
    body, _, signature = text.rpartition(".")
    if not hmac.compare_digest(_signature(body, secret).encode(), signature.encode()):
        return None
    return msgspec.msgpack.decode(base64.urlsafe_b64decode(body), type=Ticket)


def _signature(body: str, secret: str) -> str:
    return hmac.new(f"checkout:{secret}".encode(), body.encode(), hashlib.sha256).hexdigest()


def changes(old: Ticket, new: Ticket, money: Callable[[int], str]) -> list[str]:
    """What is different from what the old ticket promised, old and new, in words."""
    before, now = {line.of: line for line in old.lines}, {line.of: line for line in new.lines}
    told = [f"{line.name}: no longer in your cart." for id, line in before.items() if id not in now]
    told += [f"{line.name}: new in your cart." for id, line in now.items() if id not in before]
    for id, was in before.items():
        told += _line_changes(was, now[id], money) if id in now else []
    told += _discount_changes(dict(old.off), dict(new.off), money)
    if (old.shipping_title, old.shipping) != (new.shipping_title, new.shipping):
        told.append(
            f"Delivery: {old.shipping_title}, {money(old.shipping)} → {new.shipping_title}, {money(new.shipping)}."
        )
    if old.total != new.total:
        told.append(f"Total: {money(old.total)} → {money(new.total)}.")
    if old.total and new.total and old.paid_at_once != new.paid_at_once:
        told.append(f"When the money is taken: {WHEN_TAKEN[old.paid_at_once]} → {WHEN_TAKEN[new.paid_at_once]}.")
    return told


def _line_changes(was: Told, line: Told, money: Callable[[int], str]) -> list[str]:
    told = []
    if was.unit_price != line.unit_price:
        told.append(f"{line.name}: {money(was.unit_price)} → {money(line.unit_price)} each.")
    if was.quantity != line.quantity:
        told.append(f"{line.name}: {was.quantity} → {line.quantity} units.")
    return told


def _discount_changes(before: dict[str, int], now: dict[str, int], money: Callable[[int], str]) -> list[str]:
    """By title, what was off and what is."""
    titles = dict.fromkeys([*before, *now])
    changed = [title for title in titles if before.get(title, 0) != now.get(title, 0)]
    return [f"{title}: {money(before.get(title, 0))} off → {money(now.get(title, 0))} off." for title in changed]
