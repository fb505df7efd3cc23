"""A deploy changes every kept page once, and no page of any build that may still be kept names a file that is gone."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.values import new_id
from app.web import assets, builds

pytestmark = pytest.mark.usefixtures("databases")


def a_build() -> str:
    return hashlib.sha256(new_id(1).bytes).hexdigest()


@pytest.fixture(autouse=True)
async def nothing_runs(databases: None) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM build")


async def silent(build: str) -> None:
    """The last instance of this build was stopped a minute ago."""
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE build SET seen_at = now() - interval '1 minute' WHERE fingerprint = $1", build)


async def events() -> int:
    async with writing(EVERYONE) as db:
        return await db.fetchval("SELECT count(*) FROM outbox WHERE body->>'table' = 'build'")


async def test_the_first_build_spoils_nothing() -> None:
    before = await events()

    await builds.say()
    await builds.retire()

    assert await events() == before


async def test_two_builds_at_once_spoil_nothing_until_one_is_gone_and_then_all_pages_once() -> None:
    before, old, new = await events(), a_build(), a_build()

    for build in (old, new, old, new, old):  # a rolling deploy, with instances that restart
        await builds.say(build)
        await builds.retire()
    during = await events() - before
    await silent(old)
    for _ in range(3):
        await builds.say(new)
        await builds.retire()

    assert (during, await events() - before) == (0, 1)
    assert await builds.tags_of([{"table": "build", "all": True}]) == {tags.everything()}


async def test_going_back_to_the_build_before_spoils_the_pages_of_the_one_that_failed() -> None:
    before, good, bad = await events(), a_build(), a_build()

    for lives, ended in ((good, bad), (bad, good), (good, bad)):
        await builds.say(lives)
        await silent(ended)
        await builds.retire()

    assert await events() - before == 2


async def test_a_shop_that_was_down_comes_back_with_its_pages() -> None:
    before, build = await events(), a_build()
    await builds.say(build)
    await silent(build)

    await builds.retire()
    await builds.say(build)
    await builds.retire()

    assert await events() == before


async def test_a_file_of_another_build_is_served_as_long_as_a_page_may_name_it(shop: httpx.AsyncClient) -> None:
    body = new_id(1).bytes.hex().encode()
    url = assets.url_of(hashlib.sha256(body).hexdigest(), "app.css")
    before = await shop.get(url)
    async with writing(EVERYONE) as db:
        sql = "INSERT INTO asset (url, content_type, body) VALUES ($1, 'text/css; charset=utf-8', $2)"
        await db.execute(sql, url, body)
    await builds.retire()

    answer = await shop.get(url)

    assert before.status_code == 404
    assert (answer.status_code, answer.content) == (200, body)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


async def test_a_running_build_keeps_its_files_from_being_forgotten() -> None:
    ours = [each.url for each in assets.built().values()]
    await builds.say()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE asset SET seen_at = now() - interval '40 days'")
    await builds.say()
    await builds.retire()

    async with writing(EVERYONE) as db:
        kept = {row["url"]: row["body"] for row in await db.fetch("SELECT url, body FROM asset")}
    assert kept == {each.url: each.body for each in assets.built().values() if each.url in ours}


def test_a_build_is_named_by_what_its_pages_are_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = builds.fingerprint()
    builds.fingerprint.cache_clear()
    again = builds.fingerprint()
    monkeypatch.setattr(assets, "built", lambda: {"app.css": assets.Asset("/static/x/app.css", b"", "text/css", None)})
    builds.fingerprint.cache_clear()
    other = builds.fingerprint()
    monkeypatch.undo()
    builds.fingerprint.cache_clear()

    assert ours == again != other
