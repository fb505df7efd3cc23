from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from app.db.engines import Busy
from app.inventory import operations as inventory
from app.main import create_app
from app.orders import patience, queries, rules, tries
from app.orders.drive import drive
from app.payments.gateway import Answer, Charge
from app.values import read_bucket_mark
from tests.cart.browsing import shopper_of
from tests.checkout.walk import another_browser, pay, place, status_of, to_token, words_of
from tests.knobs import Scripted, knobs, provider, yes
from tests.makers import a_product
from tests.orders.books import to_page
from tests.orders.test_drive import silent
from tests.orders.test_operations import declined


class Slow(Scripted):
    """A provider with a page that later needs its time to say what became of it."""

    def __init__(self) -> None:
        super().__init__(to_page)
        self.answers = asyncio.Event()

    async def look_up(self, charge: Charge) -> Answer:
        await self.answers.wait()
        return yes(charge)


async def test_back_from_a_slow_provider_the_page_says_that_we_wait_and_then_what_became_of_it(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with provider(Slow()) as slow:
        await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))
        monkeypatch.setattr(patience, "PATIENCE", 0.05)
        back = await shop.get(slow.charges[0].return_url)  # type: ignore[attr-defined]
        waiting = await shop.get(back.headers["location"])
        slow.answers.set()  # type: ignore[attr-defined]
        await asyncio.gather(*patience._going_on)
        page = await shop.get(back.headers["location"])

    assert back.status_code == 303
    assert "Waiting for the payment provider" in words_of(waiting) and "Look again" in words_of(waiting)
    assert status_of(page) == "placed"


async def test_who_comes_back_from_paying_in_a_browser_without_its_cookie_has_paid_and_reads_how_to_get_in(
    shop: httpx.AsyncClient,
) -> None:
    with provider(Scripted(to_page)) as asked:
        await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))
        [charge] = asked.charges
        asked.then = yes(charge)
        async with another_browser() as lost:
            back = await lost.get(charge.return_url)

    number = re.search(r"/account/sign-in\?next=(/orders/\w+)", back.text)
    assert back.status_code == 404 and number
    assert status_of(await shop.get(number[1])) == "placed"


async def placed(shop: httpx.AsyncClient) -> str:
    """The page of a paid order."""
    with knobs(payment_provider="instant"):
        return (await place(shop, await to_token(shop, {(await a_product(title="Lamp")).variant_id: 1}))).headers[
            "location"
        ]


async def test_the_order_page_says_what_happened(shop: httpx.AsyncClient) -> None:
    page = await shop.get(await placed(shop))

    said = words_of(page)
    assert status_of(page) == "placed"
    for text in ("Thank you, your order is placed", "Lamp", "£17.90", "Ada Lovelace", "York", "You placed the order."):
        assert text in said
    assert page.headers["cache-control"] == "private, no-store"


async def test_somebody_elses_order_looks_exactly_like_a_missing_one(shop: httpx.AsyncClient) -> None:
    address = await placed(shop)
    bucket = read_bucket_mark(address.rpartition("/")[2])
    assert bucket is not None
    missing = f"/orders/{rules.new_number(bucket)}"

    async with another_browser() as stranger:
        await stranger.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id), "quantity": "1"})
        answers = [await stranger.get(path) for path in (address, missing, "/orders/nonsense", "/orders/%F0%9F%8D%B5")]
        posts = [await stranger.post(f"{path}/pay") for path in (address, missing, "/orders/nonsense")]
    async with another_browser() as nobody:
        answers.append(await nobody.get(address))

    assert {answer.status_code for answer in answers + posts} == {404}
    assert answers[0].text.replace(address, "") == answers[1].text.replace(missing, "")
    assert f"/account/sign-in?next={address}" in answers[0].text, "the way in, for whoever reads the mail elsewhere"
    assert all(answer.headers["cache-control"] == "private, no-store" for answer in answers)


async def test_an_order_number_may_be_typed_in_small_letters(shop: httpx.AsyncClient) -> None:
    address = await placed(shop)

    page = await shop.get(f"/orders/{address.rpartition('/')[2].lower()}")

    assert page.status_code == 200


async def test_a_declined_payment_can_be_tried_again_from_the_order_page(shop: httpx.AsyncClient) -> None:
    with provider(Scripted(declined)):
        sent = await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))
    page = await shop.get(sent.headers["location"])

    with knobs(payment_provider="instant"):
        again = await shop.post(f"{sent.headers['location']}/pay")

    assert "The payment did not go through" in page.text
    assert "Try paying again" in page.text
    assert again.status_code == 303
    assert status_of(await shop.get(again.headers["location"])) == "placed"


async def test_while_the_payment_page_is_open_the_order_leads_back_to_it(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})
    to_provider = (await place(shop, token)).headers["location"]
    order = (await place(shop, token)).headers["location"]

    again = await shop.post(f"{order}/pay")

    assert again.headers["location"] == to_provider
    assert "Go on to the payment page" in (await shop.get(order)).text


async def test_paying_a_paid_order_again_shows_the_order(shop: httpx.AsyncClient) -> None:
    address = await placed(shop)

    again = await shop.post(f"{address}/pay")

    assert again.headers["location"] == address


async def test_an_order_still_being_placed_asks_again_by_itself_and_without_scripts(shop: httpx.AsyncClient) -> None:
    with provider(Scripted(silent)):
        sent = await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))

    page = await shop.get(sent.headers["location"])

    assert "hx-trigger" in page.text
    assert "Look again" in page.text
    assert "Waiting for the payment provider" in page.text


async def test_after_paying_the_badge_and_the_number_of_orders_are_right(shop: httpx.AsyncClient) -> None:
    address = await placed(shop)

    page = await shop.get(address)
    lost = await shop.get("/nowhere")

    assert shop.cookies["cc_8080"] == "0"
    assert page.status_code == 200
    assert "Your orders (1)" in words_of(lost)


async def test_the_number_of_orders_is_kept_only_under_the_current_version(shop: httpx.AsyncClient) -> None:
    await placed(shop)
    stale = await shop.get("/_h/orders", headers={"X-Vitrine-Way": "visitor"})
    await shop.get("/cart")

    current = await shop.get("/_h/orders", headers={"X-Vitrine-Way": "visitor"})

    assert "x-vitrine-keep" not in stale.headers
    assert current.headers["x-vitrine-keep"] == "1"
    assert current.headers["xkey"] != "all"


async def test_without_a_session_the_account_is_empty_and_its_bit_says_nothing(shop: httpx.AsyncClient) -> None:
    page, bit = await shop.get("/account"), await shop.get("/_h/orders", headers={"X-Vitrine-Way": "visitor"})

    assert "Nothing was ordered" in page.text
    assert bit.text.strip() == '<a id="own-orders" href="/account">Your orders</a>'
    assert "set-cookie" not in page.headers


async def test_the_return_shows_the_order_only_to_its_owner(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})
    page = (await place(shop, token)).headers["location"]
    back = (await pay(shop, page, "4242 4242 4242 4242")).headers["location"]

    async with another_browser() as stranger:
        refused = await stranger.get(back)
    first, again = await shop.get(back), await shop.get(back)

    assert refused.status_code == 404
    assert first.headers["location"] == again.headers["location"]
    assert status_of(await shop.get(first.headers["location"])) == "placed"


@pytest.mark.parametrize("path", ["/checkout/return/nonsense", "/checkout/return/00000000-0000-8000-8000-000000000000"])
async def test_a_return_from_nowhere_is_not_found(shop: httpx.AsyncClient, path: str) -> None:
    assert (await shop.get(path)).status_code == 404


def test_the_edge_is_told_that_these_pages_are_private() -> None:
    create_app()
    from app.main import edge_routes

    kinds = {route.name: route.kind for route in edge_routes()}

    assert {kinds[name] for name in ("order", "account", "pay_return", "checkout", "checkout_review")} == {"private"}


async def test_an_order_that_waits_for_a_shelf_says_so_and_can_be_cancelled(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Busy

    token = await to_token(shop, {(await a_product()).variant_id: 1})
    monkeypatch.setattr(inventory, "reserve", away)
    where = (await place(shop, token)).headers["location"]
    early = await shop.get(where)
    order_id = await queries.order_id_of(await shopper_of(shop), where.rpartition("/")[2])
    assert order_id
    await tries.note_try(order_id)  # the sweeper could not drive it on either

    page = await shop.get(where)
    answer = await shop.post(f"{where}/cancel")
    state = await drive(order_id)

    assert "This takes a few seconds" in early.text and "cancel-order" not in early.text
    assert "temporarily unavailable" in page.text and "cancel-order" in page.text
    assert answer.status_code == 303
    assert state and (state.status, state.reason) == ("rejected", "withdrawn")
    assert "Nothing was charged, and your cart is as it was." in (await shop.get(where)).text
