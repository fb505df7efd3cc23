from __future__ import annotations

import html

import pytest

from app.accounts import queries as known
from app.db.edits import edits_of
from tests.members.people import sign_up


def noted(email: str, note: str, version: int = 1) -> dict[str, str]:
    return {"email": email, "note": note, "version": str(version)}


async def test_staff_find_somebody_by_address_and_note_something(staff, shop) -> None:
    email = await sign_up(shop)

    saved = await staff.post("/customers/note", data=noted(email, "Rings twice <b>"))
    page = await staff.get("/customers", params={"q": f" {email.upper()} "})

    assert saved.status_code == 303
    assert page.status_code == 200
    assert "Rings twice &lt;b&gt;" in page.text and email in page.text
    member = await known.member_by_email(email)
    assert member and (member.note, member.version) == ("Rings twice <b>", 2)
    assert [edit.did for edit in await edits_of(member.account_id)] == ["changed"]
    assert "Rings twice" not in (await shop.get("/account/privacy")).text


async def test_two_who_note_at_once_see_each_other_and_nothing_is_lost(staff, shop) -> None:
    email = await sign_up(shop)
    await staff.post("/customers/note", data=noted(email, "First"))

    clash = await staff.post("/customers/note", data=noted(email, "Second"))
    again = await staff.post("/customers/note", data=noted(email, "Second", 2))

    assert clash.status_code == 409
    assert "Second" in clash.text and "First" in clash.text and 'name="version" value="2"' in clash.text
    assert again.status_code == 303


async def test_a_note_too_long_is_kept_in_its_field(staff, shop) -> None:
    email = await sign_up(shop)

    answer = await staff.post("/customers/note", data=noted(email, "x" * 2001))

    assert answer.status_code == 422
    assert "x" * 2001 in answer.text


@pytest.mark.parametrize("q", ["", "nobody@example.org", "00000000", "%", "a@b", "\x00", "'; --", "<script>"])
async def test_whoever_is_nobody_is_said_to_be(staff, q: str) -> None:
    page = await staff.get("/customers", params={"q": q})

    assert page.status_code == 200
    assert "Orders</h2>" not in html.unescape(page.text)
    assert "<script>" not in page.text.partition("<main")[2]


async def test_a_stranger_to_the_admin_sees_nobody(admin, shop) -> None:
    admin.cookies.clear()

    assert (await admin.get("/customers", params={"q": "a@b.example"})).status_code == 303
