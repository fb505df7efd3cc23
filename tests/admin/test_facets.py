from __future__ import annotations

from typing import Any

from app.catalog.queries import list_view
from tests.admin.people import errors_in, fields_of
from tests.admin.test_live import settle, state
from tests.makers import a_category, a_product, a_product_type

GLAZE: dict[str, Any] = {"code": "glaze", "label": "Glaze", "values": {"moss": "Moss", "ink": "Ink"}}


async def a_shelf() -> tuple[str, str]:
    """The address of a type's facets in the admin, and the path of a category with enough of its products to filter."""
    kind, shelf = await a_product_type([GLAZE, {"code": "wood", "label": "Wood"}]), await a_category()
    for at in range(8):
        await a_product(category=shelf, type_id=kind, attributes={"glaze": "moss" if at % 2 else "ink"})
    return f"/facets/{kind}", shelf.path


async def facet_in(path: str, name: str):
    view = await list_view(path, 1)
    assert view and view.filters
    return next((facet for facet in view.filters.facets if facet.name == name), None)


async def saved(staff, address: str, **typed: str):
    fields = fields_of((await staff.get(address)).text)
    return await staff.post(address, data=fields | {name.replace("_", "-"): value for name, value in typed.items()})


async def test_an_attribute_becomes_a_facet_with_its_title_look_and_colours(staff) -> None:
    address, path = await a_shelf()
    before = await facet_in(path, "f_glaze")

    answer = await saved(
        staff, address, shown_glaze="on", title_glaze="Colour", order_glaze="5", look_glaze="swatch",
        colours_glaze="moss #5A6B4F\nink #101419\n",
    )  # fmt: skip

    facet = await facet_in(path, "f_glaze")
    assert before is None and answer.status_code == 303 and facet
    assert (facet.title, facet.kind) == ("Colour", "swatch")
    assert {value.value: value.colour for value in facet.values} == {"moss": "#5a6b4f", "ink": "#101419"}
    fields = fields_of((await staff.get(address)).text)
    assert set(fields["colours-glaze"].split("\n")) == {"moss #5a6b4f", "ink #101419"}


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(staff) -> None:
    address, _ = await a_shelf()

    for typed in (
        {"order_glaze": "x"},
        {"look_glaze": "sparkle"},
        {"colours_glaze": "moss green"},
        {"colours_wood": "#aabbcc"},
    ):
        answer = await saved(staff, address, **typed)
        assert answer.status_code == 422 and len(errors_in(answer.text)) == 1
    assert "#aabbcc" in answer.text
    assert (await staff.get("/facets/01234567-89ab-8def-8123-456789abcdef")).status_code == 404


async def test_who_saves_second_sees_what_the_first_changed_and_loses_nothing(staff) -> None:
    address, path = await a_shelf()
    second = fields_of((await staff.get(address)).text)

    await saved(staff, address, shown_glaze="on")
    clash = await staff.post(address, data=second | {"title-wood": "Timber"})
    again = await staff.post(address, data=fields_of(clash.text))

    assert (clash.status_code, again.status_code) == (409, 303)
    assert await facet_in(path, "f_glaze")
    assert fields_of((await staff.get(address)).text)["title-wood"] == "Timber"


async def test_it_is_live_when_the_edge_has_confirmed(staff) -> None:
    address, _ = await a_shelf()
    await settle()

    there = (await saved(staff, address, shown_glaze="on")).headers["location"]
    before = (await staff.get(there)).text
    await settle()
    after = (await staff.get(there)).text
    same = (await saved(staff, address)).headers["location"]

    assert (state(before), state(after)) == ("waiting", "live")
    assert state((await staff.get(same)).text) == "unseen"  # nothing was typed anew, so nothing is purged


async def test_the_list_names_the_facets_of_each_type_in_one_statement(staff, statements) -> None:
    address, _ = await a_shelf()
    await saved(staff, address, shown_glaze="on", title_glaze="Colour")

    assert await statements("/facets") <= 2
