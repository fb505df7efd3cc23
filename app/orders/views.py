"""What pages and mails show of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from app.catalog.queries import Picture, picture_of
from app.orders import rules, words
from app.orders.papers import Papers
from app.orders.parcels import Parcel
from app.orders.returned import Return, Returnable
from app.orders.words import address_lines
from app.promotions.queries import Discount
from app.settings import settings


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums under a list of lines."""

    subtotal: int
    shipping: int | None
    discount: int
    tax: int
    tax_rate: int
    total: int
    currency: str
    discounts: Sequence[Discount] = ()


class OrderLineView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    variant_title: str
    personal_label: str = ""
    personal_text: str = ""
    promise: str
    url: str
    picture: Picture
    quantity: int
    unit_price: int
    line_total: int
    cancelled: int = 0
    review_slug: str = ""


class Arrives(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when it was said to arrive, when it was ordered."""

    first: date
    last: date


class OrderStep(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    words: str


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """An order's page. `refresh`: something is under way, the page asks again; `can_retry`: the shopper can (go on to) pay.

    `uncharged`: what of the total was never taken, for units that can't be sent. `typed`, `errors`, `key`: of the form of a return. `open_url`: in a mail, the path that opens it in any browser.
    `earlier`: the number of the order that keeps this one from coming about.
    """

    number: str
    status: str
    payment_status: str
    headline: str
    explanation: str
    email: str
    lines: list[OrderLineView]
    totals: Totals
    uncharged: int = 0
    address_lines: list[str]
    shipping_title: str
    note: str
    events: list[OrderStep]
    parcels: list[Parcel]
    returns: list[Return] = []
    returnable: list[Returnable] = []
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    key: UUID = msgspec.field(default_factory=uuid4)
    can_retry: bool
    can_cancel: bool
    pay_words: str
    refresh: bool
    currency: str
    placed_at: datetime | None
    arrives: Arrives | None
    open_url: str = ""
    may_join: bool = False
    papers: Papers = Papers()
    earlier: str = ""


def order_view(row: Mapping[str, Any], parcels: list[Parcel]) -> OrderView:
    """The page of an order, from queries.SHOWN."""
    partly = any(line["cancelled"] for line in row["lines"])
    told = words.told(row["status"], row["reason"], row["attempt"], partly=partly, waits=row["tries"] > 0)
    waits = row["status"] == "awaiting_payment"
    return OrderView(
        number=row["number"],
        status=row["status"],
        payment_status=row["payment_status"],
        headline=told.headline,
        explanation=told.explanation,
        email=row["email"],
        lines=[_line_view(line) for line in row["lines"]],
        totals=_totals(row),
        uncharged=sum(
            rules.part_of(line["line_total"], line["quantity"], before=0, units=line["uncharged"])
            for line in row["lines"]
        ),
        address_lines=address_lines(row["name"], row["address"]),
        shipping_title=row["shipping_title"],
        note=row["note"],
        events=[
            OrderStep(at=datetime.fromisoformat(event["at"]), words=words.of_event(event["kind"], event["note"]))
            for event in row["events"] or ()
            if event["kind"] not in words.FOR_STAFF
        ],
        parcels=parcels,
        can_cancel=_can_cancel(row),
        can_retry=waits and row["attempt"] in ("requires_action", "declined", "expired"),
        pay_words="Go on to the payment page" if row["attempt"] == "requires_action" else "Try paying again",
        refresh=row["status"] == "placing" or (waits and row["attempt"] in ("created", "sending", "unknown")),
        currency=row["currency"],
        placed_at=row["placed_at"],
        arrives=Arrives(first=row["arrives_first"], last=row["arrives_last"]) if row["arrives_first"] else None,
    )


def _totals(row: Mapping[str, Any]) -> Totals:
    sums = {key: row[key] for key in Totals.__struct_fields__}
    return Totals(**sums | {"discounts": [msgspec.convert(each, Discount) for each in row["discounts"]]})


def _can_cancel(row: Mapping[str, Any]) -> bool:
    """Whether the shopper can undo the order themselves."""
    if row["status"] == "placing":
        return row["tries"] > 0 and not row["reason"]
    soon = row["status"] == "placed" and row["placed_for"] < settings().cancel_seconds
    return soon and not any(line["shipped"] for line in row["lines"])


def _line_view(line: Mapping[str, Any]) -> OrderLineView:
    hash = line["picture_hash"]
    return OrderLineView(
        title=line["title"],
        variant_title=line["variant_title"],
        personal_label=line["personal_label"],
        personal_text=line["personal_text"],
        promise=line["promise"],
        url=line["url"],
        picture=picture_of({"hash": hash, "alt": line["title"], "width": 800, "height": 1000} if hash else None),
        quantity=line["quantity"],
        unit_price=line["unit_price"],
        line_total=line["line_total"],
        cancelled=line["cancelled"],
        review_slug=_slug_of(line["url"]) if line["shipped"] else "",
    )


def _slug_of(url: str) -> str:
    """The product's part of its address, as /p/pell-mug?o_glaze=moss."""
    return url.partition("?")[0].removeprefix("/p/") if url.startswith("/p/") else ""
