"""Includes that somebody wrote into a text: through the real app and the real edge they are shown as text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from tests import buying
from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow

INCLUDE = '<esi:include src="/_h/orders"/>'
EVIL = f"{INCLUDE}<!--esi {INCLUDE}--><esi:remove>gone</esi:remove>"
SHOWN = "&lt;esi:include src="


@pytest.fixture
async def evil(stack: Stack) -> AsyncIterator[list[str]]:
    """The addresses of a product and of its category, both and a review of it with evil words. Undone at the end."""
    connection = await asyncpg.connect(stack.dsn)
    row = await connection.fetchrow(
        "SELECT p.id, p.slug, p.title, p.description, c.id AS category_id, c.path, c.title AS category FROM product p "
        "JOIN category c ON c.id = p.category_id WHERE p.status = 'published' AND p.publish_at <= now() "
        "AND p.slug NOT IN ('pell-mug', 'noon-clock', 'dunmore-jug') ORDER BY p.slug LIMIT 1"
    )
    product = "UPDATE product SET title = $2, description = $3 WHERE id = $1"
    category = "UPDATE category SET title = $2 WHERE id = $1"
    await connection.execute(product, row["id"], EVIL, EVIL)
    await connection.execute(category, row["category_id"], INCLUDE)
    said = await connection.fetchval(
        "INSERT INTO review (id, product_id, author, rating, title, body, state, created_at) "
        "VALUES (gen_random_uuid(), $1, $2, 5, $2, $3, 'approved', now()) RETURNING id",
        row["id"],
        INCLUDE,
        EVIL,
    )
    yield [f"/p/{row['slug']}", f"/c/{row['path']}"]
    await connection.execute("DELETE FROM review WHERE id = $1", said)
    await connection.execute(product, row["id"], row["title"], row["description"])
    await connection.execute(category, row["category_id"], row["category"])
    await connection.close()


@pytest.mark.parametrize("units", [0, 1, 12], ids=["stranger", "one in the cart", "twelve in the cart"])
def test_words_of_merchandisers_and_shoppers_are_shown_and_never_fetched(
    stack: Stack, evil: list[str], units: int
) -> None:
    with stack.client(follow_redirects=True) as client:  # search leads to its one spelling
        if units:
            buying.put_into_cart(client, "/p/pell-mug", units)
        for path in [*evil, f"/search?q={quote(EVIL)}", f"/_f/suggest?q={quote(INCLUDE)}"]:
            [text] = eventually(lambda path=path: _shown(client, path), within=10)

            assert "<esi:" not in text.lower() and "<!--esi" not in text.lower(), path
            assert not units or path.startswith("/_f/") or f">{units}</span>" in text, path


def test_address_that_nobody_has_may_not_hold_an_include(stack: Stack) -> None:
    with stack.client() as client:
        buying.put_into_cart(client, "/p/pell-mug", 12)
        for path in (f"/nowhere/{quote(INCLUDE, safe='')}", f"/nowhere?x={quote(EVIL)}"):
            answer = client.get(path)

            assert answer.status_code in (400, 404)
            assert "esi:include" not in answer.text


def test_words_of_a_buyer_are_shown_on_his_pages_as_they_are(stack: Stack) -> None:
    with stack.client(follow_redirects=True) as client:
        number = buying.buy(client, name=INCLUDE, line1=INCLUDE, note=EVIL)
        order = client.get(f"/orders/{number}").text

    assert SHOWN in order
    assert "<esi:" not in order and "<!--esi" not in order


def _shown(client: httpx.Client, path: str) -> list[str]:
    """The page once it shows what was said; suggestions that are none say nothing."""
    text = client.get(path).text
    return [text] if SHOWN in text or path.startswith("/_f/") else []
