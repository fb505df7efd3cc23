from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest

from app.accounts import limits
from app.admin import guard, operations
from app.admin import sign_in as sign_ins
from app.db.engines import EVERYONE, reading, writing
from app.web.client import client_name


async def sign_in(admin, member, password: str | None = None, **more: str):
    return await admin.post("/sign-in", data={"email": member.email, "password": password or member.password} | more)


async def test_the_right_password_opens_the_admin(admin, member) -> None:
    answer = await sign_in(admin, member, next="/orders?q=ada")

    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?q=ada")
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith(f"{guard.cookie_name()}=")
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie and "Max-Age=43200" in cookie
    assert (await admin.get("/orders")).status_code == 200


async def test_the_address_may_be_typed_in_capitals(admin, member) -> None:
    answer = await admin.post("/sign-in", data={"email": f" {member.email.upper()} ", "password": member.password})

    assert answer.status_code == 303


async def test_a_wrong_password_and_an_unknown_address_get_the_same_words(admin, member) -> None:
    wrong = await sign_in(admin, member, "not this one")
    unknown = await admin.post("/sign-in", data={"email": "nobody@example.org", "password": "not this one"})

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(member.email, "") == unknown.text.replace("nobody@example.org", "")
    assert "do not belong together" in wrong.text
    assert "set-cookie" not in wrong.headers


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(admin, member) -> None:
    async def took(email: str) -> float:
        started = time.process_time()  # of the processor: a busy machine would make one of the two wait
        with pytest.raises(operations.WrongSignIn):
            await operations.sign_in(email, "not this one", instead_of="")
        return time.process_time() - started

    known, unknown = [min([await took(email) for _ in range(8)]) for email in (member.email, "nobody@example.org")]

    assert 0.5 < known / unknown < 2


async def test_too_many_tries_must_wait_whatever_the_sender_calls_itself(admin, member) -> None:
    codes = []
    for at in range(12):
        headers = {"X-Forwarded-For": f"192.0.2.{at}"}
        data = {"email": member.email, "password": "not this one"}
        codes.append((await admin.post("/sign-in", data=data, headers=headers)).status_code)
    right = await sign_in(admin, member)

    assert codes == [422] * 10 + [429] * 2
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0
    assert "tried too often" in right.text


async def test_an_account_has_its_tries_whichever_network_they_come_from(admin, member, monkeypatch) -> None:
    seen = iter(f"2001:db8:{at:x}::1" for at in range(20))
    monkeypatch.setattr(sign_ins, "_client", lambda request: client_name(next(seen)))

    codes = [(await sign_in(admin, member, "not this one")).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]


async def test_a_network_has_its_tries_however_many_addresses_it_has(admin, monkeypatch) -> None:
    monkeypatch.setattr(limits, "BY_CLIENT", 2)
    scopes = [SimpleNamespace(client=SimpleNamespace(host=f"2001:db8::{at:x}")) for at in range(1, 4)]
    names = iter([sign_ins._client(scope) for scope in scopes])
    monkeypatch.setattr(sign_ins, "_client", lambda request: next(names))

    data = [{"email": f"ghost{at}@example.org", "password": "not this one"} for at in range(3)]
    assert [(await admin.post("/sign-in", data=each)).status_code for each in data] == [422, 422, 429]


async def test_a_browser_that_was_let_in_before_is_not_locked_out_by_others(admin, member) -> None:
    first = await sign_in(admin, member)
    [mark] = [each for each in first.headers.get_list("set-cookie") if "_known=" in each]
    known = mark.partition(";")[0]
    data = {"email": member.email, "password": "not this one"}
    admin.cookies.clear()
    for _ in range(11):
        await admin.post("/sign-in", data=data)
        admin.cookies.clear()

    stranger = await sign_in(admin, member)
    admin.cookies.clear()
    owner = await admin.post(
        "/sign-in", data={"email": member.email, "password": member.password}, headers={"Cookie": known}
    )

    assert "Path=/sign-in" in mark and "HttpOnly" in mark and "SameSite=strict" in mark
    assert (stranger.status_code, owner.status_code) == (429, 303)


async def test_an_unknown_account_has_to_wait_just_the_same(admin) -> None:
    data = {"email": "ghost@example.org", "password": "not this one"}

    codes = [(await admin.post("/sign-in", data=data)).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]


async def test_only_a_hash_of_the_session_is_stored(admin, member) -> None:
    await sign_in(admin, member)

    token = admin.cookies[guard.cookie_name()]
    async with reading(EVERYONE) as db:
        stored = await db.fetch("SELECT token_hash FROM staff_session")
    assert len(token) >= 43
    assert all(token.encode() not in row["token_hash"] and len(row["token_hash"]) == 32 for row in stored)


async def test_signing_in_again_ends_the_session_before(admin, member) -> None:
    await sign_in(admin, member)
    old = admin.cookies[guard.cookie_name()]

    await sign_in(admin, member)

    assert admin.cookies[guard.cookie_name()] != old
    assert await operations.greet(old) is None


async def test_after_signing_out_the_cookie_is_worth_nothing(staff) -> None:
    token = staff.cookies[guard.cookie_name()]

    answer = await staff.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert re.search(r"Max-Age=0", answer.headers["set-cookie"])
    assert await operations.greet(token) is None


async def test_a_session_that_ended_says_so(admin) -> None:
    answer = await admin.get("/sign-in?ended=1&next=/products")

    assert "Your session has ended" in answer.text
    assert 'name="next" value="/products"' in answer.text


@pytest.mark.parametrize("next", ["https://example.org", "//example.org/x", "/\\example.org"])
async def test_a_forged_link_leads_nowhere_else_after_signing_in(admin, member, next: str) -> None:
    assert (await sign_in(admin, member, next=next)).headers["location"] == "/"


@pytest.mark.parametrize(
    "data", [{}, {"email": "x", "password": "y"}, {"email": "ana@example.org"}, {"email": "a" * 300, "password": "x"}]
)
async def test_a_form_with_holes_is_told_what_is_missing(admin, data: dict[str, str]) -> None:
    answer = await admin.post("/sign-in", data=data)

    assert answer.status_code == 422
    assert 'data-testid="field-error"' in answer.text
    assert 'type="password" value' not in answer.text


async def test_an_oversized_form_is_refused(admin) -> None:
    answer = await admin.post("/sign-in", data={"email": "ana@example.org", "password": "x" * 70_000})

    assert answer.status_code == 413
    assert "Nothing was changed" in answer.text


async def moved(token: str, sql: str) -> None:
    """Changes the times of a session."""
    async with writing(EVERYONE) as db:
        await db.execute(f"UPDATE staff_session SET {sql} WHERE token_hash = $1", operations._hash(token))


async def expires(token: str) -> float:
    async with reading(EVERYONE) as db:
        sql = "SELECT extract(epoch FROM expires_at - now())::float8 FROM staff_session WHERE token_hash = $1"
        return await db.fetchval(sql, operations._hash(token))


async def test_a_session_lives_on_with_every_click(member) -> None:
    token = await operations.sign_in(member.email, member.password, instead_of="")
    await moved(token, "expires_at = now() + interval '5 min'")

    assert await operations.greet(token)

    assert 1790 < await expires(token) <= 1800


async def test_a_session_ends_after_twelve_hours_whatever_happens(member) -> None:
    token = await operations.sign_in(member.email, member.password, instead_of="")
    await moved(token, "created_at = now() - interval '11 h 50 min', expires_at = now() + interval '2 min'")

    assert await operations.greet(token)

    assert 590 < await expires(token) <= 600


async def test_a_session_left_alone_is_over(member) -> None:
    token = await operations.sign_in(member.email, member.password, instead_of="")
    await moved(token, "expires_at = now() - interval '1 s'")

    assert await operations.greet(token) is None


async def test_an_address_has_one_account(member) -> None:
    with pytest.raises(operations.AlreadyStaff):
        await operations.add_staff(email=member.email.upper(), name="Another", password="a long way to York")
