from __future__ import annotations

import httpx
import pytest

from app.db.engines import reading, writing
from app.orders import operations
from app.orders.limits import TooManyUnpaid, TooMuchHeld
from app.payments.declines import TooManyDeclines, client_print, refuse_card_testing
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
    return f"{unique('ada')}@example.org"


def a_client() -> str:
    """Nobody else's: declines are counted by client over the whole run."""
    return unique("192.0.2.1")


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


async def test_a_client_counts_under_whatever_names_and_each_decline_once() -> None:
    client = client_print(a_client())
    row = new_id(7)

    with knobs(limit_declines=1):
        for id in (row, row, new_id(8), new_id(9)):
            await count_decline(CountDecline(client=client), id)
        await refuse_card_testing(await a_shopper(), client)
        await count_decline(CountDecline(client=client), new_id(10))

        with pytest.raises(TooManyDeclines):
            await refuse_card_testing(await a_shopper(), client)
        await refuse_card_testing(await a_shopper(), client_print(a_client()))


async def test_what_was_declined_reaches_the_client_by_the_outbox_and_no_address() -> None:
    client, email = a_client(), an_address()
    with knobs(limit_declines=4), provider(Scripted(no)):
        state = await an_order(email=email, client=client)
        for _ in range(3):
            await operations.pay_again(state.id)
        body = "SELECT id FROM outbox WHERE kind = 'CountDecline' AND body->>'client' = $1"
        async with reading(state.id) as db:
            rows = await db.fetch(body, client_print(client))
        for row in rows:
            assert await run_row(JOBS, bucket_of(state.id), row["id"])

    with knobs(limit_declines=1), provider(Scripted(no)):
        with pytest.raises(TooManyDeclines):
            await an_order(client=client)
        assert (await an_order(email=email, client=a_client())).status == "awaiting_payment"
        assert (await an_order(email=email)).status == "awaiting_payment", "a client without a name has no count"


async def test_after_a_while_they_are_forgotten() -> None:
    with knobs(limit_declines=1), provider(Scripted(no)):
        state = await an_order()
        async with writing(state.shopper_id) as db:
            await db.execute(
                "UPDATE decline SET at = at - $2::interval WHERE name = $1", state.shopper_id.hex, seconds(3601)
            )

        await refuse_card_testing(state.shopper_id, "")


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


async def test_what_was_let_go_unpaid_can_not_be_put_aside_again_and_again() -> None:
    product, shopper_id = await a_product(), await a_shopper()
    with knobs(limit_units=3):
        first = await operations.place(await a_placing({product.variant_id: 2}, shopper_id))
        await operations.give_up(first.state.id, "unpaid")
        another = await a_placing({product.variant_id: 2}, shopper_id)

        with pytest.raises(TooMuchHeld):
            await operations.place(another)


async def test_the_page_says_why_in_words(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 3})

    with knobs(limit_units=2):
        answer = await place(shop, token)

    assert answer.status_code == 429
    assert "at most 2 pieces" in words_of(answer)
