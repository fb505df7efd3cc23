from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.catalog import queries as catalog
from app.catalog.queries import CARD_OF_X, Picture
from app.db.engines import EVERYONE, Database, reading
from app.search import finding, rules
from app.search.addresses import search_url
from app.search.finding import LIVE
from app.search.popular import POPULAR

# Among so many headings the best are looked for: what is typed here is rarely a whole word yet.
LOOKED_AT = 500

PRODUCTS = f"""
    WITH asked AS (SELECT to_tsquery('public.shop', $1) AS q, to_tsquery('public.shop', $2) AS loose),
    near AS (
        (SELECT e.product_id, e.heading, e.rank, 1 AS tier FROM asked, search_entry e WHERE e.heading @@ q AND {LIVE} LIMIT {LOOKED_AT})
        UNION ALL
        (SELECT e.product_id, e.heading, e.rank, 0 FROM asked, search_entry e WHERE e.document @@ q AND NOT e.heading @@ q AND {LIVE} LIMIT {LOOKED_AT})
        LIMIT {LOOKED_AT})
    SELECT card.* FROM (
        SELECT h.product_id AS id, row_number() OVER (ORDER BY h.tier DESC, ts_rank('{{0.1,0.2,0.4,1}}', h.heading, loose) DESC, h.rank, h.product_id) AS place
        FROM near h, asked ORDER BY place LIMIT 5
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place
"""  # noqa: S608 - constants

# Words as they begin the name, or one of its words.
NAMES = f"""
    (SELECT 'category' AS kind, c.title, c.path AS address, coalesce(a.title, '') AS note
     FROM category c LEFT JOIN category a ON a.id = c.parent_id
     WHERE c.title ILIKE $1 OR c.title ILIKE '% ' || $1 ORDER BY length(c.path), c.position, c.id LIMIT 2)
    UNION ALL
    (SELECT 'maker', m.name, m.name, m.place FROM maker m
     WHERE (m.name ILIKE $1 OR m.name ILIKE '% ' || $1) AND EXISTS (SELECT FROM product p JOIN search_entry e ON e.product_id = p.id
         WHERE p.maker_id = m.id AND {LIVE}) ORDER BY m.name, m.id LIMIT 1)
    UNION ALL
    ({POPULAR})
"""  # noqa: S608 - constants


class SuggestItem(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: query | category | maker | product; `note`: the maker, the department above, or the maker's place."""

    kind: str
    title: str
    url: str
    note: str
    picture: Picture | None = None
    price: int | None = None
    price_to: int | None = None
    was: int | None = None
    currency: str = ""


class SuggestView(msgspec.Struct, frozen=True, kw_only=True):
    query: str
    items: list[SuggestItem]
    all_url: str
    until: datetime | None = None


async def suggest_view(question: str) -> SuggestView:
    """At most two questions others ask, two categories, a maker and five products that what is being typed may mean.

    None for less than two characters. Four statements; six where the words must be corrected first.
    """
    words, to_all = rules.words_of(question), search_url(question)
    if len("".join(words)) < 2:
        return SuggestView(query=question, items=[], all_url=to_all)
    async with reading(EVERYONE) as db:
        named = [_name(row) for row in await db.fetch(NAMES, _like(" ".join(words)), rules.asked_as(question))]
        products = await _products(db, words, forgiving=not named)
        cards = [catalog.card_of(row) for row in products]
        until = catalog.next_change(cards, await catalog.next_publication())
    order = ("query", "category", "maker")
    first = sorted(named, key=lambda item: order.index(item.kind))
    return SuggestView(query=question, items=[*first, *map(_product, cards)], all_url=to_all, until=until)


async def _products(db: Database, words: list[str], *, forgiving: bool) -> list[Any]:
    asked = await finding.understood(db, words)
    rows = await _near(db, asked)
    better = await finding.corrected(db, asked) if forgiving and not rows else None
    return await _near(db, await finding.understood(db, better[0])) if better else rows


async def _near(db: Database, asked: finding.Asked) -> list[Any]:
    query = rules.tsquery_of(asked.slots)
    return await db.fetch(PRODUCTS, query, rules.ranking_of(asked.slots)) if query else []


def _like(words: str) -> str:
    return words.replace("_", r"\_") + "%"


def _name(row: Any) -> SuggestItem:
    url = catalog.category_url(row["address"]) if row["kind"] == "category" else search_url(row["address"])
    return SuggestItem(kind=row["kind"], title=row["title"], url=url, note=row["note"])


def _product(card: catalog.Card) -> SuggestItem:
    return SuggestItem(
        kind="product", title=card.title, url=card.url, note=card.maker,
        picture=card.picture, price=card.price, price_to=card.price_to, was=card.was, currency=card.currency,
    )  # fmt: skip
