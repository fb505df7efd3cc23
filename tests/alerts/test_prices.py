from __future__ import annotations

import httpx
import pytest

from app.alerts import operations, prices, queries
from app.alerts.links import token_of
from app.db.engines import EVERYONE, all_shards, writing
from tests import makers
from tests.alerts.test_pages import an_email, mails_to, rows_of
from tests.conftest import ANONYMOUS_FORM

pytestmark = pytest.mark.usefixtures("databases")


async def reprice(product: makers.AProduct, amount: int) -> None:
    """As psql would: nobody tells the shop."""
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = $2 WHERE variant_id = $1", product.variant_id, amount)


async def told(email: str) -> list[str]:
    """The subjects of what comes to this address after a sweep of every shard."""
    for shard in all_shards():
        await prices.sweep_prices(shard.first)
    return [message["Subject"] for message in await mails_to(email)]


async def a_watcher(product: makers.AProduct, seen: int) -> str:
    """Somebody who has asked at this price, and confirmed it."""
    email = an_email()
    await operations.ask(email, product.variant_id, seen=seen)
    await mails_to(email)
    await operations.confirm(token_of((await rows_of(email))[0]))
    return email


async def test_from_a_page_to_one_mail_when_it_costs_less(shop: httpx.AsyncClient) -> None:
    pot, email = await makers.a_product(title="Pell pot", price=1400), an_email()
    page = await shop.get(pot.url, headers=ANONYMOUS_FORM)
    assert "Tell me when it costs less" in page.text

    asked = await shop.post("/alerts", data={"variant_id": str(pot.variant_id), "email": email, "kind": "price"})
    [question] = await mails_to(email)
    token = token_of((await rows_of(email))[0])
    await reprice(pot, 1300)
    assert await told(email) == [], "nobody has confirmed"
    await reprice(pot, 1400)
    looked = await shop.get(f"/alerts/link/{token}")
    await shop.post(f"/alerts/link/{token}")

    assert asked.status_code == 303 and question["Subject"] == "Tell you when Pell pot costs less?"
    assert "Tell you when it costs less?" in looked.text
    assert "when Pell pot" in (await shop.get(f"/alerts/link/{token}")).text
    assert await told(email) == [], "it costs what it did"
    await reprice(pot, 1500)
    assert await told(email) == []
    await reprice(pot, 1399)
    for shard in all_shards():
        await prices.sweep_prices(shard.first)
    [mail] = await mails_to(email)
    words = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["Subject"] == "Pell pot costs less" and "costs £13.99 now. It was £14.00" in words
    assert mail["List-Unsubscribe"].endswith(f"/alerts/stop/{token}>")
    assert await rows_of(email) == [] and await told(email) == []


async def test_a_price_that_begins_by_the_clock_is_heard_of_too() -> None:
    pot = await makers.a_product(price=1400)
    email = await a_watcher(pot, 1400)
    async with writing(EVERYONE) as db:
        sql = """INSERT INTO timed_price (id, variant_id, market, currency, amount, starts_at)
            VALUES (gen_random_uuid(), $1, 'uk', 'GBP', 900, now())"""
        await db.execute(sql, pot.variant_id)

    assert len(await told(email)) == 1


async def test_who_was_quicker_than_the_mail_leaves_the_alert_waiting() -> None:
    pot = await makers.a_product(price=1400)
    email = await a_watcher(pot, 1400)
    await reprice(pot, 1000)
    for shard in all_shards():
        await prices.sweep_prices(shard.first)
    await reprice(pot, 1400)

    assert await mails_to(email) == [] and len(await rows_of(email)) == 1
    await reprice(pot, 1000)
    assert len(await told(email)) == 1


async def test_what_cannot_be_bought_is_no_bargain_and_both_alerts_stand_side_by_side() -> None:
    pot = await makers.a_product(price=1400, band="out")
    email = await a_watcher(pot, 1400)
    await operations.ask(email, pot.variant_id)
    await mails_to(email)
    await reprice(pot, 1000)

    assert await told(email) == []
    assert [each.price_seen for each in await queries.alerts_of(email)] == [1400, None]


async def test_more_than_a_batch_is_told_in_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "BATCH", 1)
    pots = [await makers.a_product(price=1400) for _ in range(3)]
    emails = [await a_watcher(pot, 1400) for pot in pots]
    for pot in pots:
        await reprice(pot, 1)
    for shard in all_shards():
        await prices.sweep_prices(shard.first)

    assert [len(await mails_to(email)) for email in emails[:1]] == [1]
    assert not any([await rows_of(email) for email in emails])
