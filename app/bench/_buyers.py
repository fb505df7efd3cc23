"""Buyers in front of the button: sessions, carts and addresses in bulk, and the signed promise each has been shown."""

from __future__ import annotations

import secrets
from collections import deque
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from app.accounts.operations import open_session
from app.cart import operations as cart
from app.catalog.queries import Sellable, sellables
from app.checkout import operations as checkout
from app.checkout import queries as desks
from app.checkout import rules
from app.checkout.queries import Desk
from app.db.engines import EVERYONE, all_shards, reading, writing
from app.inventory import operations as inventory
from app.settings import Settings
from app.values import Refusal, bucket_of, new_id, seconds
from app.web.visitor import LASTS, new_token, token_hash

GOODS = 40  # variants that buyers choose from
PLENTY = 500_000
PV = "bench"  # the private version of all their sessions, which their browsers know
ADDRESS = {"line1": "12 Long Lane", "line2": "", "city": "York", "country": "GB", "phone": "", "postcode": "YO1 7AA"}
ON_SALE = """
    SELECT v.id FROM variant v JOIN stock_band b ON b.variant_id = v.id WHERE v.policy = 'stock' AND b.band = 'in'
    ORDER BY v.id LIMIT $1
"""
PREPARE = """
    WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[], $5::uuid[], $6::uuid[],
            $7::bigint[], $8::uuid[], $9::text[], $10::text[])
            AS g(shopper, session, token, cart, line, variant, price, checkout, shipping, email)),
        shoppers AS (INSERT INTO shopper (id) SELECT shopper FROM given),
        sessions AS (INSERT INTO session (id, token_hash, shopper_id, pv, expires_at)
            SELECT session, token, shopper, $13, now() + $14::interval FROM given),
        carts AS (INSERT INTO cart (id, shopper_id) SELECT cart, shopper FROM given),
        lines AS (INSERT INTO cart_line (id, cart_id, shopper_id, variant_id, quantity, seen_price)
            SELECT line, cart, shopper, variant, 1, price FROM given)
    INSERT INTO checkout (id, shopper_id, cart_id, email, name, address, shipping_code)
    SELECT checkout, shopper, cart, email, $11, $12, shipping FROM given
"""


class Row(msgspec.Struct, frozen=True):
    """What one buyer is in the database; the order is that of PREPARE's arguments."""

    shopper: UUID
    session: UUID
    token: bytes
    cart: UUID
    line: UUID
    variant: UUID
    price: int
    checkout: UUID
    shipping: str
    email: str  # one's own: declined payments count by it


async def at_the_desk() -> list[Desk]:
    """Somebody who buys one of each of GOODS variants, of which there is plenty, has come to the last page."""
    async with reading(EVERYONE) as db:
        ids = [row["id"] for row in await db.fetch(ON_SALE, GOODS)]
    for id in ids:
        await inventory.count(id, PLENTY)
    offers = await sellables(ids)
    return [await desk_of(offer) for offer in offers.values() if offer.available]


async def desk_of(offer: Sellable) -> Desk:
    """The last page of somebody who has just put one of these in the cart and typed who they are."""
    shopper = (await open_session()).shopper_id
    await cart.add(shopper, offer, 1)
    await checkout.save_details(await _now(shopper), email="ada@shopper.example", name="Ada Lovelace", address=ADDRESS)
    desk = await _now(shopper)
    await checkout.choose_shipping(desk, desk.methods[0].code)
    return await _now(shopper)


async def _now(shopper: UUID) -> Desk:
    desk = await desks.desk(shopper)
    if desk is None:
        raise Refusal("The cart is empty: the benchmark needs the demo catalogue.")
    return desk


async def buyers(like: list[Desk], many: int, now: Settings) -> deque[bytes]:
    """Requests that place an order, one each of `many` new shoppers who stand where one of these desks does."""
    made: list[bytes] = []
    for shard in all_shards():
        here = [like[n % len(like)] for n in range(-(-many // len(all_shards())))]
        told = [_row(secrets.choice(shard.buckets), desk) for desk in here]
        rows = [msgspec.structs.astuple(row) for row, _ in told]
        async with writing(shard.first) as db:
            typed = like[0].typed
            address = {key: typed[key] for key in ADDRESS}
            await db.execute(PREPARE, *map(list, zip(*rows, strict=True)), typed["name"], address, PV, seconds(LASTS))
        made += [_request(row, token, desk, now) for (row, token), desk in zip(told, here, strict=True)]
    secrets.SystemRandom().shuffle(made)
    return deque(made)


def _row(bucket: int, desk: Desk) -> tuple[Row, str]:
    token, [(offer, _)] = new_token(bucket), desk.goods
    ids = [new_id(bucket) for _ in range(5)]
    row = Row(
        ids[0],
        ids[1],
        token_hash(token),
        ids[2],
        ids[3],
        offer.variant_id,
        offer.price_for(1),
        ids[4],
        desk.shipping_code,
        f"{ids[0].hex}@shopper.example",
    )
    return row, token


def _request(row: Row, token: str, desk: Desk, now: Settings) -> bytes:
    typed = desk.typed | {"email": row.email}
    mine = msgspec.structs.replace(desk, shopper_id=row.shopper, cart_id=row.cart, cart_version=1, typed=typed)
    promise = rules.write_ticket(desks.ticket(mine), now.secret)
    assert bucket_of(row.shopper) == bucket_of(row.cart)
    body = urlencode({"token": promise, "note": ""})
    return (
        f"POST /checkout/place HTTP/1.1\r\nHost: localhost:{now.port}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: {now.cookie('sid')}={token}; {now.cookie('pv')}={PV}; {now.cookie('cc')}=1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
