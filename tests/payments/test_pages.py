from __future__ import annotations

import asyncio
import html
import re
import time
from uuid import UUID

import httpx
import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.orders.drive import drive
from app.payments import cards, rules, testprovider
from app.payments.events import WebhookDue
from app.payments.testprovider import SIGNATURE, STAMP
from app.settings import settings
from app.values import new_id
from tests.checkout.walk import another_browser, pay, place, status_of, to_token, words_of
from tests.knobs import knobs
from tests.makers import a_product
from tests.orders.books import consequences_of, history_of, pass_time

OK, DECLINED, ASKS, SLOW = "4242424242424242", "4000000000000002", "4000 0000 0000 3220", "4000000000000077"
LOST, SILENT, THREE, OUTDATED = "4000000000000119", "4000000000000259", "4000000000000341", "4000000000000127"


async def at_the_page(shop: httpx.AsyncClient) -> str:
    """The provider's page for a new order."""
    return (await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))).headers["location"]


async def after(shop: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """The page at the end of the redirects."""
    while "location" in answer.headers:
        answer = await shop.get(answer.headers["location"])
    return answer


async def owed(page: str) -> list[WebhookDue]:
    """The webhooks that the provider owes about a payment, in the order in which they are due."""
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None
    async with reading(session.attempt_id) as db:
        rows = await db.fetch("SELECT body FROM outbox WHERE kind = 'WebhookDue' AND body->>'session_id' = $1 ORDER BY available_at, id", str(session.id))  # fmt: skip
    return [msgspec.convert(row["body"], WebhookDue) for row in rows]


async def order_of(page: str) -> UUID:
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None
    async with reading(session.attempt_id) as db:
        return await db.fetchval("SELECT order_id FROM payment_attempt WHERE id = $1", session.attempt_id)


async def test_the_page_says_the_amount_and_lists_its_numbers(shop: httpx.AsyncClient) -> None:
    page = await shop.get(await at_the_page(shop))

    said = words_of(page)
    assert "Pay £17.90" in said
    assert all(number in said for number in cards.CARDS)
    assert page.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "Please type a card number."),
        ("1234", cards.UNKNOWN_NUMBER),
        ("4242 4242 4242 4241", cards.UNKNOWN_NUMBER),
        ("378282246310005", cards.OTHER_NUMBER),
        ("<script>", cards.UNKNOWN_NUMBER),
    ],
)
async def test_what_is_wrong_with_a_number_stands_beside_it(shop: httpx.AsyncClient, number: str, words: str) -> None:
    page = await at_the_page(shop)

    answer = await pay(shop, page, number)

    assert answer.status_code == 422
    assert re.search(rf'data-testid="field-error">{re.escape(html.escape(words))}', answer.text)
    assert "<script>" not in answer.text.replace("<script src", "")


async def test_an_accepted_card_places_the_order(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)

    end = await after(shop, await pay(shop, page, OK))

    assert status_of(end) == "placed"
    assert "closed" in (await shop.get(page)).text


async def test_a_declined_card_can_be_followed_by_a_good_one(shop: httpx.AsyncClient) -> None:
    end = await after(shop, await pay(shop, await at_the_page(shop), DECLINED))
    address = str(end.url.path)

    page = (await shop.post(f"{address}/pay")).headers["location"]
    then = await after(shop, await pay(shop, page, OK))

    assert "The card was declined." in words_of(end)
    assert status_of(then) == "placed"


@pytest.mark.parametrize(
    ("answer", "words"), [("yes", "placed"), ("no", "did not go through"), ("", "did not go through")]
)
async def test_a_card_that_asks_first_has_one_more_page(shop: httpx.AsyncClient, answer: str, words: str) -> None:
    page = await at_the_page(shop)

    asked = await after(shop, await pay(shop, page, ASKS))
    end = await after(shop, await shop.post(f"{page}/confirm", data={"answer": answer}))

    assert "Is it you?" in asked.text
    assert words in words_of(end)


async def test_a_slow_card_is_accepted_in_the_end(shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = msgspec.structs.replace(cards.BY_DIGITS[SLOW], wait=0.2)
    monkeypatch.setitem(cards.BY_DIGITS, SLOW, slow)
    page, started = await at_the_page(shop), time.monotonic()

    end = await after(shop, await pay(shop, page, SLOW))

    assert status_of(end) == "placed"
    assert time.monotonic() - started > 0.2


async def test_going_back_without_paying_leaves_the_order_waiting(shop: httpx.AsyncClient) -> None:
    page = await shop.get(await at_the_page(shop))
    back = re.search(r'href="(/checkout/return/[^"]+)"', page.text)
    assert back

    end = await after(shop, await shop.get(back[1]))

    assert "Go on to the payment page" in words_of(end)


async def test_when_the_answer_is_lost_the_webhook_tells(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    lost = await pay(shop, page, LOST)
    order_id = await order_of(page)
    before = await history_of(order_id)

    async with another_browser() as provider:
        for event in await owed(page):
            await testprovider.deliver(event, provider)

    assert lost.status_code == 504
    assert before[-1] == "requires_action"
    assert (await history_of(order_id))[-1] == "placed"


async def test_a_card_that_never_answers_leaves_the_outcome_open(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None

    lost = await pay(shop, page, SILENT)
    end = await after(shop, await shop.get(session.return_url))

    assert lost.status_code == 504
    assert "Waiting for the payment provider" in words_of(end)
    assert await owed(page) == []


async def test_a_card_that_never_answers_is_voided_when_its_page_has_closed(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None
    await pay(shop, page, SILENT)
    await after(shop, await shop.get(session.return_url))
    order_id = await order_of(page)
    await pass_time(order_id, 1900)

    await drive(order_id)

    ended = await testprovider.session(session.id)
    assert ended is not None
    assert ended.state == "voided"
    assert (await history_of(order_id))[-1] == "cancelled"


@pytest.mark.parametrize(
    ("number", "messages"), [(OK, ["authorised"]), (THREE, ["authorised"] * 3), (OUTDATED, ["authorised", "open"])]
)
async def test_however_webhooks_come_the_order_is_placed_once(
    shop: httpx.AsyncClient, number: str, messages: list[str]
) -> None:
    page = await at_the_page(shop)
    returned = await pay(shop, page, number)
    due = await owed(page)

    async with another_browser() as provider:
        await asyncio.gather(
            after(shop, returned), *(testprovider.deliver(event, provider) for event in due + due[::-1])
        )

    order_id = await order_of(page)
    assert [event.state for event in due] == messages
    assert (await history_of(order_id)).count("placed") == 1
    assert (await consequences_of(order_id)).count("SendConfirmation") == 1
    assert (await history_of(order_id))[-1] == "placed"


async def test_a_webhook_without_a_good_signature_changes_nothing(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None
    await testprovider.book(session.id, "authorised")
    body = msgspec.json.encode({"id": "m1", "attempt_id": session.attempt_id, "state": "authorised"})
    stamp, old = str(int(time.time())), str(int(time.time()) - 400)
    good = rules.sign(settings().secret, stamp, body)
    tries = [
        ("test", {}, body),
        ("test", {STAMP: stamp, SIGNATURE: "0" * 64}, body),
        ("test", {STAMP: stamp, SIGNATURE: good}, body + b" "),
        ("test", {STAMP: old, SIGNATURE: rules.sign(settings().secret, old, body)}, body),
        ("test", {STAMP: stamp, SIGNATURE: rules.sign(settings().secret, stamp, b"{}")}, b"{}"),
        ("test", {STAMP: stamp, SIGNATURE: rules.sign(settings().secret, stamp, b"\xff")}, b"\xff"),
        ("nobody", {STAMP: stamp, SIGNATURE: good}, body),
    ]

    async with another_browser() as stranger:
        answers = [
            await stranger.post(f"/webhooks/{name}", content=content, headers=headers)
            for name, headers, content in tries
        ]

    assert {answer.status_code for answer in answers} == {400}
    assert (await history_of(await order_of(page)))[-1] == "requires_action"


async def test_a_webhook_about_a_payment_nobody_knows_is_thanked_for_and_nothing_more(shop: httpx.AsyncClient) -> None:
    body, stamp = msgspec.json.encode({"id": "m", "attempt_id": new_id(3)}), str(int(time.time()))

    answer = await shop.post(
        "/webhooks/test", content=body, headers={STAMP: stamp, SIGNATURE: rules.sign(settings().secret, stamp, body)}
    )

    assert (answer.status_code, answer.text) == (200, "thank you, this is about nothing of ours")


async def test_a_webhook_comes_from_another_site_and_is_taken(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    await pay(shop, page, LOST)
    [event] = await owed(page)

    async with another_browser() as provider:
        provider.headers["Sec-Fetch-Site"] = "cross-site"
        await testprovider.deliver(event, provider)

    assert (await history_of(await order_of(page)))[-1] == "placed"


async def test_the_provider_tells_again_until_the_shop_takes_it(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    await pay(shop, page, LOST)
    [event] = await owed(page)
    broken = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda request: httpx.Response(503)), base_url="http://shop.example"
    )

    with pytest.raises(httpx.HTTPStatusError):
        await testprovider.deliver(event, broken)


async def test_outside_development_there_is_no_such_page(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)

    with knobs(dev=False, secret="a secret of our own"):
        answers = [await shop.get(page), await shop.post(page, data={"number": OK})]

    assert {answer.status_code for answer in answers} == {404}


async def test_no_card_number_is_kept_anywhere(shop: httpx.AsyncClient) -> None:
    page = await at_the_page(shop)
    await pay(shop, page, "4242424242424242")
    session = await testprovider.session(UUID(page.rpartition("/")[2]))
    assert session is not None

    async with writing(EVERYONE) as db:
        books = await db.fetchval("SELECT row_to_json(t)::text FROM test_payment t WHERE id = $1", session.id)
    async with reading(session.attempt_id) as db:
        ours = await db.fetchval("SELECT row_to_json(a)::text FROM payment_attempt a WHERE id = $1", session.attempt_id)

    assert "4242424242424242" not in str(books) + str(ours)
