"""Each invariant of parcels, refunds and returns notices what it is for. The file has a database of its own."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.db.engines import EVERYONE, writing
from app.ops import verify
from app.orders import operations as orders
from tests.faults import later, ledger
from tests.knobs import provider
from tests.makers import a_placing, a_product
from tests.orders.books import row_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")

LINES = "SELECT id FROM order_line WHERE order_id = $1"
LOOSE = "ALTER TABLE order_line DROP CONSTRAINT IF EXISTS order_line_no_more_than_ordered, DROP CONSTRAINT IF EXISTS order_line_refunded_once"

BREAKAGES = [  # where, what breaks it, which sentence is no longer true, what mends it
    ("order", "UPDATE order_line SET shipped = 5 WHERE order_id = $1", "no more of a line is sent, given up",
     "UPDATE order_line SET shipped = 2 WHERE order_id = $1"),
    ("order", "UPDATE order_line SET refunded = 3 WHERE order_id = $1", "no more of a line is sent, given up",
     "UPDATE order_line SET refunded = 1 WHERE order_id = $1"),
    ("order", f"UPDATE shipment_line SET order_line_id = order_line_id, quantity = 3 WHERE order_line_id IN ({LINES})",
     "what a line says was sent", f"UPDATE shipment_line SET quantity = 2 WHERE order_line_id IN ({LINES})"),
    ("order", "INSERT INTO shipment (id, order_id, key) VALUES ($1, $1, $1)", "a parcel holds something",
     "DELETE FROM shipment WHERE id = $1"),
    ("order", f"UPDATE return_line SET quantity = 3 WHERE order_line_id IN ({LINES})", "no more of a line comes back",
     f"UPDATE return_line SET quantity = 1 WHERE order_line_id IN ({LINES})"),
    ("order", "UPDATE order_return SET status = 'received' WHERE order_id = $1", "a return's steps",
     "UPDATE order_return SET status = 'refunded' WHERE order_id = $1"),
    ("order", "UPDATE order_event SET kind = 'return_x' WHERE kind = 'return_approved' AND order_id = $1", "a return's steps",
     "UPDATE order_event SET kind = 'return_approved' WHERE kind = 'return_x' AND order_id = $1"),
    ("order", "UPDATE refund SET key = order_id WHERE order_id = $1", "a return that is refunded",
     "UPDATE refund SET key = (SELECT r.id FROM order_return r WHERE r.order_id = $1) WHERE order_id = $1"),
    ("order", "UPDATE order_event SET kind = 'lost' WHERE kind = 'refunded' AND order_id = $1", "what went back is in",
     "UPDATE order_event SET kind = 'refunded' WHERE kind = 'lost' AND order_id = $1"),
    ("order", "UPDATE orders SET payment_status = 'captured' WHERE id = $1", "an order's payment and fulfilment",
     "UPDATE orders SET payment_status = 'partially_refunded' WHERE id = $1"),
    ("order", "UPDATE orders SET fulfilment_status = 'partial' WHERE id = $1", "an order's payment and fulfilment",
     "UPDATE orders SET fulfilment_status = 'fulfilled' WHERE id = $1"),
    ("order", "UPDATE orders SET status = 'cancelled' WHERE id = $1", "of what was cancelled nothing was sent",
     "UPDATE orders SET status = 'closed' WHERE id = $1"),
    ("order", "UPDATE refund SET amount = amount + 90000 WHERE order_id = $1", "no more goes back than was taken",
     "UPDATE refund SET amount = amount - 90000 WHERE order_id = $1"),
    ("order", "UPDATE refund SET amount = amount - 1 WHERE order_id = $1", "every payment in the test provider's books",
     "UPDATE refund SET amount = amount + 1 WHERE order_id = $1"),
    ("order", "UPDATE refund_line SET quantity = 2 WHERE order_line_id IN (SELECT id FROM order_line WHERE order_id = $1)",
     "no more of a line is refunded, refund", "UPDATE refund_line SET quantity = 1 WHERE order_line_id IN"
     " (SELECT id FROM order_line WHERE order_id = $1)"),
    ("shared", "UPDATE invoice SET number = number + 1 WHERE order_id = $1", "invoices are numbered",
     "UPDATE invoice SET number = number - 1 WHERE order_id = $1"),
    ("shared", "UPDATE credit_note SET number = number + 1 WHERE order_id = $1", "credit notes are numbered",
     "UPDATE credit_note SET number = number - 1 WHERE order_id = $1"),
    ("shared", "UPDATE credit_note SET total = total + 90000 WHERE order_id = $1", "no more of an invoice is credited",
     "UPDATE credit_note SET total = total - 90000 WHERE order_id = $1"),
    ("shared", "UPDATE credit_note SET total = total + 1 WHERE order_id = $1", "a settled refund of what was invoiced",
     "UPDATE credit_note SET total = total - 1 WHERE order_id = $1"),
    ("shared", "UPDATE credit_note SET refund_id = order_id WHERE order_id = $1", "a credit note that nothing takes back", None),
    ("shared", "UPDATE invoice SET body = body || '{\"shipping\": 1}' WHERE order_id = $1", "an invoice says what its lines", None),
    ("order", "UPDATE shipment SET return_id = (SELECT id FROM order_return r WHERE r.order_id = $1) WHERE order_id = $1",
     "what is exchanged has its parcel", "UPDATE shipment SET return_id = NULL WHERE order_id = $1"),
    ("variant", "UPDATE stock_ledger SET delta = delta + 5 WHERE variant_id = $1 AND reason = 'returned'",
     "no more units of an order went back", "UPDATE stock_ledger SET delta = delta - 5 WHERE variant_id = $1 AND reason = 'returned'"),
    ("variant", "UPDATE stock_ledger SET id = variant_id WHERE variant_id = $1 AND reason = 'returned'",
     "what is put back is in", None),
]  # fmt: skip


@pytest.fixture(scope="module")
async def sent_back(own_database: str) -> tuple[UUID, UUID]:
    """An order of two units, both sent and one of them returned, and its variant."""
    variant_id = (await a_product(variants=[{"stock": 9}])).variant_id
    ask = await a_placing({variant_id: 2})
    with provider(ledger.Ledger()):
        await orders.place(ask)
        await settle()
        await later.send_back(ask)
    async with writing(ask.order_id) as db:
        await db.execute(LOOSE)  # of this database only: what it refuses is what is planted here
    return ask.order_id, variant_id


async def test_an_order_sent_and_returned_breaks_nothing(sent_back: tuple[UUID, UUID]) -> None:
    assert await verify.violations({sent_back[0]: "placed"}) == []
    assert (await row_of(sent_back[0]))["status"] == "closed"


@pytest.mark.parametrize(
    ("where", "breaks", "sentence", "mends"), BREAKAGES, ids=[each[1].split(" WHERE")[0] for each in BREAKAGES]
)
async def test_what_is_broken_is_named(
    sent_back: tuple[UUID, UUID], where: str, breaks: str, sentence: str, mends: str | None
) -> None:
    order_id, variant_id = sent_back
    id = {"order": order_id, "variant": variant_id, "shared": order_id}[where]
    key = EVERYONE if where == "shared" else id

    async with writing(key) as db:
        await db.execute(breaks, id)
    told = await verify.violations()
    if mends:
        async with writing(key) as db:
            await db.execute(mends, id)

    assert [words for words in told if words.startswith(sentence)], told
