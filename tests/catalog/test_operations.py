from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.catalog import operations
from app.db.engines import EVERYONE, reading, writing
from app.values import Refusal, any_bucket, new_id
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def row_of(product: makers.AProduct) -> dict[str, Any]:
    async with reading(EVERYONE) as db:
        return dict(await db.fetchrow("SELECT * FROM product WHERE id = $1", product.id) or {})


async def price_of(product: makers.AProduct) -> tuple[int, int | None]:
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(
            "SELECT amount, was FROM price WHERE variant_id = $1 AND min_quantity = 1", product.variant_id
        )
    assert row is not None
    return row["amount"], row["was"]


async def redirects(old_path: str) -> str | None:
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT new_path FROM redirect WHERE old_path = $1", old_path)


async def test_a_change_is_saved_and_counted() -> None:
    product = await makers.a_product()

    await operations.change_product(product.id, version=1, title=" Green teapot ", subtitle="", status="archived")

    row = await row_of(product)
    assert (row["title"], row["subtitle"], row["status"], row["version"]) == ("Green teapot", "", "archived", 2)
    assert row["description"] == "It pours.\n\nIt does not drip."


async def test_of_two_who_opened_the_same_version_one_is_told() -> None:
    product = await makers.a_product()
    saves = [
        operations.change_product(product.id, version=1, title=title, subtitle="", status="published")
        for title in ("One", "Two")
    ]

    ends = await asyncio.gather(*saves, return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["EditedMeanwhile", "NoneType"]
    assert (await row_of(product))["version"] == 2


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": "  "}, operations.NeedsTitle),
        ({"title": "x" * 161}, operations.NeedsTitle),
        ({"subtitle": "x" * 241}, operations.NeedsTitle),
        ({"status": "hidden"}, operations.UnknownStatus),
        ({"version": 7}, operations.EditedMeanwhile),
    ],
)
async def test_a_change_that_cannot_be_is_refused_and_nothing_is_saved(
    wrong: dict[str, Any], refusal: type[Refusal]
) -> None:
    product = await makers.a_product()
    good: dict[str, Any] = {"version": 1, "title": "Green", "subtitle": "", "status": "published"}

    with pytest.raises(refusal):
        await operations.change_product(product.id, **(good | wrong))

    assert (await row_of(product))["version"] == 1


async def test_an_unknown_product_cannot_be_changed() -> None:
    with pytest.raises(operations.NoSuchProduct):
        await operations.change_product(new_id(any_bucket()), version=1, title="X", subtitle="", status="draft")


async def test_a_price_is_set_for_one_unit_and_its_breaks_stay() -> None:
    product = await makers.a_product(variants=[{"price": 1400, "breaks": {6: 1200}}])

    await operations.set_price(product.variant_id, amount=1300, was=1400)

    assert await price_of(product) == (1300, 1400)
    assert (await row_of(product))["price_from"] == 1300
    assert (await row_of(product))["was_from"] == 1400


async def test_a_variant_without_a_price_gets_one() -> None:
    product = await makers.a_product(price=None)

    await operations.set_price(product.variant_id, amount=0, was=None)

    assert await price_of(product) == (0, None)


@pytest.mark.parametrize(("amount", "was"), [(-1, None), (1400, 1400), (1400, 1300), (10**12, None), (1, 10**12)])
async def test_a_price_that_makes_no_sense_is_refused(amount: int, was: int | None) -> None:
    product = await makers.a_product(price=1400)

    with pytest.raises(operations.BadPrice):
        await operations.set_price(product.variant_id, amount=amount, was=was)

    assert await price_of(product) == (1400, None)


async def test_an_unknown_variant_has_no_price() -> None:
    with pytest.raises(operations.NoSuchVariant):
        await operations.set_price(new_id(any_bucket()), amount=1, was=None)


async def test_a_renamed_product_is_found_under_all_its_addresses() -> None:
    product = await makers.a_product()
    first, second = makers.unique("first"), makers.unique("second")

    await operations.rename(product.id, version=1, slug=first)
    await operations.rename(product.id, version=2, slug=second)

    assert await redirects(product.url) == f"/p/{second}"
    assert await redirects(f"/p/{first}") == f"/p/{second}"


async def test_a_product_renamed_back_does_not_redirect_to_itself() -> None:
    product = await makers.a_product()
    other = makers.unique("other")

    await operations.rename(product.id, version=1, slug=other)
    await operations.rename(product.id, version=2, slug=product.slug)

    assert await redirects(product.url) is None
    assert await redirects(f"/p/{other}") == product.url


async def test_a_name_that_stays_makes_no_redirect() -> None:
    product = await makers.a_product()

    await operations.rename(product.id, version=1, slug=product.slug)

    assert await redirects(product.url) is None


@pytest.mark.parametrize("slug", ["", "-", "Big", "a--b", "a b", "a/b", "ä", "a-", "x" * 121])
async def test_an_address_that_is_none_is_refused(slug: str) -> None:
    product = await makers.a_product()

    with pytest.raises(operations.BadSlug):
        await operations.rename(product.id, version=1, slug=slug)


async def test_an_address_belongs_to_one_product() -> None:
    product, other = await makers.a_product(), await makers.a_product()

    with pytest.raises(operations.SlugTaken):
        await operations.rename(product.id, version=1, slug=other.slug)
    with pytest.raises(operations.EditedMeanwhile):
        await operations.rename(product.id, version=9, slug=makers.unique("free"))

    assert (await row_of(product))["slug"] == product.slug


async def test_what_an_operation_changes_is_noted_in_its_transaction() -> None:
    product = await makers.a_product()

    await operations.set_price(product.variant_id, amount=999, was=None)

    async with writing(EVERYONE) as db:
        tables = await db.fetch(
            "SELECT DISTINCT body->>'table' AS t FROM outbox WHERE body @? ('$.rows[*] ? (@.id == \"' || $1 || '\")')::jsonpath",
            str(product.id),
        )
    assert "product" in {row["t"] for row in tables}


async def test_a_product_and_its_prices_are_saved_together_or_not_at_all(databases: None) -> None:
    product = await makers.a_product(title="Jug", price=1400)
    words = {"version": 1, "title": "Ewer", "subtitle": "", "status": "published"}

    with pytest.raises(operations.NoSuchVariant):
        await operations.change_product(
            product.id,
            **words,
            prices=operations.Prices(amounts={product.variant_id: (1500, None), new_id(1): (1, None)}),
        )

    async with reading(EVERYONE) as db:
        title = await db.fetchval("SELECT title FROM product WHERE id = $1", product.id)
        amount = await db.fetchval("SELECT amount FROM price WHERE variant_id = $1", product.variant_id)
    assert (title, amount) == ("Jug", 1400)


async def test_a_new_price_makes_forms_that_show_the_old_one_stale(databases: None) -> None:
    product = await makers.a_product(title="Jug", price=1400)

    await operations.set_price(product.variant_id, amount=1500, was=None)

    with pytest.raises(operations.EditedMeanwhile):
        await operations.change_product(product.id, version=1, title="Jug", subtitle="", status="published")
