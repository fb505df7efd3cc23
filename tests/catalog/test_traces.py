from __future__ import annotations

import pytest

from app.catalog.traces import trace_of
from app.db.engines import EVERYONE, writing
from app.edge import tags
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def renamed(table: str, column: str, id: object, to: str) -> None:
    async with writing(EVERYONE) as db:
        await db.execute(f"UPDATE {table} SET {column} = $2 WHERE id = $1", id, to)


async def where(path: str) -> str | None:
    return (await trace_of(path)).moved_to


async def test_an_address_nobody_ever_had_leaves_no_trace() -> None:
    trace = await trace_of("/p/never", "never")

    assert (trace.moved_to, trace.gone, trace.until, trace.tags) == (None, False, None, {tags.path("/p/never")})


async def test_whoever_renames_leaves_a_redirect_and_never_a_chain_or_a_circle() -> None:
    product = await makers.a_product()
    first, second = makers.unique("first"), makers.unique("second")

    await renamed("product", "slug", product.id, first)
    await renamed("product", "slug", product.id, second)

    assert await where(product.url) == await where(f"/p/{first}") == f"/p/{second}"
    await renamed("product", "slug", product.id, product.slug)
    assert await where(product.url) is None
    assert await where(f"/p/{first}") == await where(f"/p/{second}") == product.url


async def test_lists_that_move_leave_redirects_all_the_way_down() -> None:
    table = await makers.a_category()
    mugs = await makers.a_category(parent=table)
    flat, path, slug = await makers.a_collection(products=[]), makers.unique("moved"), makers.unique("flat")

    async with writing(EVERYONE) as db:
        await db.execute(
            "UPDATE category SET path = $2 || substr(path, length($1) + 1) WHERE starts_with(path, $1)",
            table.path,
            path,
        )
    await renamed("collection", "slug", flat.id, slug)

    assert await where(table.url) == f"/c/{path}"
    assert await where(mugs.url) == f"/c/{path}{mugs.path.removeprefix(table.path)}"
    assert await where(flat.url) == f"/c/{slug}"


async def test_the_address_of_a_draft_was_never_known() -> None:
    draft = await makers.a_product(status="draft")

    await renamed("product", "slug", draft.id, makers.unique("other"))

    assert await where(draft.url) is None


async def test_addresses_swapped_in_one_go_lead_where_their_owners_went() -> None:
    one, other = await makers.a_product(), await makers.a_product()
    aside = makers.unique("aside")

    async with writing(EVERYONE) as db:  # `other` takes the address that `one` leaves in the same statement
        sql = "UPDATE product SET slug = CASE id WHEN $1 THEN $3 ELSE $4 END WHERE id IN ($1, $2)"
        await db.execute("UPDATE product SET slug = $2 WHERE id = $1", one.id, aside)
        await db.execute(sql, one.id, other.id, makers.unique("far"), one.slug)

    assert await where(one.url) is None
    assert await where(f"/p/{aside}") == f"/p/{await slug_of(one.id)}"
    assert await where(other.url) == one.url


async def slug_of(product_id: object) -> str:
    async with writing(EVERYONE) as db:
        return await db.fetchval("SELECT slug FROM product WHERE id = $1", product_id)


async def test_a_new_list_at_an_old_address_keeps_it_even_after_it_went() -> None:
    old = await makers.a_collection(products=[])
    await renamed("collection", "slug", old.id, makers.unique("moved"))

    async with writing(EVERYONE) as db:
        sql = "INSERT INTO collection (id, slug, title, summary, kind) VALUES (gen_random_uuid(), $1, 'New', '', 'manual')"
        await db.execute(sql, old.slug)
        await db.execute("DELETE FROM collection WHERE slug = $1", old.slug)

    assert await where(old.url) is None


async def test_a_draft_at_an_old_address_takes_it_when_it_is_published() -> None:
    product, draft = await makers.a_product(), await makers.a_product(status="draft")
    to = makers.unique("moved")
    await renamed("product", "slug", product.id, to)
    await renamed("product", "slug", draft.id, product.slug)
    as_draft = await where(product.url)

    await renamed("product", "status", draft.id, "published")

    assert as_draft == f"/p/{to}"
    assert await where(product.url) is None
