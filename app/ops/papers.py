"""Invoices and credit notes that nobody has issued: found and made up for, over all shards."""

from __future__ import annotations

from collections.abc import Sequence

from app.orders import operations as orders
from app.orders import papers
from app.orders.papers import Missing


async def lacking() -> list[Missing]:
    """Orders without an invoice they should have, or with refunds that have no credit note; in the order of their ids."""
    return [each async for each in papers.missing()]


async def supply(found: Sequence[Missing]) -> list[str]:
    """Issues what is missing, one after the other; the numbers in that order."""
    return [number for each in found for number in await orders.issue_missing(each)]
