from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.db.engines import EVERYONE, reading, writing
from tests import makers
from tests.catalog.test_pages import statements


async def review_of(id: UUID) -> dict[str, Any]:
    async with reading(EVERYONE) as db:
        return dict(await db.fetchrow("SELECT * FROM review WHERE id = $1", id))


async def rating_of(product_id: UUID) -> tuple[int, int]:
    """What the product says, which must be what its approved reviews say."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(
            "SELECT rating_sum, rating_count, (SELECT coalesce(sum(rating), 0) FROM review WHERE product_id = p.id AND state = 'approved') AS total,"
            " (SELECT count(*) FROM review WHERE product_id = p.id AND state = 'approved') AS many FROM product p WHERE id = $1",
            product_id,
        )
    assert (row["rating_sum"], row["rating_count"]) == (row["total"], row["many"])
    return row["rating_sum"], row["rating_count"]


async def test_a_decision_is_public_at_once_and_the_rating_exact(
    staff: httpx.AsyncClient, shop: httpx.AsyncClient
) -> None:
    pot = await makers.a_product(title="Moss pot")
    id = await makers.a_review(pot, rating=2, state="pending", title="Chipped <b>")
    listed = await staff.get("/reviews?q=Moss+pot")
    assert "Chipped &lt;b&gt;" in listed.text and statements(listed) <= 4

    saved = await staff.post(f"/reviews/{id}", data={"does": "approve", "version": "1", "reply": "We are <sorry>"})
    page = await shop.get(pot.url)

    assert saved.status_code == 303 and "saved=" in saved.headers["location"]
    assert 'data-testid="admin-live-state"' in (await staff.get(saved.headers["location"])).text
    assert "Chipped &lt;b&gt;" in page.text and "We are &lt;sorry&gt;" in page.text
    assert await rating_of(pot.id) == (2, 1)
    assert ((await review_of(id))["moderated_by"], (await review_of(id))["version"]) == ("Ana Weir", 2)

    await staff.post(f"/reviews/{id}", data={"does": "reject", "version": "2", "reason": "Asked us to"})
    assert await rating_of(pot.id) == (0, 0)
    assert "Chipped" not in (await shop.get(pot.url)).text


async def test_turning_down_needs_a_reason_and_keeps_what_was_typed(staff: httpx.AsyncClient) -> None:
    id = await makers.a_review(await makers.a_product(), state="pending")

    answer = await staff.post(f"/reviews/{id}", data={"does": "reject", "version": "1", "reply": "Half an answer"})
    long = await staff.post(f"/reviews/{id}", data={"does": "approve", "version": "1", "reply": "x" * 2001})

    assert answer.status_code == 422 and "Half an answer" in answer.text and "note why" in answer.text
    assert long.status_code == 422
    assert (await review_of(id))["state"] == "pending"


async def test_a_review_that_changed_meanwhile_is_shown_again_before_it_is_decided(staff: httpx.AsyncClient) -> None:
    id = await makers.a_review(await makers.a_product(), state="pending")
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE review SET body = 'Buy watches', version = 2 WHERE id = $1", id)

    late = await staff.post(f"/reviews/{id}", data={"does": "approve", "version": "1", "reply": "Thanks"})

    assert late.status_code == 409 and "Buy watches" in late.text and "Thanks" in late.text
    assert (await review_of(id))["state"] == "pending"
    again = await staff.post(f"/reviews/{id}", data={"does": "approve", "version": "2", "reply": "Thanks"})
    assert again.status_code == 303


async def test_many_are_approved_at_once_but_none_that_changed(staff: httpx.AsyncClient) -> None:
    pot = await makers.a_product()
    ids = [await makers.a_review(pot, state="pending", rating=4) for _ in range(3)]
    page = await staff.get("/reviews")
    picks = [pick for pick in re.findall(r'name="pick" value="([^"]+)"', page.text) if pick[:36] in map(str, ids)]
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE review SET version = 2 WHERE id = $1", ids[0])

    done = await staff.post("/reviews", data={"pick": [*picks, "nonsense", f"{uuid4()}:1"]})

    assert len(picks) == 3
    assert done.headers["location"] == "/reviews?done=2&left=2"
    assert "2 approved. 2 not" in (await staff.get(done.headers["location"])).text
    assert await rating_of(pot.id) == (8, 2)


async def test_nonsense_filters_show_the_queue(staff: httpx.AsyncClient) -> None:
    for query in ("state=nope", "stars=9", "after=x-y", "done=-1", "q=%25%00"):
        assert (await staff.get(f"/reviews?{query}")).status_code == 200
    assert (await staff.get(f"/reviews/{uuid4()}")).status_code == 404
    assert "reviews-pending" in (await staff.get("/")).text


async def test_strangers_decide_nothing(admin: httpx.AsyncClient) -> None:
    assert "/sign-in" in (await admin.post("/reviews", data={"pick": "x"})).headers["location"]
