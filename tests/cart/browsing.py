"""What a visitor does with a cart, and what that leaves in the database."""

from __future__ import annotations

import re

from app.accounts import queries as accounts
from app.db.engines import all_shards, reading
from app.values import read_bucket_mark
from app.web.visitor import token_hash

HTMX = {"HX-Request": "true"}


async def put_in(shop, product, quantity: object = 1, **more):
    return await shop.post(
        "/cart/lines", data={"variant_id": str(product.variant_id), "quantity": str(quantity)}, **more
    )


def line_ids(html: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'action="/cart/lines/([0-9a-f-]{36})"', html)))


async def rows() -> tuple[int, int, int]:
    """Shoppers, sessions and cart lines there are."""
    counts = []
    for shard in all_shards():
        async with reading(shard.first) as db:
            counts.append(
                [await db.fetchval(f"SELECT count(*) FROM {table}") for table in ("shopper", "session", "cart_line")]
            )
    return tuple(map(sum, zip(*counts, strict=True)))


async def shopper_of(shop):
    token = shop.cookies["sid_8080"]
    session = await accounts.session_of(token_hash(token), read_bucket_mark(token))
    return session.shopper_id
