from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from app.catalog import photographing
from app.catalog.purges import tags_of
from app.db.engines import EVERYONE, reading
from app.edge import tags
from tests import makers
from tests.catalog import photographs

SMALL = photographs.jpeg(400, 500)


async def add(product: makers.AProduct, **more: object) -> str:
    how = {"alt": "A mug by a window", "by": "ana@example.org"} | more
    return await photographing.add_photograph(product.id, SMALL, **how)  # type: ignore[arg-type]


async def shown(product: makers.AProduct) -> tuple[str | None, list[str]]:
    """The hash on its cards, and all in order."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT picture_hash FROM product_picture WHERE product_id = $1 ORDER BY position, id", product.id
        )
        return await db.fetchval("SELECT picture_hash FROM product WHERE id = $1", product.id), [row[0] for row in rows]


async def test_a_photograph_comes_last_or_first_and_once(databases: None) -> None:
    product = await makers.a_product()
    drawing = await makers.a_picture(product)

    hash = await add(product)
    assert await shown(product) == (drawing, [drawing, hash])
    assert await add(product, first=True) == hash
    assert await shown(product) == (hash, [hash, drawing])


async def test_a_photograph_goes_and_the_cards_show_the_next(databases: None) -> None:
    product = await makers.a_product()
    drawing = await makers.a_picture(product)
    hash = await add(product, first=True)
    async with reading(EVERYONE) as db:
        ids = {row[0]: row[1] for row in await db.fetch(
            "SELECT picture_hash, id FROM product_picture WHERE product_id = $1", product.id
        )}  # fmt: skip

    await photographing.remove_picture(product.id, ids[hash], by="ana@example.org")
    assert await shown(product) == (drawing, [drawing])
    with pytest.raises(photographing.NoSuchPicture):
        await photographing.remove_picture(product.id, ids[hash], by="ana@example.org")
    await photographing.remove_picture(product.id, ids[drawing], by="ana@example.org")
    assert await shown(product) == (None, [])


async def test_what_is_refused_leaves_nothing(databases: None) -> None:
    product, other = await makers.a_product(), await makers.a_product()

    for refusal, how in (
        (photographing.NeedsWords, {"alt": " "}),
        (photographing.NeedsWords, {"alt": "x" * 301}),
        (photographing.NotItsVariant, {"variant_id": other.variant_id}),
    ):
        with pytest.raises(refusal):
            await add(product, **{"alt": makers.unique("never"), **how})
    with pytest.raises(photographing.NotItsVariant):
        await photographing.add_photograph(uuid4(), SMALL, alt="A mug", by="ana@example.org")
    assert await shown(product) == (None, [])
    async with reading(EVERYONE) as db:
        assert not await db.fetchval("SELECT count(*) FROM picture WHERE alt LIKE 'never%' OR length(alt) > 300")


async def test_pages_that_show_it_are_spoilt(databases: None) -> None:
    product = await makers.a_product()
    async with reading(EVERYONE) as db:
        before = await db.fetchval("SELECT clock_timestamp()")

    await add(product)

    async with reading(EVERYONE) as db:
        rows = await db.fetch("SELECT body FROM outbox WHERE kind = 'changed' AND created_at >= $1", before)
    spoilt = await tags_of([row["body"] for row in rows])
    assert {tags.product(product.id), tags.card(product.id)} <= spoilt


async def test_every_place_shows_it_in_widths_of_its_own(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product(title="Photographed mug")
    drawing = await makers.a_picture(product)
    hash = await add(product, first=True)
    await shop.post("/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "1"})

    page = (await shop.get(product.url)).text
    shelf = (await shop.get(f"/c/{product.category_path}")).text
    cart = (await shop.get("/cart")).text

    both = f"/static/p/{hash}.320.{{0}} 320w, /static/p/{hash}.400.{{0}} 400w"
    for html, sizes in (
        (page, "(min-width: 60rem) 39rem, 92vw"),
        (page, "4.5rem"),
        (shelf, "(min-width: 48rem) 20rem, (min-width: 34rem) 14rem, calc(46vw - 6px)"),
        (cart, "(min-width: 48rem) 7.5rem, 5.5rem"),
    ):
        assert f'<source type="image/avif" srcset="{both.format("avif")}" sizes="{sizes}"><img' in html, sizes
        assert f'srcset="{both.format("webp")}" sizes="{sizes}" width="400" height="500"' in html, sizes
    assert f'<a href="/static/p/{hash}.400.webp" data-zoom><picture>' in page and 'fetchpriority="high"' in page
    assert f'<a href="/static/p/{drawing}.svg" data-zoom><img src="/static/p/{drawing}.svg"' in page
    assert f'property="og:image" content="http://localhost:8080/static/p/{hash}.jpg"' in page
    assert f'"image":"http://localhost:8080/static/p/{hash}.jpg"' in page.replace('": "', '":"')


async def test_its_files_are_served_for_ever_under_their_kind(shop: httpx.AsyncClient) -> None:
    hash = await add(await makers.a_product())

    for end, kind in (("400.avif", "avif"), ("320.webp", "webp"), ("jpg", "jpeg")):
        answer = await shop.get(f"/static/p/{hash}.{end}", headers={"Accept-Encoding": "br, gzip"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{kind}")
        assert "immutable" in answer.headers["cache-control"] and "content-encoding" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff" and photographs.read(answer.content).width in (
            320,
            400,
        )
    for end in ("640.avif", "svg", "400.png", "400", ""):
        assert (await shop.get(f"/static/p/{hash}.{end}")).status_code == 404
