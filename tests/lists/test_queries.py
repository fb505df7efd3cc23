from __future__ import annotations

from app.db.engines import EVERYONE, TALLY, Tally, writing
from app.lists import queries
from tests.cart.test_operations import reprice, unpublish
from tests.lists.test_operations import saved
from tests.makers import a_product, a_shopper


async def test_a_list_takes_one_statement_of_the_shard_and_one_of_the_catalogue(databases):
    shopper = await a_shopper()
    await saved(shopper, await a_product())
    await saved(shopper, await a_product())
    tally = Tally()
    token = TALLY.set(tally)

    await queries.saved_view(shopper)
    TALLY.reset(token)

    assert tally.queries == 2


async def test_a_list_says_what_became_cheaper_and_what_is_gone(databases):
    shopper = await a_shopper()
    cheap, gone, forgotten = await a_product(price=1500), await a_product(), await a_product()
    for each in (forgotten, gone, cheap):
        await saved(shopper, each)
    await reprice(cheap.variant_id, 1200)
    await unpublish(gone.id)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM product WHERE id = $1", forgotten.id)

    items = (await queries.saved_view(shopper)).items

    assert [(item.cheaper, item.why) for item in items] == [(300, ""), (0, "No longer sold"), (0, "No longer sold")]


async def test_a_product_is_its_first_variant_and_the_only_one_is_chosen(databases):
    one, two = await a_product(), await a_product(variants=[{}, {}])

    assert await queries.variant_of(one.slug) == (one.variant_id, True)
    assert await queries.variant_of(two.slug) == (two.variant_id, False)
    assert await queries.variant_of("no-such") is None
