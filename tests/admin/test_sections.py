from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest

from app.content.queries import Hero, Products, home_view
from app.db.engines import EVERYONE, writing
from tests.admin.people import errors_in, fields_of
from tests.admin.test_live import settle, state
from tests.makers import a_block, a_collection, a_picture, a_product


@pytest.fixture(autouse=True)
async def bare_home(databases: None) -> AsyncIterator[None]:
    """The home page is one for all tests: each starts with it empty."""
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM block")
    yield


async def texts() -> list[str]:
    return [getattr(block, "title", "") or getattr(block, "text", "") for block in (await home_view()).blocks]


def mark_in(page) -> str:
    found = re.search(r'name="mark" value="(\w*)"', page.text)
    assert found
    return found[1]


async def placed(staff, does: str, id: object):
    return await staff.post("/sections", data={"does": f"{does}:{id}", "mark": mark_in(await staff.get("/sections"))})


async def test_sections_move_and_are_shown_or_not(staff) -> None:
    one, two = [await a_block("notice", {"text": text}, position=at) for at, text in enumerate(("One", "Two"))]

    await placed(staff, "up", two)
    moved = await texts()
    await placed(staff, "hide", two)
    hidden = await texts()
    await placed(staff, "show", two)
    await placed(staff, "up", two)  # it is the first already

    assert (moved, hidden, await texts()) == (["Two", "One"], ["One"], ["Two", "One"])
    assert (await placed(staff, "down", one)).status_code == 303
    assert (await placed(staff, "spin", one)).status_code == 404


async def test_a_page_that_somebody_else_changed_is_shown_anew_and_left_alone(staff) -> None:
    one, two = [await a_block("notice", {"text": text}, position=at) for at, text in enumerate(("One", "Two"))]
    mark = mark_in(await staff.get("/sections"))
    await placed(staff, "hide", one)

    late = await staff.post("/sections", data={"does": f"up:{two}", "mark": mark})

    assert late.status_code == 409 and "nothing of yours" in late.text
    assert await texts() == ["Two"]


async def test_a_new_section_waits_until_it_is_published(staff) -> None:
    product = await a_product()
    await a_picture(product)
    fields = fields_of((await staff.get("/sections/new/hero")).text)
    typed = {"title": "Plain <things>", "text": "Made well", "picture": product.url, "does": "save"}

    saved = await staff.post("/sections/new/hero", data=fields | typed)
    before = await texts()
    await placed(staff, "show", saved.headers["location"].partition("?")[0].rpartition("/")[2])

    [hero] = (await home_view()).blocks
    assert before == [] and isinstance(hero, Hero)
    assert hero.title == "Plain <things>" and "none" not in hero.picture.url
    assert fields_of((await staff.get(saved.headers["location"])).text)["text"] == "Made well"


@pytest.mark.parametrize(
    ("kind", "typed", "faults"),
    [
        ("hero", {"title": "T", "text": "X", "picture": "/p/no-such"}, 1),
        ("story", {"title": "", "text": "", "picture": ""}, 3),
        ("notice", {"text": "x" * 601}, 1),
        ("products", {"title": "T", "count": "99", "category": "", "collection": ""}, 2),
        ("products", {"title": "T", "products": "/p/no-such", "link_url": "//elsewhere.example", "link_title": "L"}, 2),
        ("categories", {"title": "T", "items-1-title": "Only words"}, 1),
        ("categories", {"title": "T", "items-1-title": "A", "items-1-url": "/c/a", "items-1-picture": "/p/no-such"}, 1),
        ("categories", {"title": "T"}, 1),
    ],
)
async def test_what_is_no_whole_section_is_said_beside_its_field(staff, kind, typed, faults) -> None:
    answer = await staff.post(f"/sections/new/{kind}", data=typed | {"does": "save"})

    assert answer.status_code == 422
    assert len(errors_in(answer.text)) == faults or (kind == "categories" and "It needs this" in answer.text)
    for name, value in typed.items():
        assert not value or html.escape(value) in answer.text, name


async def test_every_kind_can_be_made_by_its_form_and_shown_before(staff) -> None:
    product = await a_product(title="Pell mug")
    await a_picture(product)
    collection = await a_collection(products=[product])
    link = {"link_title": "More", "link_url": "/c/table"}
    forms = {
        "notice": {"text": "Closed on Monday"},
        "story": {"title": "A kiln", "text": "Burns", "picture": product.url} | link,
        "products": {"title": "Ours", "collection": collection.slug, "count": "4"} | link,
        "categories": {
            "title": "House",
            "items-2-title": "Table",
            "items-2-url": "/c/table",
            "items-2-picture": product.url,
        },
    }
    for kind, typed in forms.items():
        tried = await staff.post(f"/sections/preview/{kind}", data=typed)
        saved = await staff.post(f"/sections/new/{kind}", data=typed | {"does": "save"})
        assert saved.status_code == 303, errors_in(saved.text)
        id = saved.headers["location"].partition("?")[0].rpartition("/")[2]
        kept = await staff.get(f"/sections/{id}/preview")
        assert next(iter(typed.values())) in tried.text and tried.text == kept.text
        assert "frame-ancestors 'self'" in tried.headers["content-security-policy"] and "<script" not in tried.text
        await placed(staff, "show", id)

    blocks = (await home_view()).blocks
    assert [block.kind for block in blocks] == list(forms)
    [shelf] = [block for block in blocks if isinstance(block, Products)]
    assert [card.title for card in shelf.cards] == ["Pell mug"]


async def test_who_saves_second_sees_what_the_first_changed_and_loses_nothing(staff) -> None:
    address = f"/sections/{await a_block('notice', {'text': 'One'})}"
    first, second = fields_of((await staff.get(address)).text), fields_of((await staff.get(address)).text)

    await staff.post(address, data=first | {"text": "Theirs", "does": "save"})
    clash = await staff.post(address, data=second | {"text": "Mine", "does": "save"})
    stale = await staff.post(address, data=second | {"does": "delete"})
    await staff.post(address, data=fields_of(clash.text) | {"does": "save"})

    assert (clash.status_code, stale.status_code) == (409, 409)
    assert "<q>Theirs</q>" in clash.text and await texts() == ["Mine"]


async def test_it_is_live_when_the_edge_has_confirmed_and_can_be_deleted(staff) -> None:
    address = f"/sections/{await a_block('notice', {'text': 'One'})}"
    await settle()

    saved = await staff.post(address, data=fields_of((await staff.get(address)).text) | {"text": "Two", "does": "save"})
    before = (await staff.get(saved.headers["location"])).text
    await settle()
    after = (await staff.get(saved.headers["location"])).text
    gone = await staff.post(address, data=fields_of(after) | {"does": "delete"})

    assert (state(before), state(after)) == ("waiting", "live")
    assert gone.status_code == 303 and await texts() == []
    assert (await staff.get(gone.headers["location"])).status_code == 200
    assert (await staff.get(address)).status_code == 404


async def test_the_list_costs_the_same_however_many_sections_there_are(staff, statements) -> None:
    await a_block("notice", {"text": "One"})
    few = await statements("/sections")
    for at in range(4):
        await a_block("notice", {"text": "More"}, position=at)

    assert 0 < await statements("/sections") == few <= 4
