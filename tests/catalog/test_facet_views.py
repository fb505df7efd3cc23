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

    assert [facet.name for facet in view.filters.facets if facet.title == "Frame"] == [f"f_{code}" for code in codes]
