from __future__ import annotations

import re

import msgspec
import pytest

from app.admin.delivery import Known, asked, fields_of
from app.db.edits import edits_of
from app.db.engines import EVERYONE, reading, writing
from app.values import any_bucket, new_id
from tests.admin.people import errors_in
from tests.admin.test_live import settle, state
from tests.makers import unique


async def a_method(**about: object):
    """A way to deliver in a currency of its own, so that no other test's carts are offered it."""
    id = new_id(any_bucket())
    row = {"title": "Slow boat", "promise": "When it comes", "price": 495, "currency": unique("X")[-3:].upper()} | about
    names = ", ".join(["id", "code", *row])
    places = ", ".join(f"${n}" for n in range(1, len(row) + 3))
    async with writing(EVERYONE) as db:
        await db.execute(f"INSERT INTO shipping_method ({names}) VALUES ({places})", id, unique("way"), *row.values())
    return id


async def found(id):
    async with reading(EVERYONE) as db:
        return dict(await db.fetchrow("SELECT * FROM shipping_method WHERE id = $1", id))


async def opened(staff, id) -> dict[str, str]:
    """The form's fields as a browser would send them."""
    page = (await staff.get(f"/delivery/{id}")).text
    form = re.search(r'<form class="panel stack" id="edit".*?</form>', page, re.S)[0]
    return {
        name: value.replace("&#34;", '"').replace("&amp;", "&")
        for tag in re.findall(r"<input[^>]*>", form)
        if 'type="checkbox"' not in tag or " checked" in tag
        for name, value in re.findall(r'name="([^"]+)".*?value="([^"]*)"', tag) or [("offered", "on")]
    }


async def test_staff_change_what_a_way_to_deliver_says_and_costs(staff) -> None:
    id = await a_method(currency="GBP", published=False)
    await settle()
    typed = await opened(staff, id) | {
        "title": "Canal boat", "price": "£7.50", "free_from": "80", "bulky_extra": "0", "min_days": "5", "max_days": "9", "position": "8",
    }  # fmt: skip

    saved = await staff.post(f"/delivery/{id}", data=typed)
    waiting = await staff.get(saved.headers["location"])
    await settle()

    row = await found(id)
    assert saved.status_code == 303
    assert (row["title"], row["price"], row["free_from"], row["bulky_extra"]) == ("Canal boat", 750, 8000, 0)
    assert (row["min_days"], row["max_days"], row["position"], row["published"]) == (5, 9, 8, False)
    assert "Canal boat" in (await staff.get("/delivery")).text
    assert (state(waiting.text), state((await staff.get(saved.headers["location"])).text)) == ("waiting", "live")
    assert [each.did for each in await edits_of(id)] == ["changed"]
    async with reading(EVERYONE) as db:
        told = await db.fetchval("SELECT changes FROM edit WHERE which = $1", id)
    assert ["price", "495", "750"] in told and ["bulky extra", "-", "0"] in told and len(told) == 7


async def test_staff_say_where_a_way_to_deliver_goes(staff) -> None:
    id = await a_method(currency="GBP", published=False)
    form = await opened(staff, id)

    unknown = await staff.post(f"/delivery/{id}", data=form | {"countries": "GB, Narnia"})
    saved = await staff.post(f"/delivery/{id}", data=form | {"countries": "gb; ie, GB"})
    there = (await found(id))["countries"]
    await staff.post(f"/delivery/{id}", data=await opened(staff, id) | {"countries": ""})

    assert unknown.status_code == 422 and "not NARNIA" in unknown.text and 'value="GB, Narnia"' in unknown.text
    assert (saved.status_code, there) == (303, ["GB", "IE"])
    assert (await found(id))["countries"] is None


async def test_what_others_saved_meanwhile_is_shown_and_nothing_typed_is_lost(staff) -> None:
    id = await a_method(currency="GBP", published=False)
    mine = await opened(staff, id)
    await staff.post(f"/delivery/{id}", data=mine | {"price": "6.00"})

    late = await staff.post(f"/delivery/{id}", data=mine | {"title": "Mine"})
    again = await staff.post(f"/delivery/{id}", data=await _sent_again(late.text))

    assert (late.status_code, again.status_code) == (409, 303)
    assert 'value="Mine"' in late.text and 'value="6.00"' in late.text
    assert ((await found(id))["title"], (await found(id))["price"]) == ("Mine", 600)


async def _sent_again(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page[page.index('id="edit"') :])
    return {name: value.replace("&#34;", '"') for name, value in pairs if name != "offered" and name != "theme"}


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("title", "", "characters"),
        ("price", "", "Type a price"),
        ("price", "dear", "Type a price"),
        ("free_from", "-5", "Type a price"),
        ("max_days", "2", "fewer first"),
        ("min_days", "", "Both or neither"),
        ("position", "first", "whole number"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_kept(staff, field: str, text: str, says: str) -> None:
    id = await a_method(currency="GBP", published=False, min_days=3, max_days=4)
    typed = await opened(staff, id) | {field: text, "promise": "Kept as typed"}

    answer = await staff.post(f"/delivery/{id}", data=typed)

    assert answer.status_code == 422
    assert any(says in each for each in errors_in(answer.text))
    assert 'value="Kept as typed"' in answer.text
    assert (await found(id))["promise"] == "When it comes"


async def test_the_last_way_to_deliver_stays_offered(staff) -> None:
    id = await a_method(published=True)
    typed = await opened(staff, id)
    typed.pop("offered")

    answer = await staff.post(f"/delivery/{id}", data=typed)

    assert answer.status_code == 422 and "another way to deliver first" in errors_in(answer.text)[0]
    assert (await found(id))["published"]


async def test_strangers_change_nothing(admin) -> None:
    id = await a_method()

    answer = await admin.post(f"/delivery/{id}", data={"title": "Mine"})

    assert answer.status_code in (303, 401, 403)
    assert (await found(id))["title"] == "Slow boat"


async def test_what_is_not_there_is_not_found(staff) -> None:
    assert (await staff.get(f"/delivery/{new_id(any_bucket())}")).status_code == 404


def test_what_the_form_holds_is_what_it_says() -> None:
    known = Known(
        id=new_id(any_bucket()), code="express", currency="GBP", mark="", title="Express", promise="Tomorrow", price=0, free_from=None,
        bulky_extra=3000, position=2, published=True, min_days=None, max_days=None, countries=("GB", "IE"),
    )  # fmt: skip

    wanted, errors = asked(fields_of(known), known)

    assert not errors and wanted is not None
    assert msgspec.structs.asdict(wanted).items() <= msgspec.structs.asdict(known).items()
