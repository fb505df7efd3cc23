"""How often one may try: counted in PostgreSQL, because a Redis that is away would have to mean no sign-in or no limit."""

from __future__ import annotations

from app.accounts.rules import normalised, try_name
from app.db.engines import writing
from app.values import MINUTE, Refusal, name_bucket, seconds

WINDOW = 15 * MINUTE
BY_ADDRESS = 10  # wrong passwords, or mails asked for, for one address
BY_CLIENT = 100  # the same from one client: whole offices share an address

# One row for each name; the first try of a new window takes it over.
TRIED = """
    INSERT INTO visitor_try AS t (name, bucket) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE
    SET tries = CASE WHEN t.since < clock_timestamp() - $3::interval THEN 1 ELSE t.tries + 1 END,
        since = CASE WHEN t.since < clock_timestamp() - $3::interval THEN clock_timestamp() ELSE t.since END
    RETURNING tries
"""


class TooManyTries(Refusal):
    say = "That was tried too often. Please wait a quarter of an hour, and try again."
    status = 429


async def count_try(kind: str, *, email: str, client: str) -> None:
    """One more try counts against the address and the client. Raises TooManyTries when it is one too many for either.

    A client without a name is everybody, and has no limit of its own.
    """
    await count_client(kind, client)  # first: whoever is over it can't use up the tries of any more addresses
    if await _taken(kind, normalised(email), BY_ADDRESS):
        raise TooManyTries


async def count_client(kind: str, client: str) -> None:
    """One more try counts against the client alone, if it has a name. Raises TooManyTries."""
    if client and await _taken(f"{kind} by", client, BY_CLIENT):
        raise TooManyTries


async def forget_tries(kind: str, email: str) -> None:
    """The address starts anew: whoever it is got in."""
    whose = normalised(email)
    async with writing(name_bucket(whose)) as db:
        await db.execute("DELETE FROM visitor_try WHERE name = $1", try_name(kind, whose))


async def _taken(kind: str, whose: str, most: int) -> bool:
    bucket = name_bucket(whose)
    async with writing(bucket) as db:
        return await db.fetchval(TRIED, try_name(kind, whose), bucket, seconds(WINDOW)) > most


async def sweep_tries(bucket: int) -> int:
    """Tries that count no more, and links and sessions that open nothing any more, are forgotten on this bucket's shard."""
    async with writing(bucket) as db:
        await db.execute(
            "DELETE FROM visitor_try WHERE name IN (SELECT name FROM visitor_try WHERE since < now() - $1::interval LIMIT 1000)",
            seconds(WINDOW),
        )
        await db.execute(
            "DELETE FROM account_token WHERE id IN (SELECT id FROM account_token WHERE expires_at < now() - interval '1 day' LIMIT 1000)"
        )
        await db.execute(
            "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < now() - interval '1 day' LIMIT 1000)"
        )
    return 0
