"""What an invoice says: of an order all that was charged, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.orders import rules
from app.orders.words import address_lines
from app.settings import settings
from app.values import now


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it was charged; `tax` is contained in `total`."""

    title: str
    variant_title: str
    sku: str
    quantity: int
    unit_price: int
    discount: int
    tax: int
    total: int
    personal_label: str = ""
    personal_text: str = ""


class InvoiceDiscount(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion took off, of goods and of delivery; `shipping` is not contained in the invoice's own."""

    title: str
    code: str
    amount: int
    shipping: int


class TaxLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was charged at one rate (basis points)."""

    rate: int
    net: int
    tax: int
    gross: int

    @property
    def percent(self) -> str:
        return f"{self.rate / 100:g} %"


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is frozen when an invoice is issued."""

    seller: str
    seller_lines: list[str]
    tax_number: str
    order_number: str
    placed_at: datetime
    buyer_lines: list[str]
    email: str
    lines: list[InvoiceLine]
    shipping_title: str
    shipping: int
    subtotal: int
    discount: int
    taxes: list[TaxLine]
    tax: int
    total: int
    currency: str
    discounts: list[InvoiceDiscount] = []


def body_of(row: Mapping[str, Any]) -> Body:
    """From an order's row and its lines: what was charged, and by whom."""
    seller = settings()
    sums = sums_of(row)
    return Body(
        seller=seller.seller_name or seller.shop_name,
        seller_lines=[part.strip() for part in seller.seller_address.split(",") if part.strip()],
        tax_number=seller.seller_tax_number,
        order_number=row["number"],
        placed_at=row["placed_at"] or now(),
        buyer_lines=address_lines(row["name"], row["address"]),
        taxes=[
            TaxLine(rate=row["tax_rate"], net=sums["total"] - sums["tax"], tax=sums["tax"], gross=sums["total"]),
        ],
        **{key: row[key] for key in ("email", "shipping_title", "shipping", "currency")},
        **sums,
    )


def sums_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Lines and sums of what was charged: units that were given up before are in none of them."""
    lines = [_charged(line) for line in row["lines"]]
    discount = sum(line.discount for line in lines)
    return {
        "lines": [line for line in lines if line.quantity],
        "subtotal": sum(line.unit_price * line.quantity for line in lines),
        "discount": discount,
        "discounts": _discounts(row, discount),
        "tax": row["tax"] - sum(line["tax"] for line in row["lines"]) + sum(line.tax for line in lines),
        "total": row["shipping"] + sum(line.total for line in lines),
    }


def _charged(line: Mapping[str, Any]) -> InvoiceLine:
    """A line without the units that were given up, whose shares of its total and its tax a refund would have given back."""
    before, all = line["uncharged"], line["quantity"]
    total, tax = (rules.part_of(line[key], all, before=before, units=all - before) for key in ("total", "tax"))
    discount = line["unit_price"] * (all - before) - total
    return msgspec.convert(
        {**line, "quantity": all - before, "total": total, "tax": tax, "discount": discount}, InvoiceLine
    )


def _discounts(row: Mapping[str, Any], left: int) -> list[InvoiceDiscount]:
    """What each promotion took off goods, of what is `left` in all of that."""
    found, before = [], 0
    for each in row["discounts"]:
        amount = each["amount"]
        share = rules.part_of(left, row["discount"], before=before, units=amount) if amount else 0
        found.append(msgspec.convert(each | {"amount": share}, InvoiceDiscount))
        before += amount
    return found
