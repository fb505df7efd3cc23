from __future__ import annotations

import pytest

from app.catalog.filters import Filters
from app.db.engines import EVERYONE, writing
from app.search import queries, suggesting
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def titles(question: str) -> list[str]:
    view = await queries.search_view(question, 1)
    assert view is not None
    return [card.title for card in view.cards]


async def test_products_are_found_by_title_keywords_and_text_titles_first() -> None:
    await makers.a_product(title="Something else", description="Good for zwieback.")
    await makers.a_product(title="Another", keywords="zwieback")
    await makers.a_product(title="Zwieback tin", rank=9)
    await makers.a_product(title="Hidden zwieback", status="draft")

    assert await titles("zwieback") == ["Zwieback tin", "Another", "Something else"]


async def test_all_words_must_be_there_and_the_last_may_be_unfinished() -> None:
    await makers.a_product(title="Quillon brown kettle")
    await makers.a_product(title="Quillon green kettle")

    assert await titles("quillon bro") == ["Quillon brown kettle"]
    assert sorted(await titles("quillon ket")) == ["Quillon brown kettle", "Quillon green kettle"]
    assert await titles("quillons") == await titles("quillon")


async def test_a_slip_of_the_finger_finds_what_looks_like_it() -> None:
    await makers.a_product(title="Marzipan bowl")

    assert await titles("marzipann") == ["Marzipan bowl"]
    assert await titles("marzpan") == ["Marzipan bowl"]


async def test_a_word_that_is_nowhere_does_not_hide_what_the_others_find() -> None:
    await makers.a_product(title="Reading light", keywords="kumquat")

    assert await titles("kumquat xqzwvk") == ["Reading light"]


async def test_nothing_found_comes_with_departments() -> None:
    table = await makers.a_category(title="Aaa table", top=True, position=-100)

    view = await queries.search_view("xqzwvk", 1)

    assert view is not None
    assert view.help is not None
    assert (view.total, view.cards) == (0, [])
    assert table.url in [link.url for link in view.help.departments]
    assert view.help.shown


async def test_results_have_pages() -> None:
    for number in range(26):
        await makers.a_product(title=f"Wombat {number}")

    first, second = await queries.search_view("wombat", 1), await queries.search_view("wombat", 2)

    assert first is not None
    assert second is not None
    assert (first.total, first.pages, len(first.cards), len(second.cards)) == (26, 2, 24, 2)
    assert first.more_url == "/search?page=2&q=wombat"
    assert (second.more_url, second.previous_url) == (None, "/search?q=wombat")
    assert not {card.product_id for card in first.cards} & {card.product_id for card in second.cards}
    assert await queries.search_view("wombat", 3) is None


async def test_suggestions_are_categories_and_products_few_of_each() -> None:
    parent = await makers.a_category(title="Garden", top=True)
    for _ in range(3):
        await makers.a_category(title="Yarrow pots", parent=parent)
    for number in range(8):
        await makers.a_product(title=f"Yarrow pot {number}")

    view = await suggesting.suggest_view("yarr")

    assert [item.kind for item in view.items] == ["category"] * 2 + ["product"] * 5
    assert (view.items[0].title, view.items[0].note) == ("Yarrow pots", "Garden")
    assert view.items[0].url.startswith(f"{parent.url}/")
    assert (view.items[2].note, view.items[2].url[:3]) == ("Hollow Lane Pottery", "/p/")


@pytest.mark.parametrize("typed", ["", "a", "!", "%", "_ _"])
async def test_too_little_suggests_nothing(typed: str) -> None:
    view = await suggesting.suggest_view(typed)

    assert view.items == [] or typed == "_ _"


@pytest.mark.parametrize("slip", ["zirkel tray", "zrikel tray", "zirkul tray", "zircel trey"])
async def test_results_for_the_nearest_spelling_say_so(slip: str) -> None:
    product = await makers.a_product(title="Zirkel tray")

    view = await queries.search_view(slip, 1)

    assert view is not None
    assert product.id in [card.product_id for card in view.cards]
    assert (view.instead.title if view.instead else slip) == "zirkel tray"


async def test_a_spelling_that_leads_nowhere_now_is_not_offered() -> None:
    await makers.a_product(title="Fluxwell chair", status="archived")

    view = await queries.search_view("fluxwel", 1)

    assert view is not None
    assert (view.total, view.instead) == (0, None)


async def test_words_that_never_meet_are_offered_one_less_with_what_that_finds() -> None:
    for number in range(3):
        await makers.a_product(title=f"Vermeil hook {number}")
    await makers.a_product(title="Ossuary rail")

    view = await queries.search_view("vermeil ossuary", 1)

    assert view is not None
    assert view.help is not None
    assert [(link.title, link.url, link.count) for link in view.help.fewer] == [
        ("vermeil", "/search?q=vermeil", 3),
        ("ossuary", "/search?q=ossuary", 1),
    ]


async def test_results_are_sorted_as_lists_are() -> None:
    cheap = await makers.a_product(title="Thimblerig one", price=100)
    dear = await makers.a_product(title="Thimblerig two", price=900)

    up, down = (
        await queries.search_view("thimblerig", 1, "price-up"),
        await queries.search_view("thimblerig", 1, "price-down"),
    )

    assert up is not None
    assert down is not None
    assert [card.product_id for card in up.cards] == [cheap.id, dear.id]
    assert [card.product_id for card in down.cards] == [dear.id, cheap.id]
    assert [link.url for link in up.sorts if link.current] == ["/search?q=thimblerig&sort=price-up"]
    assert await queries.search_view("thimblerig", 1, "no such") == await queries.search_view("thimblerig", 1)


async def test_results_are_narrowed_as_lists_are() -> None:
    kind = await makers.a_product_type([{"code": "glaze", "label": "Glaze", "is_facet": True}])
    for number in range(10):
        glaze = "moss" if number < 4 else "oat"
        await makers.a_product(
            title=f"Gallipot {number}", type_id=kind, price=100 * number, attributes={"glaze": glaze}
        )

    every = await queries.search_view("gallipot", 1)
    moss = await queries.search_view("gallipot", 1, "price-down", Filters(values={"f_glaze": ("moss",)}))
    none = await queries.search_view("gallipot", 1, "best", Filters(values={"f_glaze": ("moss",)}, low=50))

    for view in (every, moss):
        assert view is not None
        [glazes] = [facet for facet in view.filters.facets if facet.name == "f_glaze"]
        assert {value.value: value.count for value in glazes.values} == {"moss": 4, "oat": 6}
    assert [card.price for card in moss.cards] == [300, 200, 100, 0]
    assert moss.address == "/search?f_glaze=moss&q=gallipot&sort=price-down"
    assert [chip.url for chip in moss.filters.chips] == ["/search?q=gallipot&sort=price-down"]
    assert (none.total, none.help, len(none.filters.chips)) == (0, None, 2)


async def test_nothing_found_shows_what_is_bought_often() -> None:
    products = [await makers.a_product(title=f"Besteller {number}") for number in range(5)]
    async with writing(EVERYONE) as db:
        for product in products[:4]:
            for _ in range(50):
                await db.execute("INSERT INTO bought (order_id, product_id) VALUES (gen_random_uuid(), $1)", product.id)

    view = await queries.search_view("xqzwvk", 1)

    assert view is not None
    assert view.help is not None
    assert view.help.sold
    assert {card.product_id for card in view.help.shown} >= {product.id for product in products[:4]}
    assert products[4].id not in {card.product_id for card in view.help.shown}


async def test_no_page_is_promised_past_those_that_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(26):
        await makers.a_product(title=f"Tantalus {number}")
    monkeypatch.setattr(queries, "PAGES", 1)

    first = await queries.search_view("tantalus", 1)

    assert first is not None
    assert (first.total, first.pages, first.more_url) == (26, 1, None)
    assert await queries.search_view("tantalus", 2) is None


async def test_a_rare_spelling_beside_a_much_commoner_one_is_asked_about() -> None:
    rare = await makers.a_product(title="Zarfelk")
    common = [await makers.a_product(title="Zarfelz") for _ in range(10)]

    little, plenty = await queries.search_view("zarfelk", 1), await queries.search_view("zarfelz", 1)

    assert little and little.meant and (little.meant.title, little.meant.url) == ("zarfelz", "/search?q=zarfelz")
    assert [card.product_id for card in little.cards] == [rare.id] and little.instead is None
    assert plenty and plenty.meant is None and plenty.total == len(common)


async def test_what_is_meant_finds_more_with_all_words_or_is_not_said() -> None:
    await makers.a_product(title="Lanternd brass")
    for _ in range(10):
        await makers.a_product(title="Lanterns")  # none of brass

    alone, both = await queries.search_view("lanternd", 1), await queries.search_view("lanternd brass", 1)

    assert alone and alone.meant and alone.meant.title in ("lantern", "lanterns")
    assert both and both.total == 1 and both.meant is None
