"""Invariant 12 of a chaos run: no order that nobody asked for, and one confirmation of each that came about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.parser import BytesHeaderParser
from pathlib import Path

from app.db.engines import all_shards, reading
from app.web.visitor import token_hash

TOKEN = re.compile(rb"^Cookie: [^=\r\n]+=([^;\r\n]+)", re.M)
CONFIRMS = re.compile(r"Your order (\w{8})$")
PLACED = "SELECT number FROM orders WHERE placed_at IS NOT NULL"
# Whose session it was that asked; who has none asked before there were any.
ASKED = "SELECT o.number, s.token_hash FROM orders o JOIN session s ON s.shopper_id = o.shopper_id"


async def broken(sent: Iterable[bytes], mails: Path) -> list[str]:
    """What of it is not true, as sentences. `sent`: every request to place an order; `mails`: the sink's folder."""
    asked = {token_hash(found[1].decode()) for request in sent if (found := TOKEN.search(request))}
    phantoms, wrong, confirmed = [], [], confirmations(mails)
    for shard in all_shards():
        async with reading(shard.first) as db:
            phantoms += [row["number"] for row in await db.fetch(ASKED) if bytes(row["token_hash"]) not in asked]
            wrong += [row["number"] for row in await db.fetch(PLACED) if len(confirmed.get(row["number"], ())) != 1]
    return [
        f"{words}: {len(numbers)}, e.g. {', '.join(sorted(numbers)[:5])}"
        for words, numbers in (
            ("no order that nobody asked for", phantoms),
            ("what is placed has one confirmation", wrong),
        )
        if numbers
    ]


def confirmations(mails: Path) -> dict[str, set[str]]:
    """The Message-IDs of the confirmations of each order: one that was sent again is the same mail."""
    found: dict[str, set[str]] = {}
    for path in mails.glob("*.eml"):
        with path.open("rb") as file:
            head = BytesHeaderParser().parse(file)
        told = CONFIRMS.match(str(head["Subject"] or ""))
        if told:
            found.setdefault(told[1], set()).add(str(head["Message-ID"]))
    return found
