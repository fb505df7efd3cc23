from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.cart.queries import cart_of
from app.cart.rules import Cart
from app.db.engines import reading, writing
from app.inventory import operations as inventory
from app.inventory.queries import stock_of
from app.members import operations as members
from app.ops import verify
from app.orders import forgetting, invoice_body, invoices, operations, queries
from app.orders.returns import MadeForYou
from tests.cart.browsing import shopper_of
from tests.cart.test_texts import RULE, a_journal, put_in, texts_of
from tests.checkout.walk import place, to_review, token_of, words_of
from tests.knobs import Scripted, provider
from tests.makers import AProduct, a_product
from tests.orders.books import lines_of, row_of
from tests.orders.test_shipping import ship
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")


async def reviewed(shop, product: AProduct, *texts: str) -> Any:
    """The review page of a cart with two units of each of these texts."""
    for text in texts:
        await put_in(shop, product, text)
    return await to_review(shop, {})


async def ordered(shop, product: AProduct, *texts: str) -> UUID:
    """The id of an order of two units of each text, paid."""
    with provider(Scripted()):
        answer = await place(shop, token_of(await reviewed(shop, product, *texts)))
        assert answer.status_code == 303
        await settle()
    found = await queries.order_id_of(await shopper_of(shop), answer.headers["location"].rpartition("/")[2])
    assert found
    return found


async def cart_now(shop) -> Cart:
    found = await cart_of(await shopper_of(shop))
    assert found
    return found


async def test_texts_of_one_variant_are_lines_of_one_reservation(shop) -> None:
    product = await a_journal()

    order_id = await ordered(shop, product, "ABC", "DEF")

    lines = await lines_of(order_id)
    assert [
        (line["personal_text"], line["quantity"], line["unit_price"])
        for line in sorted(lines, key=lambda line: line["personal_text"])
    ] == [
        ("ABC", 2, 2800),
        ("DEF", 2, 2800),
    ]
    assert {line["personal_label"] for line in lines} == {"Letters on the cover"}
    assert len({line["reservation_id"] for line in lines}) == 1
    stock = await stock_of(product.variant_id)
    assert stock and (stock.on_hand, stock.reserved) == (16, 0)
    books = "test provider's books"  # the scripted one keeps none
    assert [words for words in await verify.violations() if books not in words] == []


async def test_texts_of_one_variant_are_not_held_apart(shop) -> None:
    product = await a_product(variants=[{"stock": 4}], personalisation=RULE)
    token = token_of(await reviewed(shop, product, "ABC", "DEF"))
    await inventory.adjust(product.variant_id, -1)

    answer = await place(shop, token)

    assert answer.status_code == 409 and "Only 1 is left, you asked for 2." in words_of(answer)
    await settle()
    stock = await stock_of(product.variant_id)
    assert stock and (stock.on_hand, stock.reserved) == (3, 0)


async def test_an_order_is_never_placed_with_another_text_than_was_confirmed(shop) -> None:
    product = await a_journal()
    promised = token_of(await reviewed(shop, product, "ABC"))
    cart = await cart_now(shop)
    async with writing(cart.shopper_id) as db:  # behind the cart's back: not even its version says so
        await db.execute("UPDATE cart_line SET personal_text = 'XYZ' WHERE cart_id = $1", cart.cart_id)

    answer = await place(shop, promised)

    assert answer.status_code == 409
    assert "Monogram journal, “ABC”: no longer in your cart" in words_of(answer)
    assert "Monogram journal, “XYZ”: new in your cart" in words_of(answer)


async def test_what_was_put_in_meanwhile_with_another_text_stays_in_the_cart(shop) -> None:
    product = await a_journal()
    with provider(Scripted()):
        order = await place(shop, token_of(await reviewed(shop, product, "ABC")))
        await put_in(shop, product, "DEF")
        await settle()

    assert order.status_code == 303
    assert texts_of(await cart_now(shop)) == [("DEF", 2)]


@pytest.mark.usefixtures("obliging")
async def test_the_text_stands_wherever_the_order_is_told(shop) -> None:
    order_id = await ordered(shop, await a_journal(chars="any", most=20), "<b>Zoë & 👋</b>")
    number = (await row_of(order_id))["number"]
    [line] = await lines_of(order_id)
    await ship(order_id, {line["id"]: 1})

    page = (await shop.get(f"/orders/{number}")).text
    mail = await queries.order_to_mail(order_id)
    facts = await invoices.facts_of(order_id)
    [parcel] = (await queries.shipped_mail(order_id, await parcel_of(order_id))).parcel.contents

    assert page.count("&lt;b&gt;Zoë &amp; 👋&lt;/b&gt;") == 3 and "<b>Zoë" not in page
    assert mail and mail.lines[0].personal_text == "<b>Zoë & 👋</b>"
    assert invoice_body.body_of(facts).lines[0].personal_label == "Letters on the cover"
    assert parcel.title == "Monogram journal, “<b>Zoë & 👋</b>”"


async def parcel_of(order_id: UUID) -> UUID:
    async with reading(order_id) as db:
        return await db.fetchval("SELECT id FROM shipment WHERE order_id = $1", order_id)


@pytest.mark.usefixtures("obliging")
async def test_what_was_made_for_somebody_comes_back_only_if_it_is_faulty(shop) -> None:
    order_id = await ordered(shop, await a_journal(), "ABC")
    [line] = await lines_of(order_id)
    await ship(order_id, {line["id"]: 2})

    with pytest.raises(MadeForYou):
        await operations.request_return(order_id, {line["id"]: 1}, "Too blue", key=uuid4())
    await operations.request_return(order_id, {line["id"]: 1}, "The cover is torn", key=uuid4(), faulty=True)

    async with reading(order_id) as db:
        [known] = await queries.returns_of(db, order_id)
    assert known.faulty


@pytest.mark.usefixtures("obliging")
async def test_the_page_of_a_return_says_so_beside_the_line(shop) -> None:
    order_id = await ordered(shop, await a_journal(), "ABC")
    [line] = await lines_of(order_id)
    await ship(order_id, {line["id"]: 2})
    number = (await row_of(order_id))["number"]
    form = {"key": str(uuid4()), "reason": "Too blue", f"return-{line['id']}": "1"}

    refused = await shop.post(f"/orders/{number}/returns", data=form)
    taken = await shop.post(f"/orders/{number}/returns", data=form | {"faulty": "yes"})

    assert refused.status_code == 422 and "made for you" in refused.text and "Too blue" in refused.text
    assert taken.status_code == 303


async def test_the_same_again_has_the_same_texts(shop) -> None:
    order_id = await ordered(shop, await a_journal(), "ABC", "DEF")
    row = await row_of(order_id)

    await members.put_in_again(row["shopper_id"], row["number"])

    assert sorted(texts_of(await cart_now(shop))) == [("ABC", 2), ("DEF", 2)]


async def test_an_old_order_forgets_what_was_written(shop) -> None:
    order_id = await ordered(shop, await a_journal(), "ABC")
    async with writing(order_id) as db:
        await db.execute("UPDATE orders SET status = 'closed' WHERE id = $1", order_id)
        await db.execute(forgetting.UNWRITTEN, [order_id])

    assert [line["personal_text"] for line in await lines_of(order_id)] == [""]
