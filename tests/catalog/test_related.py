from __future__ import annotations

import httpx
import pytest

from app.catalog import queries
from app.catalog.operations import note_bought
from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.values import any_bucket, new_id, now
from tests import makers
from tests.catalog.test_pages import carried, kept_for, statements
from tests.catalog.test_purges import spoiled
from tests.conftest import ANONYMOUS_FORM

pytestmark = pytest.mark.usefixtures("databases")


async def beside(product: makers.AProduct) -> list[str]:
    view = await queries.related_view(product.slug)
    assert view is not None
    return [card.title for card in view.cards]


async def bought(*products: makers.AProduct, times: int = 1) -> None:
    for _ in range(times):
        async with writing(EVERYONE) as db:
            await note_bought(db, new_id(any_bucket()), [each.variant_id for each in products], at=now())


async def test_neighbours_are_related_and_the_product_itself_is_not() -> None:
    mugs = await makers.a_category()
    products = [await makers.a_product(title=f"Mug {rank}", category=mugs, rank=rank) for rank in range(7)]
    await makers.a_product(title="Draft", category=mugs, rank=5, status="draft")

    assert await beside(products[4]) == ["Mug 5", "Mug 6", "Mug 0", "Mug 1"]
    assert await beside(products[6]) == ["Mug 0", "Mug 1", "Mug 2", "Mug 3"]


async def test_what_staff_chose_comes_first_then_what_is_bought_together_then_neighbours() -> None:
    mugs = await makers.a_category()
    mug = await makers.a_product(category=mugs, rank=1)
    await makers.a_product(title="Next", category=mugs, rank=2)
    tray, tea, once, gone = [await makers.a_product(title=title) for title in ("Tray", "Tea", "Once", "Gone")]
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET status = 'archived' WHERE id = $1", gone.id)
    await makers.an_association(mug, tray)
    await bought(mug, tea, gone, tray, times=2)
    await bought(mug, once)

    assert await beside(mug) == ["Tray", "Tea", "Next"]
    view = await queries.related_view(mug.slug)
    assert view is not None and view.together == {tea.id}


async def test_an_order_that_is_noted_twice_counts_once() -> None:
    mug, tea, id = await makers.a_product(), await makers.a_product(title="Tea"), new_id(any_bucket())

    for _ in range(3):
        async with writing(EVERYONE) as db:
            await note_bought(db, id, [mug.variant_id, tea.variant_id, mug.variant_id], at=now())

    assert await beside(mug) == []


async def test_the_fragment_is_kept_with_tags_of_its_own(shop: httpx.AsyncClient) -> None:
    mug, tray = await makers.a_product(), await makers.a_product(title="Tray")
    await makers.an_association(mug, tray)

    answer = await shop.get(f"/_f/related/{mug.slug}", headers=ANONYMOUS_FORM)

    assert answer.status_code == 200
    assert tray.url in answer.text
    assert 60 < kept_for(answer) <= 3600
    assert statements(answer) <= 4
    assert carried(answer) >= {tags.related(mug.id), tags.card(tray.id)}
    assert not carried(answer) & {tags.product(mug.id), tags.card(mug.id)}
    page = await shop.get(mug.url, headers=ANONYMOUS_FORM)
    assert not carried(page) & {tags.card(tray.id), tags.related(mug.id)}
    assert f'hx-get="/_f/related/{mug.slug}"' in page.text


async def test_a_new_association_spoils_the_fragment_and_nothing_else() -> None:
    mug, tray = await makers.a_product(), await makers.a_product()

    found = await spoiled(
        "INSERT INTO association (id, product_id, other_id) VALUES (gen_random_uuid(), $1, $2)", mug.id, tray.id
    )

    assert found == {tags.related(mug.id)}


@pytest.mark.parametrize("name", ["related", "quick"])
async def test_a_fragment_goes_where_its_product_went(shop: httpx.AsyncClient, name: str) -> None:
    mug, gone = await makers.a_product(), await makers.a_product(status="archived")
    await makers.a_redirect("/p/old-" + mug.slug, mug.url)

    moved = await shop.get(f"/_f/{name}/old-{mug.slug}")

    assert (moved.status_code, moved.headers["location"]) == (301, f"/_f/{name}/{mug.slug}")
    assert (await shop.get(f"/_f/{name}/no-such-thing")).status_code == 404
    assert (await shop.get(f"/_f/{name}/{gone.slug}")).status_code == 410


async def test_a_quick_view_shows_the_product_and_can_be_bought_from(shop: httpx.AsyncClient) -> None:
    variants = [{"options": {"glaze": "moss"}, "band": "out"}, {"options": {"glaze": "oat"}, "price": 1700}]
    mug = await makers.a_product(title="Pell mug", options=["glaze"], variants=variants)

    answer = await shop.get(f"/_f/quick/{mug.slug}", headers=ANONYMOUS_FORM)
    table = await shop.get(f"/c/{mug.category_path}", headers=ANONYMOUS_FORM)

    assert "<h2>Pell mug</h2>" in answer.text and "£17.00" in answer.text
    assert str(mug.variants[1].id) in answer.text
    assert kept_for(answer) > 3600
    assert carried(answer) >= {tags.product(mug.id), tags.maker(mug.maker_id)}
    assert f'data-quick="/_f/quick/{mug.slug}"' in table.text
