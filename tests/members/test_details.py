"""The details of an account: its address moves with proof, its browsers are signed out one by one or all."""

from __future__ import annotations

import httpx
import pytest

from tests.members.people import (
    PASSWORD,
    accounts_of,
    an_email,
    is_in,
    link_for,
    lost_at,
    mails_to,
    run_jobs,
    shopper_of,
    sign_in,
    sign_up,
)


async def test_moving_needs_the_password_and_the_new_address(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    old, new = await sign_up(shop), an_email()
    wrong = await shop.post("/account/details/email", data={"email": new, "password": "wrong"})
    asked = await shop.post("/account/details/email", data={"email": new, "password": PASSWORD})
    assert (wrong.status_code, asked.status_code) == (422, 303)
    assert (await sign_in(other, old)).status_code == 303

    await other.post(await link_for(new))

    assert (await accounts_of(old), await accounts_of(new)) == (0, 1)
    assert (await sign_in(shop, old)).status_code == 422
    assert (await sign_in(shop, new)).status_code == 303
    assert new in (await shop.get("/account/details")).text
    assert (await mails_to(old))[-1] == "Your e-mail address was changed"


async def test_an_address_that_was_mistyped_does_not_give_the_account_away(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email, strangers = await sign_up(shop), an_email()
    await shop.post("/account/details/email", data={"email": strangers, "password": PASSWORD})
    link = await link_for(strangers)

    asked, tried = await other.get(link), await other.post(link, data={"password": "not the password"})

    assert 'name="password"' in asked.text and 'name="password"' not in (await shop.get(link)).text
    assert (tried.status_code, await is_in(other), await accounts_of(email)) == (422, False, 1)
    assert (await other.post(link, data={"password": PASSWORD})).status_code == 303
    assert await accounts_of(strangers) == 1


async def test_of_two_moves_the_last_one_counts(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)
    wrong, right = an_email(), an_email()
    for email in (wrong, right):
        await shop.post("/account/details/email", data={"email": email, "password": PASSWORD})

    first, second = [await shop.post(await link_for(email)) for email in (wrong, right)]

    assert (first.status_code, second.status_code) == (422, 303)
    assert (await accounts_of(wrong), await accounts_of(right)) == (0, 1)


async def test_a_new_password_closes_the_links_that_were_open(shop: httpx.AsyncClient) -> None:
    email, thiefs = await sign_up(shop), an_email()
    await shop.post("/account/details/email", data={"email": thiefs, "password": PASSWORD})
    link = await link_for(thiefs)

    changed = {"password": PASSWORD, "new_password": "another long password"}
    assert (await shop.post("/account/security/password", data=changed)).status_code == 303

    assert (await shop.post(link, data={"password": changed["new_password"]})).status_code == 422
    assert (await accounts_of(email), await accounts_of(thiefs)) == (1, 0)


STOPS = ("move", "move_in", "move_shopper", "move_out")


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_a_move_that_was_killed_goes_on(shop: httpx.AsyncClient, stop: str, when: str) -> None:
    old, new = await sign_up(shop), an_email()
    await shop.post("/account/details/email", data={"email": new, "password": PASSWORD})
    link = await link_for(new)

    with lost_at(stop, when):
        await shop.post(link)
    await run_jobs("AccountMoved")
    await shop.post(link)  # of which nothing may have come

    assert (await accounts_of(old), await accounts_of(new)) == (0, 1)
    assert (await sign_in(shop, new)).status_code == 303
    assert new in (await shop.get("/account/details")).text


async def test_an_address_that_is_taken_stays_where_it_is(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    mine, theirs = await sign_up(shop), await sign_up(other)
    await shop.post("/account/details/email", data={"email": theirs, "password": PASSWORD})

    answer = await shop.post(await link_for(theirs))

    assert answer.status_code == 409
    assert await shopper_of(mine) != await shopper_of(theirs)


async def test_a_browser_can_be_signed_out_from_another(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await sign_in(other, email)
    page = await shop.get("/account/security")
    assert page.text.count('data-testid="session"') == 2

    rows = await accounts_sessions(email)
    for row in rows:
        await shop.post(f"/account/security/sessions/{row}")

    assert not await is_in(other)


async def accounts_sessions(email: str) -> list[object]:
    from app.accounts.queries import sessions_of

    return [row.session_id for row in await sessions_of(await shopper_of(email))]


async def test_nobody_signs_a_stranger_out(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    theirs = await sign_up(other)
    await sign_up(shop)

    for row in await accounts_sessions(theirs):
        await shop.post(f"/account/security/sessions/{row}")

    assert await is_in(other)


async def test_signing_out_everywhere_is_everywhere(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await sign_in(other, email)

    await shop.post("/account/security/sign-out")

    assert not await is_in(shop) and not await is_in(other)
