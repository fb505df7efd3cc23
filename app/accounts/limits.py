"""How often one may try: counted in PostgreSQL, because a Redis that is away would have to mean no sign-in or no limit."""

from __future__ import annotations

from app.accounts.rules import normalised, try_name
from app.db.engines import writing
from app.values import DAY, HOUR, MINUTE, Refusal, name_bucket, seconds

WINDOW = 15 * MINUTE
BY_ADDRESS = 10  # wrong passwords for one address
BY_CLIENT = 100  # the same from one client: whole offices share an address
MAILS_BY_CLIENT = 30  # mails asked for by one client
# Mails of a kind to one address, whoever asks for them: of links into an account, and of alerts, of which somebody may want many.
MAILS = {"mail": ((5, HOUR), (10, DAY)), "alert": ((8, HOUR), (20, DAY))}

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


async def count_try(kind: str, *, whose: str, client: str, device: str = "") -> None:
    """One more try counts against the address (or whatever is tried) and the client. Raises TooManyTries when it is one too many.

    A client without a name is everybody, and has no limit of its own. A browser that the account knows (`device`) has a counter
    to itself, which neither strangers at the same address nor those in the same network can use up.
    """
    if not device:
        await count_client(kind, client)  # first: whoever is over it can't use up the tries of any more addresses
    if await _taken(kind, _counted(whose, device), BY_ADDRESS):
        raise TooManyTries


async def count_client(kind: str, client: str, most: int = 0, window: int = WINDOW) -> None:
    """One more try counts against the client alone, if it has a name. Raises TooManyTries."""
    if client and await _taken(f"{kind} by", client, most or BY_CLIENT, window):
        raise TooManyTries


async def may_mail(kind: str, *, email: str, client: str, device: str = "") -> bool:
    """Counts one more mail; whether it may go. Whoever asks is answered the same if not: it was others who asked too often.

    Raises TooManyTries for the client alone.
    """
    if not device:
        await count_client(kind, client, MAILS_BY_CLIENT)
    for most, window in MAILS[kind]:
        if await _taken(f"{kind} {window}", _counted(email, device), most, window):
            return False
    return True


async def forget_tries(kind: str, whose: str, device: str = "") -> None:
    """It starts anew: whoever it is got in."""
    counted = _counted(whose, device)
    async with writing(name_bucket(counted)) as db:
        await db.execute("DELETE FROM visitor_try WHERE name = $1", try_name(kind, counted))


def _counted(whose: str, device: str) -> str:
    return f"{normalised(whose)} {device}".rstrip()


async def _taken(kind: str, whose: str, most: int, window: int = WINDOW) -> bool:
    bucket = name_bucket(whose)
    async with writing(bucket) as db:
        return await db.fetchval(TRIED, try_name(kind, whose), bucket, seconds(window)) > most


async def sweep_tries(bucket: int) -> int:
    """Tries that count no more, and links and sessions that open nothing any more, are forgotten on this bucket's shard."""
    async with writing(bucket) as db:
        await db.execute(
            "DELETE FROM visitor_try WHERE name IN (SELECT name FROM visitor_try WHERE since < now() - $1::interval LIMIT 1000)",
            seconds(DAY),  # the longest window
        )
        await db.execute(
            "DELETE FROM account_token WHERE id IN (SELECT id FROM account_token WHERE expires_at < now() - interval '1 day' LIMIT 1000)"
        )
        await db.execute(
            "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < now() - interval '1 day' LIMIT 1000)"
        )
    return 0
