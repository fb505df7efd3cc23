"""The demo's own data: everything fits together before it becomes rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise

import pytest

from app.checkout.rules import COUNTRIES
from app.content.queries import MOST_COLLECTIONS
from app.demo import catalogue, looks
from app.demo.draft import Draft
from app.demo.generate import FORMS, draft, drafts, variants
from app.demo.goods import home
from app.demo.goods.kinds import KINDS
from app.demo.goods.makers import MAKERS
from app.demo.goods.opinions import PENDING, SAID
from app.demo.goods.tree import CATEGORIES, CHOSEN, COLLECTIONS, SHIPPING
from app.drawing import draw
from tests.drawing.test_pictures import HERO_LIMIT, checked, limit

DEMO = catalogue.demo()
PATHS = {path for path, _, _ in CATEGORIES}
WRITTEN = {draft.slug: draft for draft in catalogue.WRITTEN}


def ids(pair: tuple[int, Draft]) -> str:
    return pair[1].slug


def test_there_is_as_much_as_promised() -> None:
    assert len(DEMO) == 240
    assert 2_800 <= sum(len(variants(draft.options)) for _, draft in DEMO) <= 3_400
    assert len(WRITTEN) == 24
    assert len(MAKERS) == 12
    assert len(PENDING) == 25
    assert {len(path.split("/")) for path in PATHS} == {1, 2, 3}


def test_slugs_ranks_and_skus_are_never_the_same_twice() -> None:
    slugs = Counter(draft.slug for _, draft in DEMO)
    prefixes = Counter(draft.sku for _, draft in DEMO)
    ranks = [rank for rank, _ in DEMO]

    assert slugs.most_common(1)[0][1] == 1
    assert prefixes.most_common(1)[0][1] == 1
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("pair", DEMO, ids=ids)
def test_a_product_fits_its_type_maker_and_category(pair: tuple[int, Draft]) -> None:
    _, product = pair
    kind = KINDS[product.kind]
    known = {each.code: each for each in kind.attributes}

    assert product.category in PATHS
    assert product.maker in {maker.slug for maker in MAKERS}
    assert [code for code in product.options if not known[code].is_option] == []
    assert list(product.options) == [each.code for each in kind.attributes if each.code in product.options]
    assert set(product.attributes) <= set(known)
    assert [code for code in product.attributes if known[code].is_option] == []
    for code, values in product.options.items():
        assert len(values) == len(set(values)) > 0
        words = known[code].values
        assert not words or code in ("cover", "wood") or set(values) <= set(words), "a code without words"


@pytest.mark.parametrize("pair", DEMO, ids=ids)
def test_a_product_reads_well(pair: tuple[int, Draft]) -> None:
    _, product = pair
    text = f"{product.title} {product.subtitle} {product.description}"

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", product.slug)
    assert product.status == "archived" or len(product.description) > 60
    assert not re.search(r"  |\{|\}|None| ,|\.\.|TODO|lorem", text)
    assert "'" not in text, "typographic apostrophes, as everywhere in the shop"
    assert not product.subtitle.endswith(".")


@pytest.mark.parametrize("pair", DEMO, ids=ids)
def test_a_product_costs_something(pair: tuple[int, Draft]) -> None:
    _, product = pair
    for chosen in variants(product.options):
        extra = sum(product.extra.get(code, {}).get(value, 0) for code, value in chosen.items())

        assert product.price + extra >= 100
    assert all(least > 1 and 0 < off < 60 for least, off in product.breaks)
    assert 0 <= product.was < 60


@pytest.mark.parametrize("pair", DEMO, ids=ids)
def test_every_picture_of_a_product_draws_within_its_size(pair: tuple[int, Draft]) -> None:
    _, product = pair
    rows = {
        row[0]: row
        for row in [*looks.gallery(product), *(looks.front(product, each) for each in variants(product.options)[:3])]
    }

    for _, family, params, view, alt, width, height in rows.values():
        checked(draw(family, json.loads(params), view), limit(view))
        assert alt.startswith(json.loads(params)["name"])
        assert len(alt) < 200
        assert (width, height) == (800, 1000)


def test_every_variant_of_a_written_product_draws() -> None:
    for product in WRITTEN.values():
        for row in {looks.front(product, each) for each in variants(product.options)}:
            assert draw(row[1], json.loads(row[2]), row[3]).startswith("<svg")


def test_what_looks_different_has_another_picture() -> None:
    mug, lamp = WRITTEN["pell-mug"], WRITTEN["sella-table-lamp"]

    assert len({looks.front(mug, each)[0] for each in variants(mug.options)}) == 24
    assert len({looks.front(lamp, each)[0] for each in variants(lamp.options)}) == 20, "plugs can't be seen"


def test_the_home_page_shows_what_there_is() -> None:
    for _, body in home.BLOCKS:
        pictures = [item[2] for item in body.get("items", ()) if item[2]] + (
            [body["picture"]] if "picture" in body else []
        )
        for family, params, view in pictures:
            checked(draw(family, params, view), HERO_LIMIT)
        assert set(body.get("products", ())) <= set(WRITTEN)
        collections = {slug for slug, *_ in COLLECTIONS}
        for url in [body.get("link_url"), *(item[1] for item in body.get("items", ()))]:
            assert url is None or url.removeprefix("/c/") in PATHS | collections


def test_collections_by_hand_hold_products_that_exist() -> None:
    assert CHOSEN.keys() == {slug for slug, *_, how, _ in COLLECTIONS if how == "manual"}
    assert {member for members in CHOSEN.values() for member in members} <= set(WRITTEN)


def test_parents_come_before_children() -> None:
    seen: set[str] = set()
    for path, _, _ in CATEGORIES:
        assert "/" not in path or path.rpartition("/")[0] in seen
        seen.add(path)


def test_delivery_is_as_the_shop_says() -> None:
    offered = {code: (price, free_from) for code, _, _, price, free_from, shown, *_ in SHIPPING if shown}

    reached = [country for *_, countries in SHIPPING for country in countries]

    assert offered == {"standard": (495, 6000), "express": (995, None), "europe": (1495, None)}
    assert {country.code for country in COUNTRIES} == set(reached)


def test_the_specials_are_there() -> None:
    assert WRITTEN["harrow-mug"].status == "archived"
    assert WRITTEN["tarn-reading-lamp"].status == "draft"
    assert WRITTEN["weald-bar-stool"].publish_in
    assert not WRITTEN["contour-calendar"].euro
    assert WRITTEN["weald-dining-chair"].policy == "made_to_order"
    assert WRITTEN["ridge-lounge-chair"].policy == "preorder"
    assert WRITTEN["pell-mug"].breaks[0][0] == 6
    assert set(SAID) == {1, 2, 3, 4, 5}


def test_the_generator_repeats_itself() -> None:
    assert list(drafts(0, 50, True)) == list(drafts(0, 50, True))
    assert draft(40, False) == next(drafts(40, 1, False))


def test_a_big_run_has_no_two_alike() -> None:
    many = list(drafts(0, 6_000, False))

    assert len({each.slug for each in many}) == len({each.sku for each in many}) == len(many)
    assert all(2 <= len(variants(each.options)) <= 6 for each in many)
    assert {each.category for each in many} == {form.category for form in FORMS}


def test_editions_of_a_line_share_their_pictures() -> None:
    first, second = (draft(index, False) for index in (0, len(FORMS) * 46))

    assert first.title != second.title
    assert first.drawn == second.drawn


def test_a_big_shop_starts_with_what_was_written() -> None:
    ranked = list(catalogue.many(60, 0, empty=True))

    assert [each.slug for _, each in ranked[:24]] == list(WRITTEN)
    assert all(a < b for (a, _), (b, _) in pairwise(ranked))
    assert [rank for rank, _ in catalogue.many(3, 500, empty=False)] == [1500, 1501, 1502]


def test_every_page_leads_to_every_collection_and_the_home_page_to_what_is_asked_for_most() -> None:
    links = {url for _, body in home.BLOCKS for _, url, _ in body.get("items", ())}

    assert len(COLLECTIONS) <= MOST_COLLECTIONS
    assert {"/c/new-in", "/c/on-sale", "/c/last-few", "/c/under-25"} <= links
    assert {url.removeprefix("/c/") for url in links} <= PATHS | {slug for slug, *_ in COLLECTIONS}


def test_no_two_lists_have_the_same_name() -> None:
    named = Counter([*(title for _, title, _ in CATEGORIES), *(title for _, title, *_ in COLLECTIONS)])

    assert [title for title, many in named.items() if many > 1] == []


def test_the_home_page_promises_no_price_but_what_the_ways_to_deliver_cost() -> None:
    said = " ".join(body["text"] for kind, body in home.BLOCKS if kind == "notice")
    standard = next(way for way in SHIPPING if way[0] == "standard")

    assert re.findall(r"£[\d.]*\d", said) == [f"£{standard[4] // 100}", f"£{standard[3] / 100}"]
    assert "standard delivery in the UK" in said
