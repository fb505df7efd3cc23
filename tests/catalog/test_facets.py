from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.catalog import facets, queries
from app.catalog.filters import Filters
from app.catalog.list_views import ListView
from app.db.engines import EVERYONE, reading, writing
from app.values import now
from tests import makers
from tests.conftest import ANONYMOUS_FORM

pytestmark = pytest.mark.usefixtures("databases")

GLAZE = {"code": "glaze", "label": "Glaze", "is_option": True, "is_facet": True, "facet_kind": "swatch",
         "colours": {"moss": "#727d4a"}}  # fmt: skip
SIZE = {"code": "size", "label": "Size", "unit": "ml", "is_option": True, "is_facet": True}
MATERIAL = {"code": "material", "label": "Material", "is_facet": True, "values": {"clay": "Red clay"}}
SAFE = {"code": "safe", "label": "Dishwasher safe", "kind": "flag", "is_facet": True}
HEIGHT = {"code": "height", "label": "Height", "unit": "cm"}


async def a_shelf() -> makers.ACategory:
    """Nine pots of one kind: moss and oat, clay and stone, £10 to £90."""
    shelf, kind = await makers.a_category(), await makers.a_product_type([GLAZE, SIZE, MATERIAL, SAFE, HEIGHT])
    maker = await makers.a_maker(name="Hollin")
    for number in range(1, 10):
        glazes = ["moss", "oat"] if number == 9 else ["moss"] if number % 2 else ["oat"]
        await makers.a_product(
            title=f"Pot {number}", category=shelf, type_id=kind, maker_id=maker, rank=number, created_at=now() - timedelta(days=99),
            variants=[{"options": {"glaze": glaze, "size": "350"}, "price": number * 1000} for glaze in glazes],
            attributes={"material": "clay" if number <= 4 else ["stone", "clay"] if number == 5 else "stone", "safe": number < 3, "height": 9},
        )  # fmt: skip
    return shelf


async def narrowed(
    shelf: makers.ACategory, values: Mapping[str, tuple[str, ...]] | None = None, **more: Any
) -> ListView:
    view = await queries.list_view(shelf.path, 1, "featured", Filters(values=values or {}, **more))
    assert view is not None
    return view


def counts(view: ListView) -> dict[str, dict[str, int]]:
    assert view.filters is not None
    return {
        facet.name: {value.value: value.count for value in [*facet.values, *facet.more]}
        for facet in view.filters.facets
    }


def numbers(view: ListView) -> list[int]:
    return [int(card.title.removeprefix("Pot ")) for card in view.cards]


async def test_a_list_counts_every_value_its_products_have() -> None:
    view = await narrowed(await a_shelf())

    assert counts(view) == {
        "f_glaze": {"moss": 5, "oat": 5},
        "f_material": {"clay": 5, "stone": 5},
        "f_safe": {"true": 2},
    }  # a size and a maker that all share divide nothing, and a height is no facet
    assert (view.filters.least, view.filters.most) == (10, 90)


async def test_values_widen_inside_a_facet_and_narrow_across_facets() -> None:
    shelf = await a_shelf()

    assert numbers(await narrowed(shelf, {"f_glaze": ("moss",)})) == [1, 3, 5, 7, 9]
    assert len(numbers(await narrowed(shelf, {"f_glaze": ("moss", "oat")}))) == 9
    assert numbers(await narrowed(shelf, {"f_glaze": ("moss",), "f_material": ("clay",)})) == [1, 3, 5]
    assert numbers(await narrowed(shelf, {"f_glaze": ("moss",)}, low=20, high=70)) == [3, 5, 7]


async def test_each_facet_is_counted_without_its_own_choice() -> None:
    shelf = await a_shelf()

    both = await narrowed(shelf, {"f_glaze": ("moss",), "f_material": ("clay",)}, high=40)

    assert both.total == 2
    assert counts(both)["f_glaze"] == {"moss": 2, "oat": 2}  # of clay up to £40
    assert counts(both)["f_material"] == {"clay": 2, "stone": 0}  # moss up to £40
    assert (both.filters.least, both.filters.most) == (10, 50)  # moss of clay


async def test_narrowing_moves_no_value_and_no_facet(shop: httpx.AsyncClient) -> None:
    shelf = await a_shelf()
    order = {name: list(values) for name, values in counts(await narrowed(shelf)).items()}
    chosen = {"f_glaze": ("oat",), "f_safe": ("true",)}

    one, two = await narrowed(shelf, {"f_material": ("stone",)}, low=60), await narrowed(shelf, chosen, high=20)

    assert counts(one)["f_material"] == {"clay": 0, "stone": 4}
    assert "f_safe" not in counts(one), "nothing of it is left to choose"
    assert counts(two) == {
        "f_glaze": {"moss": 1, "oat": 1},
        "f_material": {"clay": 1, "stone": 0},
        "f_safe": {"true": 1},
    }
    assert {name: list(values) for name, values in counts(two).items()} == order
    assert counts(await narrowed(shelf, {"stock": ("in",)}))["stock"] == {"in": 9}, (
        "chosen, though it tells nothing apart"
    )
    page = (await shop.get(two.address)).text
    assert re.search(r'value="stone" disabled[^>]*>(?:<svg.*?</svg>)?<span>Stone</span> <small>0</small>', page)
    assert not re.search(r'value="(clay|moss)" disabled', page)


async def test_every_count_is_what_choosing_it_shows() -> None:
    shelf = await a_shelf()
    chosen = {"f_glaze": ("oat",), "f_material": ("stone",)}

    for name, values in counts(await narrowed(shelf, chosen)).items():
        for value, many in values.items():
            shown = await narrowed(shelf, chosen | {name: (value,)})
            assert shown.total == many, (name, value)


async def test_offers_stock_and_rating_are_facets_of_every_list() -> None:
    shelf = await makers.a_category()
    for number in range(8):
        await makers.a_product(category=shelf, created_at=now() - timedelta(days=60), band="out" if number else "in")
    new = await makers.a_product(
        category=shelf, created_at=now() - timedelta(days=1), variants=[{"was": 2000, "band": "few"}]
    )
    await makers.a_review(new, rating=4)

    view = await narrowed(shelf)

    found = counts(view)
    assert (found["offer"], found["stock"], found["rating"]) == ({"sale": 1, "new": 1}, {"in": 2}, {"4": 1})
    assert [card.product_id for card in (await narrowed(shelf, {"offer": ("new",)})).cards] == [new.id]
    assert (await narrowed(shelf, {"offer": ("new", "sale"), "stock": ("in",)})).total == 1
    assert view.until is not None
    assert abs(view.until - (now() + timedelta(days=29))) < timedelta(minutes=5)


async def test_values_of_no_product_here_mean_nothing() -> None:
    shelf, other = await a_shelf(), await a_shelf()

    view = await narrowed(shelf, {"f_glaze": ("moss", "puce"), "f_wood": ("oak",), "maker": ("nobody",)})

    assert view.address == f"{shelf.url}?f_glaze=moss"
    assert other.path not in view.address


async def test_chips_lead_to_the_list_without_them() -> None:
    shelf = await a_shelf()

    view = await narrowed(shelf, {"f_glaze": ("moss",), "f_material": ("clay",)}, low=10)

    assert view.filters is not None
    assert {chip.title: chip.url for chip in view.filters.chips} == {
        "Moss": f"{shelf.url}?f_material=clay&min=10",
        "Red clay": f"{shelf.url}?f_glaze=moss&min=10",
        "£10 and more": f"{shelf.url}?f_glaze=moss&f_material=clay",
    }
    assert view.filters.clear_url == shelf.url


async def test_the_index_follows_psql_at_once() -> None:
    shelf = await a_shelf()
    async with writing(EVERYONE) as db:
        kind = await db.fetchval("SELECT type_id FROM product_facet WHERE category_id = $1 LIMIT 1", shelf.id)
        await db.execute(
            'UPDATE product SET attributes = \'{"material": "tin"}\' WHERE category_id = $1 AND rank = 1', shelf.id
        )
        await db.execute(
            'UPDATE variant SET options = \'{"glaze": "puce"}\' WHERE product_id IN (SELECT id FROM product WHERE category_id = $1 AND rank = 2)',
            shelf.id,
        )
        await db.execute("UPDATE product SET status = 'draft' WHERE category_id = $1 AND rank = 3", shelf.id)

    found = counts(await narrowed(shelf))
    assert found["f_material"] == {"clay": 3, "stone": 5, "tin": 1}
    assert found["f_glaze"] == {"moss": 4, "oat": 4, "puce": 1}

    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product_type SET attributes = $2 WHERE id = $1", kind, [HEIGHT | {"is_facet": True}])
    assert counts(await narrowed(shelf)) == {"f_height-cm": {"9": 7}}
    async with reading(EVERYONE) as db:
        many = await db.fetchval("SELECT sum(cardinality(facets)) FROM product_facet WHERE category_id = $1", shelf.id)
    assert many == 8 * 3 - 1  # maker, stock and height; the one that is made of tin has no height any more


async def test_any_products_can_be_counted_and_paged_through() -> None:
    shelf = await a_shelf()
    ids = [card.product_id for card in (await narrowed(shelf)).cards][:3]
    chosen = facets.Scope("product_facet f", "f.product_id = ANY($1)", [ids])
    async with reading(EVERYONE) as db:
        found = await facets.found(
            db, chosen, Filters(values={"f_glaze": ("moss",)}), places=2, window=facets.Window("f.price DESC", 1, 0)
        )

    assert (found.total, found.ids, found.counts["f_glaze", "oat"]) == (2, ids[2:], 1)


@pytest.mark.parametrize(
    "query", ["f_glaze=moss&f_glaze=moss", "f_glaze=moss&page=1", "f_glaze=%6Doss", "f_glaze=moss&sort=dearest", "f_glaze=moss&f_glaze=puce", "f_glaze=moss&f_x=y&min=abc"]
)  # fmt: skip
async def test_other_spellings_lead_to_the_one_address(shop: httpx.AsyncClient, query: str) -> None:
    shelf = await a_shelf()

    answer = await shop.get(f"{shelf.url}?{query}", headers=ANONYMOUS_FORM)

    assert (answer.status_code, answer.headers["location"]) == (301, f"{shelf.url}?f_glaze=moss")
    assert "s-maxage=60" in answer.headers["cache-control"]


async def test_what_a_plain_form_sends_is_answered_in_place(shop: httpx.AsyncClient) -> None:
    shelf = await a_shelf()

    answer = await shop.get(f"{shelf.url}?maker=&f_material=clay&f_glaze=moss&min=&max=&utm_source=x")

    assert answer.status_code == 200
    assert answer.text.count('data-testid="product-card"') == 3
    assert 'value="moss" checked' in answer.text
    assert (await shop.get(f"{shelf.url}?f_glaze=moss&page=2")).status_code == 404


async def test_search_engines_index_one_value_at_most(shop: httpx.AsyncClient) -> None:
    shelf = await a_shelf()

    one = (await shop.get(f"{shelf.url}?f_glaze=moss")).text
    two = (await shop.get(f"{shelf.url}?f_glaze=moss&f_material=clay")).text
    priced = (await shop.get(f"{shelf.url}?min=20")).text
    there = (await shop.get(f"{shelf.url}?stock=in")).text

    assert f'<link rel="canonical" href="http://localhost:8080{shelf.url}?f_glaze=moss">' in one
    assert "noindex" not in one
    assert re.search(r"<title>[^<]+, Moss", one), "it is not the whole list by name"
    for page in (two, priced, there):
        assert '<meta name="robots" content="noindex,follow">' in page
        assert 'rel="canonical"' not in page
