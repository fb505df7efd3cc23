"""A discount from the cart to the order: promised, asked for again when it changes, counted once, and shown everywhere."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from app.db.engines import EVERYONE, reading, writing
from app.inventory import operations as inventory_operations
from app.inventory import queries as inventory
from app.members import operations as members
from app.ops import limit_checks, verify
from app.orders import operations as orders
from app.orders.drive import drive
from app.promotions import operations as promotions
from app.promotions import reckoning
from app.promotions.rules import limit_name
from app.promotions.terms import Delivery, Fixed, Percent
from app.promotions.views import Use
from tests.cart.browsing import shopper_of
from tests.cart.test_codes import a_code
from tests.checkout.walk import (
    DETAILS,
    another_browser,
    place,
    status_of,
    to_review,
    to_token,
    token_of,
    until_not_busy,
    words_of,
)
from tests.knobs import knobs
from tests.makers import a_product, a_promotion, a_shipping_method
from tests.orders.books import order_ids_of, row_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("databases")


async def with_code(shop, code: str, price: int = 2000):
    """The review page of one unit with this code in the cart."""
    page = await to_review(shop, {(await a_product(price=price)).variant_id: 1})
    assert (await shop.post("/cart/code", data={"code": code})).status_code == 303
    return await shop.get("/checkout/review") if page else page


async def uses(promotion, customer: str = "") -> int:
    id = inventory.limit_of(limit_name(promotion.id), customer)
    return (await inventory.uses_of([id])).get(id, 0)


async def change(promotion, **columns) -> None:
    async with writing(EVERYONE) as db:
        for name, value in columns.items():
            await db.execute(
                f"UPDATE promotion SET {name} = $2, version = version + 1 WHERE id = $1", promotion.id, value
            )


async def test_what_the_review_page_promises_is_what_the_order_says(shop):
    promotion = await a_promotion(Percent(basis_points=1500), code=a_code(), title="Fifteen", most_uses=5)
    review = await with_code(shop, promotion.code, price=1999)

    with knobs(payment_provider="instant"):
        placed = await place(shop, token_of(review))
    order = await shop.get(placed.headers["location"])

    assert f"Fifteen {promotion.code} −£3.00 Delivery £3.90 Total £20.89 of which VAT £3.48" in words_of(review)
    assert f"Fifteen {promotion.code} −£3.00 Delivery £3.90 Total £20.89 of which VAT £3.48" in words_of(order)
    assert await uses(promotion) == 1


async def test_free_delivery_shows_what_it_saves(shop):
    product = await a_product(price=6000)
    await a_promotion(Delivery(most=390), only=(product.id,), title="Free over £60", minimum=6000)

    review = await to_review(shop, {product.variant_id: 1})
    with knobs(payment_provider="instant"):
        order = await shop.get((await place(shop, token_of(review))).headers["location"])

    for page in (review, order):
        assert "Delivery Free over £60 £3.90 free Total £60.00" in words_of(page)


async def test_a_promotion_that_ends_meanwhile_is_asked_about_again(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), title="Five off")
    token = token_of(await with_code(shop, promotion.code))
    await change(promotion, state="ended")

    again = await place(shop, token)
    with knobs(payment_provider="instant"):
        placed = await place(shop, token_of(again))

    assert again.status_code == 409
    assert "Five off: £5.00 off → £0.00 off." in words_of(again)
    assert "This code has ended." in words_of(again)
    assert "Total: £18.90 → £23.90." in words_of(again)
    assert placed.status_code == 303


async def test_placing_asks_the_primary_what_a_replica_may_not_know_yet(shop, monkeypatch):
    asked = []
    monkeypatch.setattr(
        reckoning, "reading", lambda key, fresh, **how: asked.append(fresh) or reading(key, fresh=fresh, **how)
    )
    promotion = await a_promotion(Fixed(amount=500), code=a_code())
    token = token_of(await with_code(shop, promotion.code))
    shown, asked[:] = set(asked), []

    with knobs(payment_provider="instant"):
        await place(shop, token)

    assert (shown, set(asked)) == ({False}, {True})


async def test_who_looked_before_a_limit_was_lowered_does_not_raise_it_again(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=3)
    name = limit_name(promotion.id)
    before = (Use(name=name, customer="", most=3, title="", version=1),)
    await promotions.open_limits(before)
    await inventory_operations.limit(name, 0, version=2)

    await promotions.open_limits(before)

    stock = await inventory.stock_of(inventory.limit_of(name))
    assert stock and stock.available == 0


async def test_a_better_offer_that_comes_meanwhile_is_asked_about_too(shop):
    product = await a_product(price=2000)
    token = await to_token(shop, {product.variant_id: 1})
    await a_promotion(Fixed(amount=100), only=(product.id,), title="New")

    again = await place(shop, token)

    assert again.status_code == 409
    assert "New: £0.00 off → £1.00 off." in words_of(again)


async def test_an_address_uses_a_code_as_often_as_it_may_however_it_is_written(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_each=1)

    with knobs(payment_provider="instant"):
        first = await place(shop, token_of(await with_code(shop, promotion.code)))
        async with another_browser() as other:
            await a_shipping_method()
            review = await with_code(other, promotion.code)
            await other.post("/checkout/details", data=DETAILS | {"email": DETAILS["email"].upper()})
            upper = await other.get("/checkout/review")

    assert first.status_code == 303
    for page in (review, upper):
        assert "used with your e-mail address" in words_of(page)
        assert "Total £23.90" in words_of(page)
    assert await uses(promotion, DETAILS["email"]) == 1


@pytest.mark.usefixtures("own_database")  # all that is due in it is done
async def test_a_first_order_is_one_by_its_shopper_and_its_address():
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), first_order=True)
    email = f"{promotion.code.lower()}@example.org"

    async def total(browser, email: str) -> str:
        await browser.post("/checkout/details", data=DETAILS | {"email": email})
        return words_of(await browser.get("/checkout/review"))

    async with another_browser() as one, another_browser() as two:
        with knobs(payment_provider="instant"):
            before = await with_code(one, promotion.code)
            assert "Total £18.90" in await total(one, email)
            await place(one, token_of(await one.get("/checkout/review")))
            await settle()
            await with_code(two, promotion.code)
            same_address, another = await total(two, email.upper()), await total(two, f"x{email}")

    assert before.status_code == 200
    assert "Total £23.90" in same_address
    assert "Total £18.90" in another


async def test_a_use_comes_back_when_the_order_is_not_paid(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=1)
    placed = await place(shop, token_of(await with_code(shop, promotion.code)))
    taken = await uses(promotion)

    [order_id] = await order_ids_of(promotion.id)
    await orders.give_up(order_id, "unpaid")

    assert placed.status_code == 303
    assert (taken, await uses(promotion)) == (1, 0)


async def test_the_use_of_an_order_that_is_not_paid_is_its_own_carts(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=1, most_each=1)
    first = await place(shop, token_of(await with_code(shop, promotion.code)))

    await shop.post("/cart/lines", data={"variant_id": str((await a_product(price=1000)).variant_id), "quantity": "1"})
    pages = [words_of(await shop.get(path)) for path in ("/cart", "/checkout/review")]
    async with another_browser() as other:
        await other.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id), "quantity": "1"})
        stranger = await other.post("/cart/code", data={"code": promotion.code})
    with knobs(payment_provider="instant"):
        placed = await place(shop, token_of(await shop.get("/checkout/review")))

    assert first.headers["location"].startswith("/dev/pay/")
    assert all("Ten off" in words and "−£5.00" in words for words in pages)
    assert "This code has been used up." in words_of(stranger)
    assert placed.status_code == 303
    assert await uses(promotion) == 1


async def test_the_use_of_a_guests_unpaid_order_comes_along_at_sign_in_and_is_replaced(shop):
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=1)
    async with another_browser() as member:
        review = await to_review(member, {(await a_product(price=1000)).variant_id: 1})
        first = await place(shop, token_of(await with_code(shop, promotion.code)))
        [left] = await order_ids_of(promotion.id)
        await members.settle_guest(await shopper_of(shop), await shopper_of(member))
        pages = [words_of(await member.get(path)) for path in ("/cart", "/checkout/review")]
        with knobs(payment_provider="instant"):
            placed = await place(member, token_of(await member.get("/checkout/review")))

    assert (review.status_code, first.headers["location"].startswith("/dev/pay/")) == (200, True)
    assert all(promotion.code in words and "−£5.00" in words for words in pages)
    assert placed.status_code == 303
    assert (await row_of(left))["status"] == "cancelled"
    assert await uses(promotion) == 1


async def crowd(promotion, many: int) -> Counter[str]:
    """So many shoppers press the button at once, and wait for what comes of it: what became of each."""
    browsers = [another_browser() for _ in range(many)]
    tokens = [token_of(await with_code(browser, promotion.code)) for browser in browsers]
    answers = await asyncio.gather(*(insisting(b, token) for b, token in zip(browsers, tokens, strict=True)))
    for order_id in await order_ids_of(promotion.id):
        await drive(order_id)
    told: Counter[str] = Counter()
    for browser, answer in zip(browsers, answers, strict=True):
        told[await told_in_the_end(browser, answer)] += 1
        await browser.aclose()
    return told


async def insisting(browser, token: str):
    """Whoever is told that the shop is busy presses again."""
    return await until_not_busy(lambda: place(browser, token))


async def told_in_the_end(browser, answer) -> str:
    """A machine that is slow says `we are placing your order`, and the order's page then says what came of it."""
    if answer.status_code == 303:
        page = await browser.get(answer.headers["location"])
        late = "has just been used up" in words_of(page)
        return "asked again" if late and status_of(page) == "rejected" else status_of(page)
    words = words_of(answer)
    asked = any(why in words for why in ("has just been used up", "has been used up", "can't look this code up"))
    return "asked again" if answer.status_code == 409 and asked and "Total £23.90" in words else words


async def test_of_eight_buyers_two_get_the_last_two_uses():
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=2)

    with knobs(payment_provider="instant", limit_unpaid=0):
        told = await crowd(promotion, 8)

    assert told == {"placed": 2, "asked again": 6}
    assert await uses(promotion) == 2


@pytest.mark.slow
async def test_of_a_hundred_buyers_ten_get_the_ten_uses():
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), most_uses=10)

    with knobs(payment_provider="instant"):
        told = await crowd(promotion, 100)

    assert told == {"placed": 10, "asked again": 90}
    assert await uses(promotion) == 10


async def test_a_code_for_one_use_works_once(shop):
    code = a_code()
    promotion = await a_promotion(Fixed(amount=500), codes=(code, a_code()))
    with knobs(payment_provider="instant"):
        first = await place(shop, token_of(await with_code(shop, code)))
    async with another_browser() as other:
        await other.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id), "quantity": "1"})
        again = await other.post("/cart/code", data={"code": code})

    assert promotion.id and first.status_code == 303
    assert (again.status_code, "This code has been used." in words_of(again)) == (422, True)


async def test_the_books_are_right_after_all_of_this():
    names = {rule.name for rule in limit_checks.RULES} | {(await limit_checks.uses_are_limited()).name}

    found = {each.name: each for each in await verify.verify(0)}

    assert [found[name].violations for name in names] == [0] * len(names)
    assert all(found[name].checked for name in names)
