from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import httpx
import pytest

from app.accounts import limits
from app.alerts import operations, pages, queries
from app.alerts.events import SendAlert
from app.alerts.links import token_of
from app.db.engines import EVERYONE, all_shards, reading, writing
from app.inventory import operations as inventory
from app.values import name_bucket, new_id
from jobs import alerts, smtp
from tests import makers
from tests.cart.browsing import HTMX
from tests.catalog.test_pages import kept_for
from tests.conftest import ANONYMOUS_FORM
from tests.members.people import run_jobs

pytestmark = pytest.mark.usefixtures("databases")


@pytest.fixture(autouse=True)
async def fresh(databases: None) -> None:
    """No test is refused for the tries of another, nor hears its mails."""
    for shard in all_shards():
        async with writing(shard.first) as db:
            await db.execute("DELETE FROM visitor_try")


@contextmanager
def posted() -> Iterator[list[EmailMessage]]:
    """The mails that went out."""
    sent: list[EmailMessage] = []

    async def deliver(message: EmailMessage, _: Any) -> None:
        sent.append(message)

    with mock.patch.object(smtp, "deliver", deliver):
        yield sent


async def mails_to(email: str) -> list[EmailMessage]:
    """What is due to this address, once all that follows from what happened is done."""
    with posted() as sent:
        for _ in range(3):
            await run_jobs("StockBandChanged", "AlertsDue", "SendAlertLink", "SendAlert")
    return [message for message in sent if message["To"] == email]


async def rows_of(email: str) -> list[UUID]:
    async with reading(name_bucket(email)) as db:
        return [row["id"] for row in await db.fetch("SELECT id FROM stock_alert WHERE email = $1", email)]


def an_email() -> str:
    return f"{makers.unique('wait')}@example.org"


async def a_waiting(email: str, variant_id: UUID) -> str:
    """Somebody has asked and confirmed; the token of their links."""
    await operations.ask(email, variant_id)
    token = token_of((await rows_of(email))[-1])
    await operations.confirm(token)
    await mails_to(email)
    return token


async def test_from_a_sold_out_page_to_one_mail_and_nothing_left(shop: httpx.AsyncClient) -> None:
    pot, email = await makers.a_product(title="Pell pot", band="out"), an_email()
    page = await shop.get(pot.url, headers=ANONYMOUS_FORM)
    assert 'action="/alerts"' in page.text and kept_for(page) > 3600

    asked = await shop.post("/alerts", data={"variant_id": str(pot.variant_id), "email": f" {email.upper()} "})
    [question] = await mails_to(email)
    token = token_of((await rows_of(email))[0])
    looked = [await shop.get(f"/alerts/link/{token}") for _ in range(2)]

    assert (asked.status_code, asked.headers["location"]) == (303, "/alerts/sent") and "set-cookie" not in asked.headers
    assert f"/alerts/link/{token}" in question.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"/alerts/link/{token}" in question.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert all("Yes, tell me" in page.text for page in looked), "looking confirms nothing"
    assert looked[0].headers["referrer-policy"] == "strict-origin"

    await inventory.receive(pot.variant_id, 1)
    assert await mails_to(email) == [], "nobody has confirmed"
    await inventory.adjust(pot.variant_id, -1, reason="lost")
    await mails_to(email)
    assert (await shop.post(f"/alerts/link/{token}")).status_code == 303
    assert "We will tell you" in (await shop.get(f"/alerts/link/{token}")).text
    assert await mails_to(email) == []

    await inventory.receive(pot.variant_id, 5)
    [told] = await mails_to(email)

    assert told["Subject"] == "Pell pot is back" and pot.url in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert told["List-Unsubscribe"].endswith(f"/alerts/stop/{token}>")
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert await rows_of(email) == [] and await mails_to(email) == []


async def test_known_and_unknown_addresses_get_the_same_answer_and_one_mail(shop: httpx.AsyncClient) -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    form = {"variant_id": str(pot.variant_id), "email": email}

    answers = await asyncio.gather(*(shop.post("/alerts", data=form) for _ in range(4)))
    once = await mails_to(email)
    await operations.confirm(token_of((await rows_of(email))[0]))
    answers.append(await shop.post("/alerts", data=form))
    in_place = await shop.post("/alerts", data=form, headers={"HX-Request": "true"})

    assert {(each.status_code, each.headers["location"], each.content) for each in answers} == {
        (303, "/alerts/sent", b"")
    }
    assert "Check your mail" in in_place.text and "set-cookie" not in in_place.headers
    assert len(once) == 1 and await mails_to(email) == [] and len(await rows_of(email)) == 1


async def test_confirming_twice_or_too_late_confirms_nothing(shop: httpx.AsyncClient) -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    await operations.ask(email, pot.variant_id)
    token = token_of((await rows_of(email))[0])

    both = await asyncio.gather(*(shop.post(f"/alerts/link/{token}") for _ in range(2)))
    await operations.ask(other := an_email(), pot.variant_id)
    async with writing(name_bucket(other)) as db:
        await db.execute("UPDATE stock_alert SET expires_at = now() - interval '1 second' WHERE email = $1", other)
    late = token_of((await rows_of(other))[0])

    assert sorted(each.status_code for each in both) == [200, 303]
    assert "Nothing waits here" in (await shop.post(f"/alerts/link/{late}")).text
    await operations.sweep_alerts(name_bucket(other))
    assert await rows_of(other) == [] and len(await rows_of(email)) == 1


async def test_who_confirms_after_it_came_back_is_told_at_once() -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    await operations.ask(email, pot.variant_id)
    await inventory.receive(pot.variant_id, 5)
    await mails_to("nobody")

    await operations.confirm(token_of((await rows_of(email))[0]))

    assert [message["Subject"].endswith("is back") for message in await mails_to(email)] == [True]


async def test_a_repeated_job_says_the_same_and_sold_out_again_waits_on() -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    await a_waiting(email, pot.variant_id)
    await inventory.receive(pot.variant_id, 5)
    await run_jobs("StockBandChanged")
    await run_jobs("AlertsDue")
    [id], row = await rows_of(email), uuid4()

    with posted() as sent, mock.patch.object(operations, "end", side_effect=OSError):
        for _ in range(2):
            with pytest.raises(OSError):
                await alerts.send_alert(SendAlert(alert_id=id), row)
    assert len({message["Message-ID"] for message in sent}) == 1 and len(sent) == 2

    async with writing(EVERYONE) as db:
        await db.execute("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", pot.variant_id)
    assert await mails_to(email) == [] and len(await rows_of(email)) == 1


async def test_one_click_of_a_mail_program_ends_it_without_our_pages(shop: httpx.AsyncClient) -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    token = await a_waiting(email, pot.variant_id)
    path = f"/alerts/stop/{token}"
    stranger = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}

    looked = await shop.get(path)
    refused = await shop.post(f"/alerts/link/{token}", headers=stranger)
    ended = await shop.post(path, data={"List-Unsubscribe": "One-Click"}, headers=stranger)

    assert "End this alert?" in looked.text and refused.status_code == 403
    assert ended.status_code == 303 and await rows_of(email) == []
    await inventory.receive(pot.variant_id, 5)
    assert await mails_to(email) == []
    assert "Nothing waits here" in (await shop.get(path)).text
    assert "Nothing waits here" in (await shop.get("/alerts/link/<b>'")).text


async def test_many_on_every_shard_are_told_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 2)
    pot = await makers.a_product(band="out")
    for number in range(9):
        bucket = 7 if number < 5 else number * 100
        id = new_id(bucket)
        async with writing(id) as db:
            await db.execute(
                "INSERT INTO stock_alert (id, email, variant_id, token_hash, expires_at, confirmed_at)"
                " VALUES ($1, $2, $3, $4, now() + interval '1 day', now())",
                id, an_email(), pot.variant_id, id.bytes,
            )  # fmt: skip
    await inventory.receive(pot.variant_id, 5)

    with posted() as sent:
        await run_jobs("StockBandChanged")
        await run_jobs("AlertsDue")
        await run_jobs("SendAlert")

    assert len({message["To"] for message in sent}) == len(sent) == 9


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "x" * 250 + "@example.org", "<script>@example.org", "a@example.org\nBcc: b@example.org"],
)
async def test_what_is_no_address_is_told_and_kept(shop: httpx.AsyncClient, email: str) -> None:
    pot = await makers.a_product(title="Pell pot", band="out")

    answer = await shop.post("/alerts", data={"variant_id": str(pot.variant_id), "email": email})

    assert answer.status_code == 422 and "looks like name@" in answer.text and "Pell pot" in answer.text
    assert "<script>@" not in answer.text and "set-cookie" not in answer.headers


async def test_what_is_nothing_of_ours_and_too_often_is_refused(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot, email = await makers.a_product(band="out"), an_email()
    monkeypatch.setattr(limits, "MAILS_BY_CLIENT", 3)
    monkeypatch.setattr(pages, "client_of", lambda request: email)

    tries = [await shop.post("/alerts", data={"variant_id": str(pot.variant_id), "email": email}) for _ in range(4)]

    monkeypatch.setattr(pages, "client_of", lambda request: "")
    assert (await shop.post("/alerts", data={"variant_id": "x", "email": email})).status_code == 422
    assert (await shop.post("/alerts", data={"variant_id": str(new_id(3)), "email": an_email()})).status_code == 404
    assert tries[0].status_code == 303 and tries[-1].status_code == 422 and "too often" in tries[-1].text
    [alert] = await queries.alerts_of(email)
    strange = {"variant_id": str(pot.variant_id), "email": an_email(), "kind": "gossip"}
    assert (await shop.post("/alerts", data=strange)).status_code == 422
    assert (alert.variant_id, alert.title.partition(",")[0]) == (pot.variant_id, pot.title)


async def test_what_nobody_confirmed_keeps_no_owner_from_asking() -> None:
    email, pot = an_email(), await makers.a_product(band="out")
    for _ in range(operations.MOST):
        await operations.ask(email, (await makers.a_product(band="out")).variant_id)
    await mails_to(email)

    await operations.ask(email, pot.variant_id)

    assert len(await mails_to(email)) == 1


async def test_confirmed_alerts_have_an_end() -> None:
    email = an_email()
    with mock.patch.object(operations, "MOST", 2):
        for _ in range(3):
            await operations.ask(email, (await makers.a_product(band="out")).variant_id)
        first, second, third = (token_of(id) for id in await rows_of(email))
        await operations.confirm(first)
        await operations.confirm(second)
        await operations.ask(email, (await makers.a_product(band="out")).variant_id)

        with pytest.raises(operations.LinkIsOver):
            await operations.confirm(third)
    assert len(await rows_of(email)) == 3


async def test_one_address_gets_few_mails_about_alerts(shop: httpx.AsyncClient) -> None:
    email, codes = an_email(), []
    for _ in range(10):
        pot = await makers.a_product(band="out")
        codes.append((await shop.post("/alerts", data={"variant_id": str(pot.variant_id), "email": email})).status_code)

    assert set(codes) == {303}
    assert len(await mails_to(email)) == 8


async def test_with_htmx_a_wrong_address_is_told_beside_its_field_and_kept(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()

    told = await shop.post("/alerts", data={"variant_id": str(product.variant_id), "email": "ada@"}, headers=HTMX)

    assert told.status_code == 422 and "<html" not in told.text and "hx-retarget" not in told.headers
    assert 'value="ada@"' in told.text and 'aria-invalid="true"' in told.text
    assert re.search(r'id="alert-email-error"[^>]*>An e-mail address looks like', told.text)
