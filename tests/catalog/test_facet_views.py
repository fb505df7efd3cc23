from __future__ import annotations

import pytest

from app.catalog import queries
from app.catalog.filters import Filters
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def test_facets_of_one_title_stand_in_one_order_whichever_process_answers() -> None:
    codes = [f"frame{number}" for number in range(9)]
    shelf = await makers.a_category()
    for code in codes:
        kind = await makers.a_product_type([{"code": code, "label": "Frame", "is_facet": True}])
        await makers.a_product(category=shelf, type_id=kind, attributes={code: "oak"})

    view = await queries.list_view(shelf.path, 1, "featured", Filters())

    assert [facet.name for facet in view.filters.facets if facet.title == "Frame (Thing)"] == [
        f"f_{code}" for code in codes
    ]


async def test_each_value_has_an_id_of_its_own_in_any_script() -> None:
    shelf, colours = (
        await makers.a_category(),
        ["灰", "白", "黒", "青", "gris clair", "gris-clair", "gris/clair", "grès"],
    )
    kind = await makers.a_product_type([{"code": "tone", "label": "Tone", "is_facet": True}])
    for colour in colours:
        await makers.a_product(category=shelf, type_id=kind, attributes={"tone": colour})

    view = await queries.list_view(shelf.path, 1, "featured", Filters())

    [tones] = [facet for facet in view.filters.facets if facet.name == "f_tone"]
    assert len({value.id for value in tones.values}) == len(colours)
    assert not any(" " in value.id for value in tones.values)
