"""What was said of delivery when something was ordered stays said, whatever the catalogue says later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from app.catalog.queries import Arrival, sellables
from app.db.engines import EVERYONE, writing
from app.orders import operations as orders
from app.orders import queries
from app.orders.quotes import quote
from app.values import new_id
from tests import makers
from tests.knobs import knobs
from tests.orders.test_jobs import mailed

pytestmark = pytest.mark.usefixtures("databases")
SOON = date(2031, 12, 1)


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ({}, ""),
        ({"policy": "made_to_order", "lead_days": 14, "band": "later"}, "Made to order, about 14 days"),
        ({"policy": "preorder", "band": "later", "back_on": SOON}, "Pre-order, sent from 1 December 2031"),
        ({"band": "later", "back_on": SOON}, "Sent from 1 December 2031"),
    ],
)
async def test_a_line_says_how_it_is_sold_unless_it_lies_on_the_shelf(variant: dict[str, Any], words: str) -> None:
    product = await makers.a_product(variants=[variant])

    [line] = quote([((await sellables([product.variant_id]))[product.variant_id], 1)], None, "GBP").lines

    assert line.promise == words


async def test_what_was_promised_stands_on_order_and_mail_and_stays() -> None:
    chair = await makers.a_product(variants=[{"policy": "made_to_order", "lead_days": 14, "band": "later"}])
    placing = await makers.a_placing({chair.variant_id: 1})
    arrives = Arrival(first=date(2031, 12, 1), last=date(2031, 12, 3), until=datetime(2031, 11, 3, tzinfo=UTC))
    promised = msgspec.structs.replace(placing, quote=msgspec.structs.replace(placing.quote, arrives=arrives))
    with knobs(payment_provider="instant"):
        state = (await orders.place(promised)).state
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE variant SET policy = 'stock', lead_days = 0 WHERE id = $1", chair.variant_id)

    view = await queries.order_of(placing.shopper_id, state.number)
    message = await mailed(state.id, new_id(0))

    assert view and view.lines[0].promise == "Made to order, about 14 days"
    assert view.arrives and (view.arrives.first, view.arrives.last) == (arrives.first, arrives.last)
    for kind in ("plain", "html"):
        said = message.get_body((kind,))
        assert said is not None
        assert "Made to order, about 14 days" in said.get_content() and "Arrives" in said.get_content()
