from __future__ import annotations

import httpx
import pytest

from app.db.engines import reading, writing
from app.orders import operations
from app.orders.limits import TooManyUnpaid, TooMuchHeld
from app.payments.declines import TooManyDeclines, refuse_card_testing
from app.payments.events import CountDecline
from app.payments.gateway import Answer, Charge, Declined
from app.values import bucket_of, new_id, seconds
from jobs.after import JOBS
from jobs.payments import count_decline
from jobs.run import run_row
from tests.checkout.walk import place, to_token, words_of
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_placing, a_product, a_shopper, an_order, unique
from tests.orders.books import attempts_of, numbers_of, orders_from

pytestmark = pytest.mark.usefixtures("databases")


def no(charge: Charge) -> Answer:
    return Declined(reason="No.")


def an_address() -> str:
    """Nobody else's: declines are counted by address over the whole run."""
    return f"{unique('ada')}@example.org"


async def test_after_a_few_declines_no_other_attempt_begins() -> None:
    with knobs(limit_declines=3), provider(Scripted(no)) as asked:
        state = await an_order(email=an_address())
        for _ in range(2):
            await operations.pay_again(state.id)

        with pytest.raises(TooManyDeclines) as refused:
            await operations.pay_again(state.id)

    assert len(asked.charges) == 3
    assert await attempts_of(state.id) == ["declined"] * 3
    assert refused.value.status == 429
    assert "try again in 60 minutes" in refused.value.say


async def test_nor_another_order_of_the_same_shopper() -> None:
    with knobs(limit_declines=1), provider(Scripted(no)):
        state = await an_order(email=an_address())
        ask = await a_placing({(await a_product()).variant_id: 1}, state.shopper_id)

        with pytest.raises(TooManyDeclines):
            await operations.place(ask)

    assert "placing" not in await orders_from(ask.cart_id)


async def test_an_address_counts_in_whatever_browser_and_each_decline_once() -> None:
    email = an_address()
    row = new_id(7)

    with knobs(limit_declines=2):
        for id in (row, row):
            await count_decline(CountDecline(email=email), id)
        await refuse_card_testing(await a_shopper(), email)
        await count_decline(CountDecline(email=f" {email.upper()}"), new_id(8))

        with pytest.raises(TooManyDeclines):
            await refuse_card_testing(await a_shopper(), email)


async def test_what_was_declined_reaches_the_address_by_the_outbox() -> None:
    email = an_address()
    with provider(Scripted(no)):
        state = await an_order(email=email)
    async with reading(state.id) as db:
        [row] = await db.fetch("SELECT id FROM outbox WHERE kind = 'CountDecline' AND body->>'email' = $1", email)
    assert await run_row(JOBS, bucket_of(state.id), row["id"])

    with knobs(limit_declines=1), pytest.raises(TooManyDeclines):
        await refuse_card_testing(await a_shopper(), email)


async def test_after_a_while_they_are_forgotten() -> None:
    with knobs(limit_declines=1), provider(Scripted(no)):
        state = await an_order(email=an_address())
        async with writing(state.shopper_id) as db:
            await db.execute(
                "UPDATE decline SET at = at - $2::interval WHERE name = $1", state.shopper_id.hex, seconds(3601)
            )

        await refuse_card_testing(state.shopper_id, an_address())


async def test_nought_is_no_limit() -> None:
    with knobs(limit_declines=0, limit_unpaid=0, limit_units=0), provider(Scripted(no)) as asked:
        state = await an_order()
        for _ in range(6):
            await operations.pay_again(state.id)

    assert len(asked.charges) == 7


async def test_a_visitor_who_begins_orders_and_never_pays_is_told_so() -> None:
    product, shopper_id = await a_product(), await a_shopper()
    with knobs(limit_unpaid=2):
        for units in (1, 2):
            await operations.place(await a_placing({product.variant_id: units}, shopper_id))

        with pytest.raises(TooManyUnpaid) as refused:
            await operations.place(await a_placing({product.variant_id: 3}, shopper_id))

    assert "You have begun 2 orders" in refused.value.say
    assert (await numbers_of(product.variant_id))[1] <= 3, "nothing more was put aside"


async def test_placing_the_same_again_is_never_one_too_many() -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})
    with knobs(limit_unpaid=1):
        first = await operations.place(ask)
        again = await operations.place(ask)

    assert again.state.id == first.state.id


async def test_paid_orders_do_not_count() -> None:
    product, shopper_id = await a_product(), await a_shopper()
    with knobs(limit_unpaid=1, payment_provider="instant"):
        for _ in range(3):
            placed = await operations.place(await a_placing({product.variant_id: 1}, shopper_id))

    assert placed.state.status == "placed"


async def test_no_more_pieces_are_put_aside_than_the_shop_allows() -> None:
    product = await a_product()
    with knobs(limit_units=2), pytest.raises(TooMuchHeld, match="at most 2 pieces"):
        await operations.place(await a_placing({product.variant_id: 3}))

    assert (await numbers_of(product.variant_id))[1] == 0


async def test_the_page_says_why_in_words(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 3})

    with knobs(limit_units=2):
        answer = await place(shop, token)

    assert answer.status_code == 429
    assert "at most 2 pieces" in words_of(answer)
