"""A big catalogue for measuring search and lists: words by Zipf's law, so that there are common ones, rare ones and
misspelt ones; facets of a few and of many values; a big category of a fifth of the shop, and a small one.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg

from app.values import any_bucket, new_id, now

SYLLABLES = [c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z") for v in "aeiou"]
VOCABULARY = 20_000
NOUNS = 40  # the kinds of things there are; the first is in one title of four
AT_ONCE = 5_000
COLUMNS = ("id", "slug", "title", "subtitle", "description", "type_id", "maker_id", "category_id", "status", "attributes", "keywords",
           "rank", "price_from", "price_to", "was_from", "band", "rating_sum", "rating_count", "created_at", "updated_at")  # fmt: skip
FACETS = {"material": 8, "colour": 12, "size": 25}  # attribute -> how many values it has
MAKERS = 40
ALL = "wordy"  # all of them stand below it
BIG, SMALL = f"{ALL}/big", f"{ALL}/small"  # every fifth product, and one of 500
SHELVES = (BIG, SMALL, f"{ALL}/other", f"{ALL}/more")


def words() -> list[str]:
    """The vocabulary, commonest first: made-up words of three or four syllables, always the same."""
    chance = random.Random(11)  # noqa: S311 - reproducible, nothing secret
    made = dict.fromkeys("".join(chance.choices(SYLLABLES, k=3 + (at % 2))) + "n" for at in range(VOCABULARY * 2))
    return list(itertools.islice(made, VOCABULARY))


def cumulative(many: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 3) for rank in range(many)))


async def fill(connection: asyncpg.Connection, start: int, count: int, *, refreshed: Sequence[str]) -> None:
    """`count` more products, numbered from `start`, then `refreshed` by these functions, as an import is by its triggers."""
    refresh = "SELECT " + ", ".join(f"{name}($1)" for name in refreshed)
    rows = _rows(start, count, await _keys(connection))
    while batch := list(itertools.islice(rows, AT_ONCE)):
        async with connection.transaction():
            await connection.execute("ALTER TABLE product DISABLE TRIGGER USER")
            await connection.copy_records_to_table("product", records=batch, columns=COLUMNS)
            await connection.execute(refresh, [row[0] for row in batch])
            await connection.execute("ALTER TABLE product ENABLE TRIGGER USER")
        await connection.execute("ANALYZE product, product_facet")  # what comes next is planned for what is there
    await connection.execute("VACUUM ANALYZE")


async def _keys(connection: asyncpg.Connection) -> dict[str, Any]:
    """The ids of the type, the makers and the categories of these products, made when they are not there."""
    kinds = [{"code": code, "label": code.capitalize(), "kind": "text", "is_facet": True} for code in FACETS]
    made = """INSERT INTO {} ON CONFLICT DO NOTHING"""
    await connection.execute(
        made.format("product_type (id, code, title, attributes) VALUES (gen_random_uuid(), 'wordy', 'Wordy', $1)"),
        json.dumps(kinds),
    )
    makers = "maker (id, slug, name, place, story) SELECT gen_random_uuid(), 'wordy-' || n, 'Wordy ' || n, '', '' FROM generate_series(1, $1::int) n"
    await connection.execute(made.format(makers), MAKERS)
    shelves = "category (id, path, title, summary, position) SELECT gen_random_uuid(), path, path, '', 99 FROM unnest($1::text[]) path"
    await connection.execute(made.format(shelves), [ALL, *SHELVES])
    return {
        "type": await connection.fetchval("SELECT id FROM product_type WHERE code = 'wordy'"),
        "makers": [row["id"] for row in await connection.fetch("SELECT id FROM maker WHERE slug LIKE 'wordy-%'")],
        "shelves": {row["path"]: row["id"] for row in await connection.fetch("SELECT path, id FROM category")},
    }


def _rows(start: int, count: int, keys: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    known, chance = words(), random.Random(start)  # noqa: S311 - reproducible, nothing secret
    all_words, nouns = cumulative(len(known)), cumulative(NOUNS)
    makers = cumulative(len(keys["makers"]))
    for at in range(start, start + count):
        title = [*chance.choices(known, cum_weights=all_words, k=2), *chance.choices(known[:NOUNS], cum_weights=nouns)]
        text = " ".join(chance.choices(known, cum_weights=all_words, k=40))
        price = chance.randrange(500, 20_000)
        maker = chance.choices(keys["makers"], cum_weights=makers)[0]
        yield (new_id(any_bucket()), f"wordy-{at}", " ".join(title).capitalize(), "", text, keys["type"], maker,
               keys["shelves"][_shelf(at)], "published", _attributes(chance), "", chance.randrange(1_000_000), price, price,
               price + 500 if chance.random() < 0.1 else None, "in" if chance.random() < 0.9 else "out",
               chance.randrange(3, 6) * 4, chance.randrange(5), now(), now())  # fmt: skip


def _shelf(at: int) -> str:
    return SMALL if at % 500 == 1 else BIG if at % 5 == 0 else SHELVES[2 + at % 2]


def _attributes(chance: random.Random) -> str:
    """Values that no text search finds: numbers."""
    return json.dumps({code: str(chance.randrange(many)) for code, many in FACETS.items()})


def questions(many: int) -> dict[str, list[str]]:
    """So many different questions of each kind."""
    known, chance = words(), random.Random(5)  # noqa: S311 - reproducible, nothing secret
    middle, rare = known[NOUNS:2000], known[8000:]
    nouns = known[:NOUNS]
    misspelt = [
        word[:2] + word[3] + word[2] + word[4:] for word in chance.sample(middle, many * 2) if word[2] != word[3]
    ]
    return {
        "a common word": nouns[:many],
        "a rare word": chance.sample(rare, many),
        "two words": [f"{chance.choice(nouns)} {word}" for word in chance.sample(middle, many)],
        "the beginning of a word": [word[:4] for word in chance.sample(middle, many)],
        "a misspelt word": [word for word in misspelt if word not in set(known)][:many],
        "nothing": ["".join(chance.choices("qxwj", k=9)) for _ in range(many)],
        "suggestions for a beginning": [word[:5] for word in chance.sample(middle, many)],
    }
