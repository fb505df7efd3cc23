"""Each invariant notices what it is for. The file has a database of its own: what is broken here is broken nowhere else."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.db.engines import EVERYONE, writing
from app.ops import crosschecks, mending, paging, rules_later, verify
from app.orders import operations as orders
from app.values import new_id
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, an_order, something_off
from tests.orders.books import lines_of, row_of
from tests.orders.test_operations import declined
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")


async def test_a_shop_in_which_all_went_well_breaks_nothing() -> None:
    with knobs(payment_provider="instant"):
        wanted = (await a_product()).variant_id
        placed = await an_order({wanted: 1}, off=await something_off(wanted))
        sent, undone = await an_order({(await a_product(one_each=True)).variant_id: 1}), await an_order()
        [line] = await lines_of(sent.id)
        await orders.ship(sent.id, {line["id"]: 1}, carrier="", tracking="", key=new_id(0))
        await orders.cancel_placed(undone.id)
    with provider(Scripted(declined)):
        waiting = await an_order()
    await settle()

    known = {placed.id: "placed", sent.id: "closed", undone.id: "placed", waiting.id: "awaiting_payment"}
    assert await verify.violations(known) == []
    assert {each.name for each in await verify.verify(0) if not each.checked} <= {
        "every payment in the test provider's books is one of ours, of the same amount",
        "holds end when their time is over", "no order is stuck while it is placed", "what is due is done, or dead",
        "no more goes back than was taken",
        "every payment of ours is in the test provider's books, of the same amount",
        *(rule.name for rule in rules_later.RULES if "return" in rule.among or "refund" in rule.among),
        *(rule.name for rule in rules_later.SHARED_RULES if rule.among == "credit_note"),
        "a settled refund of what was invoiced has its credit note, of its amount", "a credit note that nothing takes back is of a refund that is settled",
        "what left the shelf is owed only while none is free",
        "what became of a payment is known in the end, or it waits for a person",
        "a payment of something else than was asked for is settled by a person within a day",
    }  # fmt: skip


BREAKAGES = [  # where, what breaks it, which sentence is no longer true, what mends it
    ("order", "UPDATE orders SET subtotal = subtotal + 1, total = total + 1 WHERE id = $1", "an order's total",
     "UPDATE orders SET subtotal = subtotal - 1, total = total - 1 WHERE id = $1"),
    ("order", "UPDATE orders SET status = 'closed' WHERE id = $1", "an order's history",
     "UPDATE orders SET status = 'placed' WHERE id = $1"),
    ("order", "UPDATE orders SET status = 'closed' WHERE id = $1", "what is closed was sent",
     "UPDATE orders SET status = 'placed' WHERE id = $1"),
    ("order", "UPDATE order_line SET shipped = 1 WHERE order_id = $1", "what a line says was sent",
     "UPDATE order_line SET shipped = 0 WHERE order_id = $1"),
    ("order", "INSERT INTO shipment (id, order_id, key) VALUES ($1, $1, $1)", "what was sent is paid",
     "DELETE FROM shipment WHERE id = $1"),
    ("order", "UPDATE payment_attempt SET status = 'declined' WHERE order_id = $1", "what is placed is paid",
     "UPDATE payment_attempt SET status = 'authorised' WHERE order_id = $1"),
    ("order", "UPDATE payment_attempt SET amount = amount + 1 WHERE order_id = $1", "what is placed is paid",
     "UPDATE payment_attempt SET amount = amount - 1 WHERE order_id = $1"),
    ("order", "UPDATE orders SET placed_at = NULL WHERE id = $1", "what is paid is placed",
     "UPDATE orders SET placed_at = now() WHERE id = $1"),
    ("order", "UPDATE orders SET tax = tax + 1 WHERE id = $1", "tax is what", "UPDATE orders SET tax = tax - 1 WHERE id = $1"),
    ("order", "UPDATE order_line SET line_tax = line_tax + 1 WHERE order_id = $1", "tax is what",
     "UPDATE order_line SET line_tax = line_tax - 1 WHERE order_id = $1"),
    ("order", "UPDATE outbox SET done_at = NULL, available_at = now() + interval '5 min', attempts = 9, created_at = now() - interval '2 days'"
     " WHERE body->>'order_id' = $1::uuid::text AND kind <> 'SendConfirmation'", "what is due is done",
     "UPDATE outbox SET done_at = now(), attempts = 0, created_at = now() WHERE body->>'order_id' = $1::uuid::text"),
    ("order", "UPDATE outbox SET done_at = NULL, available_at = now() WHERE body->>'order_id' = $1::uuid::text", "what is due is done",
     "UPDATE outbox SET done_at = now() WHERE body->>'order_id' = $1::uuid::text"),
    ("order", "UPDATE outbox SET kind = 'Sent' WHERE kind = 'SendConfirmation' AND body->>'order_id' = $1::uuid::text",
     "what is placed is confirmed once", "UPDATE outbox SET kind = 'SendConfirmation' WHERE kind = 'Sent'"
     " AND body->>'order_id' = $1::uuid::text"),
    ("variant", "UPDATE stock SET reserved = reserved + 1 WHERE variant_id = $1", "stock: reserved is what",
     "UPDATE stock SET reserved = reserved - 1 WHERE variant_id = $1"),
    ("variant", "UPDATE stock SET on_hand = on_hand + 1 WHERE variant_id = $1", "stock: on hand is the sum",
     "UPDATE stock SET on_hand = on_hand - 1 WHERE variant_id = $1"),
    ("variant", "UPDATE stock SET sold = sold + 1 WHERE variant_id = $1", "stock: sold is what",
     "UPDATE stock SET sold = sold - 1 WHERE variant_id = $1"),
    ("variant", "UPDATE reservation SET state = 2 WHERE variant_id = $1", "what is placed has taken its stock",
     "UPDATE reservation SET state = 1 WHERE variant_id = $1"),
    ("variant", "UPDATE reservation SET state = 3 WHERE variant_id = $1", "what is placed has taken its stock",
     "UPDATE reservation SET state = 1 WHERE variant_id = $1"),
    ("variant", "UPDATE reservation SET state = 0, expires_at = now() - interval '1 h' WHERE variant_id = $1",
     "holds end", "UPDATE reservation SET state = 1 WHERE variant_id = $1"),
    ("order", "UPDATE order_discount SET amount = amount + 1 WHERE order_id = $1", "an order's discount",
     "UPDATE order_discount SET amount = amount - 1 WHERE order_id = $1"),
    ("shared", "UPDATE promotion SET most_uses = 1 WHERE most_uses = 2 AND $1::uuid IS NOT NULL", "promotions are used",
     "UPDATE promotion SET most_uses = 2 WHERE most_uses = 1 AND $1::uuid IS NOT NULL"),
    ("shared", "UPDATE order_index SET status = 'placing' WHERE order_id = $1", "staff find",
     "UPDATE order_index SET status = 'placed' WHERE order_id = $1"),
    ("shared", "DELETE FROM order_index WHERE order_id = $1", "staff find", None),
]  # fmt: skip


@pytest.fixture(scope="module")
async def bought(own_database: str) -> tuple[UUID, UUID]:
    """An order that is placed and all that follows of it done, and its variant."""
    product = await a_product()
    with knobs(payment_provider="instant"):
        off = await something_off(product.variant_id)
        state = await an_order({product.variant_id: 1}, off=off)
    await settle()
    return state.id, product.variant_id


@pytest.mark.parametrize(
    ("where", "breaks", "sentence", "mends"), BREAKAGES, ids=[each[1].split(" WHERE")[0] for each in BREAKAGES]
)
async def test_what_is_broken_is_named(
    bought: tuple[UUID, UUID], where: str, breaks: str, sentence: str, mends: str | None
) -> None:
    order_id, variant_id = bought
    id = variant_id if where == "variant" else order_id
    key = EVERYONE if where == "shared" else id

    await _run(key, breaks, id)
    told = await verify.violations()
    await (_run(key, mends, id) if mends else settle(again=order_id))
    if mends is None:  # what was taken from the list of staff is not taken from the tallies
        await mending.mend(0)

    assert [words for words in told if words.startswith(sentence)], told


async def test_what_was_mended_is_true_again() -> None:
    assert await verify.violations() == []


async def test_stock_nobody_ordered_is_noticed() -> None:
    product = await a_product()
    await _run(
        product.variant_id,
        "INSERT INTO reservation (id, variant_id, order_id, quantity, state, expires_at) VALUES ($1, $1, $1, 1, 1, now())",
        product.variant_id,
    )

    told = await crosschecks._over(verify.all_shards(), crosschecks._taken_is_wanted, 0)
    await _run(product.variant_id, "DELETE FROM reservation WHERE id = $1", product.variant_id)

    assert told.violations == 1
    assert told.examples == (str(product.variant_id),)


async def test_a_payment_nobody_has_heard_of_is_noticed() -> None:
    stranger = new_id(3)
    await _run(
        EVERYONE,
        "INSERT INTO test_payment (id, attempt_id, amount, currency, return_url, state)"
        " VALUES ($1, $1, 100, 'GBP', '', 'authorised')",
        stranger,
    )

    told = await verify.violations()
    await _run(EVERYONE, "DELETE FROM test_payment WHERE id = $1", stranger)

    assert [words for words in told if str(stranger) in words]


async def test_an_order_that_vanished_or_went_back_is_noticed() -> None:
    with provider(Scripted(declined)):
        waiting = await an_order()
    await settle()

    lost = new_id(9)
    told = await verify.violations({lost: "placing", waiting.id: "placed"})

    assert told == [f"what a shopper was shown is kept: 2 of 2, e.g. {lost}, {waiting.id}"]


async def test_an_order_of_which_nothing_is_to_come_is_named_and_closed(bought: tuple[UUID, UUID]) -> None:
    with provider(Scripted()):
        given_up, sent = await an_order(), await an_order()
        for id, column in ((given_up.id, "cancelled = 1, refunded"), (sent.id, "shipped")):
            await _run(id, f"UPDATE order_line SET {column} = 1 WHERE order_id = $1", id)
        await _run(
            sent.id,
            "UPDATE payment_attempt SET status = 'captured', capturing = amount, captured = amount WHERE order_id = $1",
            sent.id,
        )
        named = [words for words in await verify.violations() if words.startswith("a placed order has something")]

        mended = [await mending.mend(0) for _ in range(2)]
        await settle()

    assert [str(id) in named[0] for id in (given_up.id, sent.id)] == [True, True]
    assert [each.closed for each in mended] == [2, 0]
    assert [(await row_of(id))["status"] for id in (given_up.id, sent.id)] == ["cancelled", "closed"]


async def test_pages_of_rows_are_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    with knobs(payment_provider="instant"):
        await asyncio.gather(*(an_order() for _ in range(5)))
    await settle()

    [sold] = [each for each in await verify.verify(0) if each.name.startswith("what is placed has taken")]

    assert sold.checked >= 5 and not sold.violations


async def _run(key: UUID | str, sql: str, id: UUID) -> None:
    async with writing(key) as db:
        await db.execute(sql, id)
