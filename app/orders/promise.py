"""T1: what a shopper agreed to becomes an order, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.accounts.events import ShopperChanged
from app.cart import operations as cart
from app.db.engines import Database, writing
from app.db.outbox import emit
from app.inventory.queries import reservation_of
from app.orders import queries, quotes, rules
from app.orders.earlier import Before
from app.orders.queries import Line, Quote, State, Used
from app.payments import operations as payments
from app.values import Refusal, bucket_of, new_id

NUMBERS_TRIED = 5  # 32^5 numbers a bucket: even at a million orders a bucket's first try is free 97 times in 100


class CartChanged(Refusal):
    say = "Your cart has changed since you last looked. Please check it again."


class SentBefore(CartChanged):
    say = "You have sent this page before, with another note. Please check it once more: this is what will be ordered now."


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper agreed to. `order_id` is the checkout's id, `cart_version` the one they looked at."""

    order_id: UUID
    shopper_id: UUID
    cart_id: UUID
    cart_version: int
    email: str
    name: str
    address: dict[str, str]
    note: str
    quote: Quote
    client: str = ""  # whom limits take it for, as app.web.client says
    replaces: UUID | None = None  # an unpaid order of a guest's cart that came into this one

    @property
    def promise(self) -> str:
        """All of it, as a fingerprint."""
        recipient = rules.recipient_hash(self.email, self.name, self.address)
        return rules.promise_hash(self.quote.hash, recipient, self.note)


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """An order where it stands. `fresh`: this very request made it; otherwise it was there before."""

    state: State
    fresh: bool


async def promise(ask: Placing) -> Promised:
    """The order exists with its lines and knows the unpaid ones whose place it takes; or the very same one is there. Raises OtherCurrency, CartChanged."""
    quotes.judge_currency(ask.quote)
    async with writing(ask.shopper_id, step="t1") as db:
        frozen = await cart.freeze(db, ask.shopper_id)  # the row lock: two tabs place one after the other
        before = await queries.orders_before(
            db, ask.shopper_id, order_id=ask.order_id, cart_id=ask.cart_id, promise=ask.promise
        )
        known = queries.the_same(before, order_id=ask.order_id, version=ask.cart_version)
        if known is None:
            if frozen != (ask.cart_id, ask.cart_version):
                raise CartChanged
            return await _begun(db, ask, before)
        state = await queries.read_state(db, known)
        assert state is not None, "it was just found"
        return Promised(state=state, fresh=False)


async def _begun(db: Database, ask: Placing, before: Sequence[Before]) -> Promised:
    """A cart that is ordered otherwise than before is another version of it: of one version there is one order."""
    if any(each.id == ask.order_id for each in before):
        raise SentBefore
    version = ask.cart_version
    if any(each.version == version for each in before):
        await db.execute(cart.BUMP, ask.shopper_id)
        version += 1
    replaces = [*(each.id for each in before if each.unpaid), *([ask.replaces] if ask.replaces else [])]
    ask = msgspec.structs.replace(ask, cart_version=version)
    number = await _write(db, ask, replaces)
    await emit(ShopperChanged(shopper_id=ask.shopper_id))
    return Promised(state=_as_written(ask, number, replaces), fresh=True)


def _as_written(ask: Placing, number: str, replaces: list[UUID]) -> State:
    """What `queries.state` would say of it."""
    lines = [
        Line(
            variant_id=line.variant_id,
            reservation_id=reservation_of(ask.order_id, line.variant_id),
            quantity=line.quantity,
            title=", ".join(filter(None, (line.title, line.variant_title))),
            personal_text=line.personal_text,
        )
        for line in sorted(ask.quote.lines, key=lambda line: line.variant_id)
    ]
    uses = [
        Used(limit_id=id, reservation_id=reservation_of(ask.order_id, id), title=use.title, one_each=use.one_each)
        for id, use in ((use.limit_id, use) for use in ask.quote.uses)
    ]
    return State(
        id=ask.order_id, number=number, shopper_id=ask.shopper_id, cart_id=ask.cart_id, cart_version=ask.cart_version,
        status="placing", reason="", total=ask.quote.total, currency=ask.quote.currency, age=0.0,
        pays_first=ask.quote.pays_first, replaces=tuple(replaces),
        lines=tuple(lines), uses=tuple(uses),
    )  # fmt: skip


async def _write(db: Database, ask: Placing, replaces: list[UUID]) -> str:
    """All of it. Returns the order's number."""
    quote, derived = ask.quote, rules.derived("placing", None)
    for _ in range(NUMBERS_TRIED):
        number = rules.new_number(bucket_of(ask.order_id))
        written = await db.execute(
            "INSERT INTO orders (id, number, shopper_id, cart_id, cart_version, email, name, address, shipping_code,"
            " shipping_title, note, subtotal, shipping, discount, tax, total, currency, quote_hash, status,"
            " payment_status, fulfilment_status, arrives_first, arrives_last, pays_first, replaces, client, tax_rate)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
            " $15, $16, $17, $18, 'placing', $19, $20, $21, $22, $23, $24::uuid[], $25, $26) ON CONFLICT (number) DO NOTHING",
            ask.order_id, number, ask.shopper_id, ask.cart_id, ask.cart_version,
            ask.email, ask.name, ask.address, quote.shipping_code, quote.shipping_title, ask.note, quote.subtotal,
            quote.shipping or 0, quote.discount, quote.tax, quote.total, quote.currency, ask.promise,
            derived.payment, derived.fulfilment,
            *((quote.arrives.first, quote.arrives.last) if quote.arrives else (None, None)), quote.pays_first, replaces,
            payments.client_print(ask.client), quote.tax_rate,
        )  # fmt: skip
        if written:
            break
    else:
        raise RuntimeError("no free order number")
    await _write_lines(db, ask)
    if quote.discounts:
        await _write_discounts(db, ask)
    if quote.uses:
        await _write_uses(db, ask)
    return number


async def _write_lines(db: Database, ask: Placing) -> None:
    """The lines, and the first line of the order's history."""
    bucket = bucket_of(ask.order_id)
    rows = [
        (
            new_id(bucket), ask.order_id, line.variant_id, reservation_of(ask.order_id, line.variant_id), line.sku,
            line.title, line.variant_title, line.url, line.picture_hash, line.unit_price, line.quantity,
            line.discount, line.tax, line.total, line.promise, line.personal_text, line.personal_label,
        )
        for line in ask.quote.lines
    ]  # fmt: skip
    await db.execute(
        "WITH noted AS (INSERT INTO order_event (id, order_id, kind, at) VALUES ($18, $19, 'placing', clock_timestamp()))"
        " INSERT INTO order_line (id, order_id, variant_id, reservation_id, sku, title, variant_title, url, picture_hash,"
        " unit_price, quantity, line_discount, line_tax, line_total, promise, personal_text, personal_label) SELECT * FROM unnest($1::uuid[], $2::uuid[],"
        " $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],"
        " $11::int[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[],"
        " $16::text[], $17::text[])",
        *map(list, zip(*rows, strict=True)),
        new_id(bucket),
        ask.order_id,
    )


async def _write_discounts(db: Database, ask: Placing) -> None:
    """What promotions took off."""
    bucket, off = bucket_of(ask.order_id), ask.quote.discounts
    await db.execute(
        "INSERT INTO order_discount (id, order_id, promotion_id, title, code, amount, shipping)"
        " SELECT id, $2, promotion_id, title, code, amount, shipping FROM unnest($1::uuid[], $3::uuid[], $4::text[],"
        " $5::text[], $6::bigint[], $7::bigint[]) AS d(id, promotion_id, title, code, amount, shipping)",
        [new_id(bucket) for _ in off], ask.order_id, [each.promotion_id for each in off], [each.title for each in off],
        [each.code for each in off], [each.amount for each in off], [each.shipping for each in off],
    )  # fmt: skip


async def _write_uses(db: Database, ask: Placing) -> None:
    """What of its limits the order is about to use."""
    bucket, uses = bucket_of(ask.order_id), ask.quote.uses
    await cart.remember_order(db, ask.cart_id, ask.order_id)
    await db.execute(
        "INSERT INTO order_use (id, order_id, limit_id, reservation_id, title, one_each)"
        " SELECT id, $2, limit_id, reservation_id, title, one_each"
        " FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[])"
        " AS u(id, limit_id, reservation_id, title, one_each)",
        [new_id(bucket) for _ in uses], ask.order_id, [use.limit_id for use in uses],
        [reservation_of(ask.order_id, use.limit_id) for use in uses], [use.title for use in uses],
        [use.one_each for use in uses],
    )  # fmt: skip
