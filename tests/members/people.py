"""Somebody with an account, and what a test does to become one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from uuid import UUID

import httpx

from app.accounts import queries
from app.accounts.links import token_of
from app.db import crash
from app.db.engines import all_shards, reading
from app.values import bucket_of, name_bucket
from jobs import mail
from jobs.after import JOBS
from jobs.run import run_row
from tests.makers import unique

PASSWORD = "four words in a row"


def an_email() -> str:
    return f"{unique('ada')}@example.org"


async def link_for(email: str) -> str:
    """The path of the newest link that was made for this address, wherever it lies."""
    ids: list[UUID] = []
    for shard in all_shards():
        async with reading(shard.first) as db:
            ids += [row["id"] for row in await db.fetch("SELECT id FROM account_token WHERE email = $1", email)]
    newest = max(ids, key=lambda id: id.int & ((1 << 118) - 1))
    return f"/account/link/{token_of(newest)}"


async def sign_up(shop: httpx.AsyncClient, email: str | None = None, **more: str) -> str:
    """The browser has made an account and is signed in to it. Returns the address."""
    email = email or an_email()
    typed = {"email": email, "name": "Ada", "password": PASSWORD} | more
    assert (await shop.post("/account/sign-up", data=typed)).headers["location"] == "/account/mail-sent"
    opened = await shop.post(await link_for(email), data={"password": typed["password"]})
    assert opened.status_code == 303, opened.text
    return email


async def sign_in(shop: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await shop.post("/account/sign-in", data={"email": email, "password": password} | more)


async def is_in(shop: httpx.AsyncClient) -> bool:
    return (await shop.get("/account/details")).status_code == 200


async def shopper_of(email: str) -> UUID:
    member = await queries.member_by_email(email)
    assert member
    return member.shopper_id


async def mails_to(*emails: str) -> list[str]:
    """Subjects of the mails about accounts that are due to these addresses, in order; of others' nobody hears again."""
    sent: list[str] = []

    async def send(row_id: UUID, *, to: str, subject: str, **_: Any) -> None:
        if to in emails:
            sent.append(subject)

    with mock.patch.object(mail, "send", send):
        await run_jobs("SendAccountLink", "SendAccountNotice", "PasswordChanged")
    return sent


async def run_jobs(*kinds: str) -> None:
    """Does what is due of these kinds."""
    for shard in all_shards():
        async with reading(shard.first) as db:
            rows = await db.fetch(
                "SELECT id FROM outbox WHERE done_at IS NULL AND kind = ANY($1) ORDER BY created_at", kinds
            )
        for row in rows:
            assert await run_row(JOBS, bucket_of(row["id"]), row["id"])


async def accounts_of(email: str) -> int:
    async with reading(name_bucket(email)) as db:
        return await db.fetchval("SELECT count(*) FROM account WHERE email = $1", email)


@contextmanager
def lost_at(step: str, when: str) -> Iterator[None]:
    """The connection is lost around this transaction's commit, to which it comes at least once."""
    met = []

    def at(*point: str) -> None:
        if point == (step, when):
            met.append(point)
            raise ConnectionResetError

    with mock.patch.object(crash, "at", at):
        yield
    assert met, f"it never came to {step}"
