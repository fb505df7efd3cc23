"""A big catalogue for measuring search: words by Zipf's law, so that there are common ones, rare ones and misspelt ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import asyncpg

from app.values import any_bucket, new_id, now

SYLLABLES = [c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z") for v in "aeiou"]
VOCABULARY = 20_000
NOUNS = 40  # the kinds of things there are; the first is in one title of four
AT_ONCE = 5_000
COLUMNS = ("id", "slug", "title", "subtitle", "description", "type_id", "maker_id", "category_id", "status", "keywords", "rank",
           "price_from", "price_to", "band", "created_at", "updated_at")  # fmt: skip


def words() -> list[str]:
    """The vocabulary, commonest first: made-up words of three or four syllables, always the same."""
    chance = random.Random(11)  # noqa: S311 - reproducible, nothing secret
    made = dict.fromkeys("".join(chance.choices(SYLLABLES, k=3 + (at % 2))) + "n" for at in range(VOCABULARY * 2))
    return list(itertools.islice(made, VOCABULARY))


def cumulative(many: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 3) for rank in range(many)))


async def fill(connection: asyncpg.Connection, start: int, count: int) -> None:
    """`count` more products, numbered from `start`, indexed as an import indexes them."""
    keys = await connection.fetchrow("SELECT type_id, maker_id, category_id FROM product LIMIT 1")
    rows = _rows(start, count, dict(keys or {}))
    while batch := list(itertools.islice(rows, AT_ONCE)):
        async with connection.transaction():
            await connection.execute("ALTER TABLE product DISABLE TRIGGER USER")
            await connection.copy_records_to_table("product", records=batch, columns=COLUMNS)
            await connection.execute("SELECT search_refresh($1)", [row[0] for row in batch])
            await connection.execute("ALTER TABLE product ENABLE TRIGGER USER")
    await connection.execute("VACUUM ANALYZE product, search_entry, search_word")


def _rows(start: int, count: int, keys: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    known, chance = words(), random.Random(start)  # noqa: S311 - reproducible, nothing secret
    all_words, nouns = cumulative(len(known)), cumulative(NOUNS)
    for at in range(start, start + count):
        title = [*chance.choices(known, cum_weights=all_words, k=2), *chance.choices(known[:NOUNS], cum_weights=nouns)]
        text = " ".join(chance.choices(known, cum_weights=all_words, k=40))
        price = chance.randrange(500, 20_000)
        yield (new_id(any_bucket()), f"wordy-{at}", " ".join(title).capitalize(), "", text, keys["type_id"], keys["maker_id"],
               keys["category_id"], "published", "", chance.randrange(1_000_000), price, price, "in", now(), now())  # fmt: skip


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
