"""An account begins: whoever joins proves the address, and nobody learns from a page who has one."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from app.accounts import operations as accounts
from app.accounts.rules import try_name
from app.db.engines import TALLY, Tally, writing
from app.values import HOUR, name_bucket
from tests.cart.browsing import put_in
from tests.makers import a_product
from tests.members.people import (
    PASSWORD,
    accounts_of,
    an_email,
    is_in,
    link_for,
    lost_at,
    mails_to,
    shopper_of,
    sign_in,
    sign_up,
)

ASKING = {
    "/account/sign-in": {"password": "not the password"},
    "/account/sign-in/link": {},
    "/account/reset": {},
    "/account/sign-up": {"name": "Eve", "password": "a password of Eve"},
}


async def test_who_joins_in_the_browser_that_asked_keeps_cart_and_orders(shop: httpx.AsyncClient) -> None:
    product = await a_product()
    await put_in(shop, product, 3)
    before = shop.cookies["sid_8080"]

    await sign_up(shop)

    assert shop.cookies["sid_8080"] != before
    assert shop.cookies["cc_8080"] == "3s"
    assert product.title in (await shop.get("/cart")).text


async def test_a_link_in_another_browser_asks_for_the_password_that_was_chosen(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email = an_email()
    await shop.post("/account/sign-up", data={"email": email, "name": "Eve", "password": "chosen by somebody"})
    link = await link_for(email)

    wrong = await other.post(link, data={"password": "what Ada would type"})

    assert wrong.status_code == 422 and not await accounts_of(email)
    assert (await other.post(link, data={"password": "chosen by somebody"})).status_code == 303
    assert await is_in(other) and not await is_in(shop)


async def test_a_link_dies_of_too_many_wrong_passwords(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = an_email()
    await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    link = await link_for(email)
    for _ in range(10):
        await other.post(link, data={"password": "wrong"})

    assert (await other.post(link, data={"password": PASSWORD})).status_code == 422
    assert not await accounts_of(email)


async def test_two_who_join_with_one_address_at_once_are_one_account(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email, links = an_email(), []
    for browser in (shop, other):
        await browser.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
        links.append(await link_for(email))

    answers = await asyncio.gather(shop.post(links[0]), other.post(links[1]), shop.post(links[0]))

    assert await accounts_of(email) == 1
    assert sorted(answer.status_code for answer in answers)[:1] == [303]
    assert {await is_in(shop), await is_in(other)} == {True, False}


@pytest.mark.parametrize("path", ASKING)
async def test_nobody_learns_whether_an_address_has_an_account(
    shop: httpx.AsyncClient, other: httpx.AsyncClient, path: str
) -> None:
    known, unknown = await sign_up(shop), an_email()
    seen = []
    for email in (known, unknown):
        tally = Tally()
        async with httpx.AsyncClient(
            transport=other._transport, base_url="http://localhost:8080", headers=other.headers
        ) as stranger:
            token = TALLY.set(tally)
            answer = await stranger.post(path, data={"email": email} | ASKING[path])
            TALLY.reset(token)
        queries = answer.headers["server-timing"].rpartition("queries")[2]
        seen.append((answer.status_code, answer.text.replace(email, "E"), answer.headers.get("location"), queries))

    assert seen[0] == seen[1]


async def test_the_mail_says_what_the_page_does_not(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    known, unknown = await sign_up(shop), an_email()
    await mails_to(known)
    for email in (known, unknown):
        for path, more in ASKING.items():
            await other.post(path, data={"email": email} | more)

    assert sorted(await mails_to(known)) == [
        "Choose a new password",
        "You have an account already",
        "Your link to sign in",
    ]


async def test_an_unknown_address_gets_no_mail_but_to_join(shop: httpx.AsyncClient) -> None:
    unknown = an_email()
    for path, more in ASKING.items():
        await shop.post(path, data={"email": unknown} | more)

    assert await mails_to(unknown) == ["Confirm your account"]


@pytest.mark.parametrize(("path", "subject"), [("/account/sign-up", "Confirm your account"), ("/account/reset", "")])
async def test_one_address_gets_few_mails_and_nobody_who_asks_learns_it(
    shop: httpx.AsyncClient, other: httpx.AsyncClient, path: str, subject: str
) -> None:
    email = an_email() if subject else await sign_up(shop)
    await mails_to(email)
    answers = []
    for _ in range(7):
        async with httpx.AsyncClient(
            transport=other._transport, base_url="http://localhost:8080", headers=other.headers
        ) as stranger:
            answers.append(await stranger.post(path, data={"email": email} | ASKING[path]))

    said = {(each.status_code, each.headers["location"], len(each.headers.get_list("set-cookie"))) for each in answers}
    assert len(said) == 1
    sent = 5 if subject else 4  # one went out when they joined
    assert await mails_to(email) == [subject or "Choose a new password"] * sent


async def test_an_address_gets_no_more_mails_in_a_day_than_in_a_few_hours() -> None:
    email = an_email()
    told = []
    for _ in range(3):
        told += [await accounts.may_mail("mail", email=email, client="") for _ in range(6)]
        bucket = name_bucket(email)
        async with writing(bucket) as db:
            name = try_name(f"mail {HOUR}", email)
            await db.execute("UPDATE visitor_try SET since = since - interval '1 hour' WHERE name = $1", name)

    assert told.count(True) == 10


async def test_strangers_cannot_use_up_the_link_of_a_browser_that_was_in_before(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email = await sign_up(shop)
    await shop.post("/account/sign-out")
    for _ in range(6):
        await other.post("/account/sign-in/link", data={"email": email})
    await mails_to(email)

    await shop.post("/account/sign-in/link", data={"email": email})

    assert await mails_to(email) == ["Your link to sign in"]


async def test_a_shopper_gets_one_account(shop: httpx.AsyncClient) -> None:
    first, second = an_email(), an_email()
    for email in (first, second):
        await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    links = [await link_for(first), await link_for(second)]

    await shop.post(links[0], data={"password": PASSWORD})
    await shop.post("/account/sign-out")
    await shop.post(links[1], data={"password": PASSWORD})

    assert await shopper_of(first) != await shopper_of(second)


async def test_an_account_that_nobody_confirmed_is_none() -> None:
    email = an_email()
    await accounts.ask_for_link("join", email, name="Ada", password_hash="x")

    with pytest.raises(accounts.WrongSignIn):
        await accounts.check_password(email, "x", "here")
    assert not await accounts_of(email)


STOPS = ("claim", "join")


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_joining_that_was_killed_goes_on_from_the_same_link_or_the_door(
    shop: httpx.AsyncClient, stop: str, when: str
) -> None:
    email, product = an_email(), await a_product()
    await put_in(shop, product, 2)
    await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    link = await link_for(email)

    with lost_at(stop, when):
        await shop.post(link)
    again = await shop.post(link)

    assert await accounts_of(email) == 1
    if (stop, when) == ("join", "after_commit"):
        assert (again.status_code, (await sign_in(shop, email)).status_code) == (422, 303)
    assert await is_in(shop)
    assert product.title in (await shop.get("/cart")).text
