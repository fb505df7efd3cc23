from __future__ import annotations

import asyncio

import httpx
import pytest

from app.accounts import limits
from app.accounts import operations as accounts
from app.db.engines import TALLY, Tally, writing
from app.values import name_bucket
from tests.cart.browsing import put_in
from tests.checkout.walk import words_of
from tests.makers import a_product
from tests.members.people import (
    PASSWORD,
    accounts_of,
    an_email,
    is_in,
    link_for,
    mails_to,
    run_jobs,
    shopper_of,
    sign_in,
    sign_up,
)


async def test_a_password_opens_an_account_in_any_browser(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)

    answer = await sign_in(other, f" {email.upper()} ", next="/account/orders")

    assert answer.headers["location"] == "/account/orders"
    assert await is_in(other) and await is_in(shop)
    assert other.cookies["cc_8080"] == "0s"


async def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email = await sign_up(shop)
    await put_in(other, await a_product())
    before = {name: other.cookies[f"{name}_8080"] for name in ("sid", "pv", "cc")}

    await sign_in(other, email)

    assert all(other.cookies[f"{name}_8080"] != value for name, value in before.items())
    async with httpx.AsyncClient(transport=other._transport, base_url="http://localhost:8080") as fixed:
        fixed.cookies.set("sid_8080", before["sid"])
        assert "cart-line" not in (await fixed.get("/cart")).text
        assert not await is_in(fixed)


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


ASKING = {
    "/account/sign-in": {"password": "not the password"},
    "/account/sign-in/link": {},
    "/account/reset": {},
    "/account/sign-up": {"name": "Eve", "password": "a password of Eve"},
}


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


async def test_an_answer_that_was_on_its_way_takes_no_cookies_from_who_has_just_signed_in(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    email = await sign_up(shop)
    await put_in(other, await a_product())
    sid = other.cookies["sid_8080"]
    await sign_in(other, email)

    other.cookies.set("sid_8080", sid, domain="localhost.local", path="/")
    late = await other.get("/cart")

    assert "set-cookie" not in late.headers


async def test_a_link_by_mail_signs_in_once(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await other.post("/account/sign-in/link", data={"email": email, "next": "/account/orders"})
    link = await link_for(email)

    looked = await other.get(link)
    first, second = await other.post(link), await other.post(link)

    assert looked.headers["referrer-policy"] == "strict-origin" and looked.headers["x-robots-tag"] == "noindex"
    assert (first.status_code, first.headers["location"]) == (303, "/account/orders")
    assert second.status_code == 422
    assert await is_in(other)


async def test_links_that_are_old_or_made_up_open_nothing(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await other.post("/account/sign-in/link", data={"email": email})
    link = await link_for(email)
    async with writing(name_bucket(email)) as db:
        await db.execute("UPDATE account_token SET expires_at = now() WHERE email = $1", email)

    answers = [await other.post(each) for each in (link, "/account/link/" + "0" * 45, "/account/link/%C3%A9")]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert (await other.get(link)).status_code == 404
    assert not await is_in(other)


async def test_a_new_password_signs_every_browser_out(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await other.post("/account/reset", data={"email": email})
    link = await link_for(email)

    weak = await other.post(link, data={"password": "1234567890"})
    done = await other.post(link, data={"password": "another four words"})

    assert weak.status_code == 422 and "tried first" in weak.text
    assert done.status_code == 303
    assert await is_in(other) and not await is_in(shop)
    assert (await sign_in(shop, email)).status_code == 422
    assert (await sign_in(shop, email, "another four words")).status_code == 303
    assert "Your password was changed" in await mails_to(email)
    assert await is_in(other)  # the job ends what was before the change, not what came after


async def test_too_many_wrong_passwords_are_refused_even_the_right_one(shop: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await shop.post("/account/sign-out")
    for _ in range(limits.BY_ADDRESS):
        assert (await sign_in(shop, email, "wrong")).status_code == 422

    refused = await sign_in(shop, email)

    assert refused.status_code == 429 and "quarter of an hour" in refused.text
    assert not await is_in(shop)


async def test_signing_out_ends_the_session_and_takes_the_cookies(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)
    sid = shop.cookies["sid_8080"]

    await shop.post("/account/sign-out")

    assert "sid_8080" not in shop.cookies
    shop.cookies.set("sid_8080", sid)
    assert not await is_in(shop)


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "/%2f/evil.example", "x"])
async def test_signing_in_leads_only_to_our_own_pages(
    shop: httpx.AsyncClient, other: httpx.AsyncClient, to: str
) -> None:
    email = await sign_up(shop)

    assert (await sign_in(other, email, next=to)).headers["location"] in ("/account", "/%2f/evil.example")[:1]


async def test_what_was_typed_stays_but_for_the_password(shop: httpx.AsyncClient) -> None:
    answer = await shop.post(
        "/account/sign-up", data={"email": "no address", "name": "Ada <b>", "password": "secret-long-enough"}
    )

    assert answer.status_code == 422
    assert 'value="no address"' in answer.text and "Ada &lt;b&gt;" in answer.text
    assert "secret-long-enough" not in answer.text
    assert 'autocomplete="new-password"' in answer.text and 'autocomplete="username"' in answer.text


async def test_a_shopper_gets_one_account(shop: httpx.AsyncClient) -> None:
    first, second = an_email(), an_email()
    for email in (first, second):
        await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    links = [await link_for(first), await link_for(second)]

    await shop.post(links[0], data={"password": PASSWORD})
    await shop.post("/account/sign-out")
    await shop.post(links[1], data={"password": PASSWORD})

    assert await shopper_of(first) != await shopper_of(second)


async def test_pages_of_an_account_lead_strangers_to_the_door_and_are_kept_by_nobody(shop: httpx.AsyncClient) -> None:
    for path in ("/account/details", "/account/security", "/account/addresses"):
        answer = await shop.get(path)
        assert answer.headers["location"] == f"/account/sign-in?next={path}"
    await sign_up(shop)
    page = await shop.get("/account")

    assert page.headers["cache-control"] == "private, no-store" and page.headers["x-robots-tag"] == "noindex"
    assert "Hello, Ada" in words_of(page)


async def test_forms_of_strangers_change_nothing(shop: httpx.AsyncClient) -> None:
    for path in ("/account/details", "/account/security/password", "/account/security/sign-out", "/account/addresses"):
        assert (await shop.post(path, data={"name": "Eve"})).status_code == 403


async def test_a_guests_own_browser_is_not_in_the_account(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    """Confirmed elsewhere: the guest session that asked has not signed in, and must not become more."""
    await put_in(shop, await a_product())
    email = an_email()
    await shop.post("/account/sign-up", data={"email": email, "name": "Ada", "password": PASSWORD})
    await other.post(await link_for(email), data={"password": PASSWORD})

    assert not await is_in(shop)
    assert "cart-line" not in (await shop.get("/cart")).text
    assert "cart-line" in (await other.get("/cart")).text


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


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["move_in", "move_shopper", "move_out"])
async def test_a_move_that_was_killed_goes_on(shop: httpx.AsyncClient, monkeypatch, stop: str) -> None:
    from app.db import crash

    old, new = await sign_up(shop), an_email()
    await shop.post("/account/details/email", data={"email": new, "password": PASSWORD})
    link = await link_for(new)

    def at(step: str, when: str) -> None:
        if (step, when) == (stop, "before_commit"):
            raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(crash, "at", at)
        await shop.post(link)
    assert await accounts_of(old) == 1
    await run_jobs("AccountMoved")

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


async def test_an_account_that_nobody_confirmed_is_none() -> None:
    email = an_email()
    await accounts.ask_for_link("join", email, name="Ada", password_hash="x")

    with pytest.raises(accounts.WrongSignIn):
        await accounts.check_password(email, "x", "here")
    assert not await accounts_of(email)
