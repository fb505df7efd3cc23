from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid5

import msgspec
from babel.numbers import get_currency_precision, get_currency_symbol, get_decimal_symbol, get_group_symbol

STATUSES = ("draft", "published", "archived")
ORDER_STATUSES = ("placing", "awaiting_payment", "placed", "closed", "rejected", "cancelled")
REASONS = ("received", "adjusted", "returned")  # why staff change what is on hand; sales book themselves

MOST = 99_999_999  # minor units a price may have
LONGEST_SEARCH = 100  # characters
LONGEST = 30  # characters of a typed number that are looked at
MOST_UNITS = 100_000  # units one adjustment may move
SPACES = re.compile(r"[\s\u00a0\u202f'’]")
DELTA = re.compile(r"([+-]?)([0-9]{1,9})")
CURSOR = re.compile(r"([0-9]{1,17})-([0-9a-f-]{36})")


class Unreadable(ValueError):
    """What was typed is no such thing; the message says why, for the person who typed it."""


def price_of(text: str, currency: str, locale: str) -> int:
    """Minor units from a price as people type it: "14", "£14.00", "1,400.5". Raises Unreadable.

    The other decimal mark is taken where it can't mean thousands: "14,50" in English.
    """
    bare = SPACES.sub("", text[:LONGEST].replace(get_currency_symbol(currency, locale), "").replace(currency, ""))
    places = get_currency_precision(currency)
    whole, part = _halves(bare, places, locale)
    if not whole.isascii() or not (whole + part).isdecimal() or not (whole + part).isascii():
        raise Unreadable(f"Type a price such as {shown_price(1400, currency, locale)}.")
    if len(part) > places:
        raise Unreadable(f"A price in {currency} has at most {places} decimals.")
    amount = int(whole + part.ljust(places, "0"))
    if not 0 < amount <= MOST:
        raise Unreadable(
            f"A price lies between {shown_price(1, currency, locale)} and {shown_price(MOST, currency, locale)}."
        )
    return amount


def _halves(text: str, places: int, locale: str) -> tuple[str, str]:
    """What stands before and behind the decimal mark, without marks between thousands."""
    point, group = get_decimal_symbol(locale), get_group_symbol(locale)
    if group not in ".,":  # a space in many languages; people then type either mark
        group = "," if point == "." else "."
    if point not in text and re.fullmatch(rf"[0-9]+{re.escape(group)}[0-9]{{1,2}}", text) and places <= 2:
        point, group = group, point
    whole, _, part = text.partition(point)
    if group in whole and not re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole):
        return "?", part
    return whole.replace(group, "") or "0" * bool(part), part


def shown_price(amount: int, currency: str, locale: str) -> str:
    """Minor units as a field shows them: 1400 -> 14.00. `price_of` reads it back."""
    places = get_currency_precision(currency)
    digits = str(amount).rjust(places + 1, "0")
    return f"{digits[:-places]}{get_decimal_symbol(locale)}{digits[-places:]}" if places else digits


def delta_of(text: str) -> int:
    """Units to add (or, negative, to take away) from "5", "+5" or "-5". Raises Unreadable."""
    found = DELTA.fullmatch(SPACES.sub("", text).replace("−", "-"))
    if not found:
        raise Unreadable("Type a whole number such as 12 or -3.")
    delta = int(found[1] + found[2])
    if not 0 < abs(delta) <= MOST_UNITS:
        raise Unreadable(f"Between 1 and {MOST_UNITS:,} units at a time, either way.")
    return delta


def key_of(text: str, delta: int, reason: str) -> UUID | None:
    """Under which key an adjustment happens once: the same form sent with another number is another adjustment.

    None for a form without a key.
    """
    try:
        return uuid5(UUID(text), f"{delta} {reason}")
    except ValueError:
        return None


def own_path(text: str) -> str:
    """The path, if it leads to a page of ours, else "/": a forged link must not lead elsewhere after signing in."""
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if plain and not text.startswith(("/sign-in", "/sign-out")) else "/"


def search_of(text: str, longest: int = LONGEST_SEARCH) -> str:
    """What is searched for, as PostgreSQL takes it: its text holds no NUL."""
    return text.replace("\x00", "").strip()[:longest]


def page_of(text: str) -> int:
    """A page number, from 1; 1 for anything else."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,5}", text) else 1


def moment_of(text: str) -> datetime | None:
    """The moment that `mark_of` wrote into an address, or None."""
    return datetime.fromtimestamp(int(text) / 1000, UTC) if re.fullmatch(r"[0-9]{1,13}", text) else None


def mark_of(moment: datetime) -> str:
    """A moment as whole milliseconds since 1970."""
    return str(int(moment.timestamp() * 1000))


def cursor_of(text: str) -> tuple[datetime, UUID] | None:
    """Where a list goes on, as `cursor` wrote it, or None."""
    found = CURSOR.fullmatch(text)
    try:
        return (datetime.fromtimestamp(int(found[1]) / 1_000_000, UTC), UUID(found[2])) if found else None
    except (ValueError, OverflowError, OSError):
        return None


def cursor(placed_at: datetime, order_id: UUID) -> str:
    """A place in the list of orders, to the microsecond."""
    return f"{round(placed_at.timestamp() * 1_000_000)}-{order_id}"


def like(text: str) -> str:
    """A LIKE pattern that finds `text` anywhere, with its own % and _ taken literally."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A field that somebody else saved meanwhile. `kept` is what the form holds now."""

    field: str
    before: str
    theirs: str
    kept: str


def merged(
    read: Mapping[str, str], typed: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str], list[Clash]]:
    """What a form should hold after somebody else saved: theirs where one typed nothing new, else what one typed.

    `read` is what the form showed at first. Returns that, and every field that others changed to something else than typed.
    """
    held = dict(typed)
    clashes = []
    for field, now in theirs.items():
        before = read.get(field, now)
        if field in typed and typed[field] == before:
            held[field] = now
        if now not in (before, typed.get(field)):
            clashes.append(Clash(field=field, before=before, theirs=now, kept=held.get(field, now)))
    return held, clashes
