"""Whatever changes a page purges it, and what does not leaves it alone: every kept page against facts of every table."""

from __future__ import annotations

import pytest

from app.values import MINUTE
from tests.edge.small_shop import Changed, a_small_shop

pytestmark = pytest.mark.slow

BY_TIME = {"search", "suggest"}  # carry no tag of what they found: they are kept for a minute, and never longer

# One visible fact each, in plain SQL. They follow one another on the same shop, and each holds after any of the others.
FACTS = {
    "title": "UPDATE product SET title = title || '!' WHERE id = '{pot.id}'",
    "subtitle": "UPDATE product SET subtitle = subtitle || '!' WHERE id = '{pot.id}'",
    "description": "UPDATE product SET description = description || '!' WHERE id = '{pot.id}'",
    "attributes": """UPDATE product SET attributes = '{{"material": "oak"}}' WHERE id = '{pot.id}'""",
    "what can be written": """UPDATE product SET personalisation =
        '{{"label": "Name", "most": 3, "chars": "letters", "needed": false, "extra": 0}}' WHERE id = '{pot.id}'""",
    "bulky": "UPDATE product SET shipping_class = 'bulky' WHERE id = '{pot.id}'",
    "what bulky costs": "UPDATE shipping_method SET bulky_extra = 3000",
    "a parcel again": "UPDATE product SET shipping_class = 'parcel' WHERE id = '{pot.id}'",
    "one per customer": "UPDATE product SET one_each = true WHERE id = '{pot.id}'",
    "rank": "UPDATE product SET rank = 5 WHERE id = '{pot.id}'",
    "price": "UPDATE price SET amount = amount - 1 WHERE variant_id = '{pot.variant_id}'",
    "a price below others": "UPDATE price SET amount = 800 WHERE variant_id = '{pot.variants[1].id}'",
    "reduction": "UPDATE price SET was = amount + 100 WHERE variant_id = '{jug.variant_id}'",
    "price break": "INSERT INTO price (id, variant_id, market, currency, amount, min_quantity) "
    "SELECT gen_random_uuid(), variant_id, market, currency, 700, 6 FROM price WHERE variant_id = '{pot.variant_id}'",
    "price for a while": "INSERT INTO timed_price (id, variant_id, market, currency, amount, starts_at) "
    "SELECT gen_random_uuid(), variant_id, market, currency, amount - 50, now() FROM price WHERE variant_id = '{jug.variant_id}'",
    "price for a while over": "DELETE FROM timed_price WHERE variant_id = '{jug.variant_id}'",
    "variant's policy": "UPDATE variant SET policy = 'made_to_order', lead_days = 7 WHERE id = '{clock.variant_id}'",
    "variant's options": """UPDATE variant SET options = '{{"size": "xl"}}' WHERE id = '{pot.variants[1].id}'""",
    "variant unpublished": "UPDATE variant SET published = false WHERE id = '{pot.variants[1].id}'",
    "variant published": "UPDATE variant SET published = true WHERE id = '{pot.variants[1].id}'",
    "variant gone": "DELETE FROM variant WHERE id = '{pot.variants[1].id}'",
    "band of a variant": "UPDATE stock_band SET band = 'few' WHERE variant_id = '{clock.variant_id}'",
    "band of the last one": "UPDATE stock_band SET band = 'out' WHERE variant_id = '{jug.variant_id}'",
    "picture's words": "UPDATE picture SET alt = alt || '!' WHERE hash = '{picture}'",
    "picture's size": "UPDATE picture SET width = width + 1 WHERE hash = '{picture}'",
    "picture gone": "DELETE FROM product_picture WHERE product_id = '{pot.id}'",
    "review": "UPDATE review SET body = body || '!' WHERE id = '{review}'",
    "review approved": "UPDATE review SET state = 'approved' WHERE id = '{unread}'",
    "review answered": "UPDATE review SET reply = 'Thank you' WHERE id = '{review}'",
    "found helpful": "UPDATE review SET helpful = helpful + 1 WHERE id = '{review}'",
    "review gone": "DELETE FROM review WHERE id = '{review}'",
    "maker's story": "UPDATE maker SET story = story || '!' WHERE id = '{pot.maker_id}'",
    "maker's name": "UPDATE maker SET name = name || '!' WHERE id = '{jug.maker_id}'",
    "type's words": "UPDATE product_type SET attributes = jsonb_set(attributes, '{{0,label}}', '\"How big\"') WHERE id = '{pot.type_id}'",
    "category's words": "UPDATE category SET summary = summary || '!' WHERE id = '{pots.id}'",
    "category's name": "UPDATE category SET title = title || '!' WHERE id = '{pots.id}'",
    "department's name": "UPDATE category SET title = title || '!' WHERE id = '{wall.id}'",
    "order of departments": "UPDATE category SET position = 9 WHERE id = '{table.id}'",
    "new category": "INSERT INTO category (id, parent_id, path, title) VALUES (gen_random_uuid(), '{pots.id}', 'no-such', 'New')",
    "collection's words": "UPDATE collection SET title = title || '!' WHERE id = '{few.id}'",
    "collection's rule": "UPDATE collection SET rule = jsonb_set(rule, '{{amount}}', '1500') WHERE id = '{under.id}'",
    "chosen": "INSERT INTO collection_product (id, collection_id, product_id, position) "
    "VALUES (gen_random_uuid(), '{chosen.id}', '{clock.id}', 7)",
    "no longer chosen": "DELETE FROM collection_product WHERE product_id = '{jug.id}'",
    "block": """UPDATE block SET body = body || '{{"title": "Made slowly"}}' WHERE id = '{hero}'""",
    "block shown": "UPDATE block SET published = true WHERE id = '{hidden}'",
    "association": "INSERT INTO association (id, product_id, other_id) VALUES (gen_random_uuid(), '{pot.id}', '{clock.id}')",
    "price of a way": "UPDATE shipping_method SET price = price + 100",
    "days on the way": "UPDATE shipping_method SET min_days = 2, max_days = 4",
    "redirect": "UPDATE redirect SET new_path = '/p/jug' WHERE old_path = '/p/old-pot'",
    "new redirect": "INSERT INTO redirect (id, old_path, new_path) VALUES (gen_random_uuid(), '/p/no-such', '/p/pot')",
    "published": "UPDATE product SET status = 'published' WHERE id = '{draft.id}'",
    "another category": "UPDATE product SET category_id = '{wall.id}' WHERE id = '{draft.id}'",
    "category's address": "UPDATE category SET path = path || '-moved' WHERE id = '{pots.id}'",
    "back from the archive": "UPDATE product SET status = 'draft' WHERE id = '{gone.id}'",
    "another address": "UPDATE product SET slug = 'no-such' WHERE id = '{jug.id}'",
    "archived": "UPDATE product SET status = 'archived' WHERE id = '{clock.id}'",
    "price gone": "DELETE FROM price WHERE variant_id = '{pot.variant_id}'",
    "collection's address": "UPDATE collection SET slug = slug || '-moved' WHERE id = '{sale.id}'",
}

# Facts that no page shows: nothing may be purged.
UNSHOWN = {
    "version": "UPDATE product SET version = version + 1, updated_at = now() WHERE id = '{pot.id}'",
    "draft's title": "UPDATE product SET title = 'Saucer', rank = 7 WHERE id = '{draft.id}' AND status = 'draft'",
    "pending review": "UPDATE review SET body = 'Hm' WHERE state = 'pending'",
    "moderated": "UPDATE review SET version = version + 1, moderated_by = 'Ana' WHERE id = '{review}'",
    "shipping method": "UPDATE shipping_method SET code = 'by-post'",
    "where it goes": "UPDATE shipping_method SET countries = '{{GB}}'",
    "canary": "UPDATE edge_canary SET version = version + 1",
    "hidden block": """UPDATE block SET body = body || '{{"text": "Still not"}}', position = 9 WHERE id = '{hidden}' AND NOT published""",
    "same again": "UPDATE product SET title = title",
}

PANELS, LISTS_BY_RULE = {"pot panel", "pot m panel"}, {"sale", "few", "oak"}
COMES = {"published", "another address", "archived", "price gone"}  # which products there are, and where
LEADS = {"new category", "category's address", "collection's address"}  # and which lists
ANY_CARD = {"pots 2"}  # past the last page: purged with any card of its category, since any may make the list longer

ANY_CARD_FACTS = {
    *(
        "title",
        "attributes",
        "rank",
        "price",
        "a price below others",
        "picture's size",
        "review approved",
        "review gone",
    ),
    *(
        "variant's options",
        "variant unpublished",
        "variant published",
        "variant gone",
        "band of a variant",
        "type's words",
    ),
    *("category's name", "new category", "collection's rule", "published", "another category"),
    *("category's address", "another address", "price gone"),
}

# Purged though they look the same, because a finer tag would cost more than it spares: (facts, pages), each with the reason.
NEEDLESS: list[tuple[set[str], set[str]]] = [
    # A product has one tag for all that its page and its panels say ...
    (
        {
            "subtitle",
            "description",
            "review",
            "review approved",
            "review answered",
            "review gone",
            "attributes",
            "rank",
        },
        PANELS,
    ),
    ({"rank"}, {"pot", "pot m"}),
    (
        {
            "description",
            "attributes",
            "rank",
            "review",
            "review approved",
            "review answered",
            "review gone",
            "variant's options",
        },
        {"pot quick"},
    ),
    # Its list of reviews has one, too, whatever it is filtered by.
    ({"review", "review answered", "found helpful"}, {"pot low reviews"}),
    # ... of whichever variant.
    ({"price", "price break"}, {"pot m", "pot m panel"}),
    ({"a price below others"}, {"pot", "pot panel", "pot quick"}),
    ({"price break"}, {"pot quick"}),
    ({"maker's story"}, {"pot quick"}),
    ({"days on the way"}, {"jug"}),  # sold out: it says nothing of delivery
    ({"another category"}, {"cup panel", "under"}),
    # The sitemap is read rarely: its parts and their index share one tag for which pages there are.
    (COMES | LEADS, {"sitemap"}),
    (COMES, {"sitemap lists"}),
    (LEADS, {"sitemap products"}),
    # Lists across categories name the columns that decide them, not the values,
    ({"rank"}, LISTS_BY_RULE | {"under"}),
    ({"price"}, {"under"}),
    ({"variant's options"}, {"oak"}),
    # and may gain or lose whatever comes on sale or goes.
    ({"published", "price gone"}, LISTS_BY_RULE - {"oak"} | {"chosen"}),
    ({"published"}, {"oak"}),
    ({"archived"}, {"sale"}),
    # A category has one tag for its words, its cards and their order, whoever shows them,
    ({"category's words", "new category"}, {"table"}),
    ({"rank"}, {"pots by price", "pot related"}),
    # a card has one tag, which its place in lists purges, too; and a type one for the words of its options and of its facts,
    ({"rank"}, {"pot card", "compare"}),
    # of which the page of its reviews shows little,
    ({"attributes", "rank"}, {"pot reviews", "pot low reviews"}),
    ({"band of a variant"}, {"clock reviews"}),
    ({"type's words"}, {"compare"}),
    # and where its products may stand on a shelf, any category that comes or moves may bring some.
    ({"new category", "category's address"}, {"home"}),
    # A list under a filter has the tags of the list,
    ({"price for a while", "price for a while over"}, {"small pots"}),
    ({"rank"}, {"small pots"}),
    # what variants come in is counted where there are enough products to filter,
    ({"variant's options"}, {"pots", "pots by price", "table"}),
    # all lists have one tag for the names of facets,
    ({"type's words"}, {"pots", "pots by price", "table", "wall"}),
    # and a collection counts whoever belongs to it, which any card may tell.
    (ANY_CARD_FACTS, {"chosen new"}),
]


@pytest.fixture(scope="module")
async def walk(own_database: str) -> dict[str, Changed]:
    """What each fact did, one after another."""
    shop = await a_small_shop()
    done = {fact: await shop.change(sql) for fact, sql in (UNSHOWN | FACTS).items()}
    assert all(shop.kept[name].ttl <= MINUTE for name in BY_TIME)
    await shop.browser.aclose()
    return done


def test_every_fact_shows_somewhere_or_purges_nothing(walk: dict[str, Changed]) -> None:
    assert [fact for fact in FACTS if not walk[fact].shown] == []
    assert [fact for fact in UNSHOWN if walk[fact].shown | walk[fact].purged] == []


def test_every_page_that_looks_different_was_purged(walk: dict[str, Changed]) -> None:
    stale = {fact: did.shown - did.purged - BY_TIME for fact, did in walk.items()}

    assert {fact: pages for fact, pages in stale.items() if pages} == {}


def test_no_page_that_looks_the_same_was_purged_but_for_good_reasons(walk: dict[str, Changed]) -> None:
    needless = {fact: did.purged - did.shown - ANY_CARD for fact, did in walk.items()}
    meant = {fact: {page for facts, pages in NEEDLESS if fact in facts for page in pages} for fact in walk}

    assert needless == meant
