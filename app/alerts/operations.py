"""Alerts lie with their address, since that is who may end them; whoever waits for a variant is found by an index on every shard."""

from __future__ import annotations

from uuid import UUID

from app.alerts.events import AlertsDue, SendAlert, SendAlertLink
from app.alerts.links import bucket_in, hash_of, token_of
from app.alerts.queries import BUYABLE
from app.db.engines import EVERYONE, all_shards, reading, writing
from app.db.outbox import emit
from app.settings import settings
from app.values import DAY, MINUTE, Refusal, name_bucket, new_id, seconds

MOST = 20  # confirmed alerts of one address
TO_CONFIRM = 2 * DAY
AGAIN = 10 * MINUTE  # the mail that asks is not sent more often, however often somebody types the address
BATCH = 200  # alerts of one transaction

# What nobody confirmed counts for nothing: strangers may have typed it.
MANY = (
    "SELECT count(*) FROM stock_alert WHERE email = $2 AND (variant_id, kind) <> ($3, $8) AND confirmed_at IS NOT NULL"
)
# An address that waits already, or for too much, is answered like any other: nothing is sent.
ASKED = f"""
    INSERT INTO stock_alert AS a (id, email, variant_id, token_hash, expires_at, kind, price_seen)
    SELECT $1, $2::varchar, $3::uuid, $4, clock_timestamp() + $5::interval, $8::varchar, $9::bigint WHERE ({MANY}) < $6
    ON CONFLICT (email, variant_id, kind) DO UPDATE
    SET asked_at = clock_timestamp(), expires_at = EXCLUDED.expires_at, price_seen = EXCLUDED.price_seen
    WHERE a.confirmed_at IS NULL AND a.asked_at < clock_timestamp() - $7::interval
    RETURNING id
"""  # noqa: S608 - constants
CONFIRMED = """
    UPDATE stock_alert a SET confirmed_at = clock_timestamp(), expires_at = clock_timestamp() + $2::interval
    WHERE token_hash = $1 AND confirmed_at IS NULL AND expires_at > clock_timestamp()
        AND (SELECT count(*) FROM stock_alert c WHERE c.email = a.email AND c.confirmed_at IS NOT NULL) < $3
    RETURNING variant_id
"""
WAITS = "SELECT EXISTS (SELECT FROM stock_alert WHERE kind = 'stock' AND variant_id = $1 AND confirmed_at IS NOT NULL AND told_at IS NULL)"
TOLD = """
    UPDATE stock_alert SET told_at = clock_timestamp() WHERE id IN (SELECT id FROM stock_alert
        WHERE kind = 'stock' AND variant_id = $1 AND confirmed_at IS NOT NULL AND told_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


class LinkIsOver(Refusal):
    say = f"This link is over: it was used, it was too old, or there are {MOST} alerts already. On the product's page you can ask again."


async def ask(email: str, variant_id: UUID, *, seen: int | None = None) -> None:
    """A mail that asks whether it was them is on its way, if this address has not just had one. `email` is normalised.

    `seen`: the price that is too much for them; without one they wait until it is back.
    """
    bucket = name_bucket(email)
    id = new_id(bucket)
    about = (id, email, variant_id, hash_of(token_of(id)), seconds(TO_CONFIRM), MOST, seconds(AGAIN))
    kind = "stock" if seen is None else "price"
    async with writing(bucket) as db:
        asked = await db.fetchval(ASKED, *about, kind, seen)
        if asked:
            await emit(SendAlertLink(alert_id=asked))


async def confirm(token: str) -> None:
    """Its owner wants it. If the variant is back already, they are told now. Raises LinkIsOver, also for the second time."""
    bucket = bucket_in(token)
    if bucket is None:
        raise LinkIsOver
    async with writing(bucket) as db:
        variant_id = await db.fetchval(CONFIRMED, hash_of(token), seconds(settings().alert_days * DAY), MOST)
        if variant_id is None:
            raise LinkIsOver
        await emit(AlertsDue(variant_id=variant_id))


async def stop(token: str) -> None:
    """The alert is gone, and the address with it. Twice is once; so is a token that never was one."""
    bucket = bucket_in(token)
    if bucket is None:
        return
    async with writing(bucket) as db:
        await db.execute("DELETE FROM stock_alert WHERE token_hash = $1", hash_of(token))


async def look_for(variant_id: UUID, band: str) -> None:
    """Whoever waits for the variant is looked for, if this band can be bought. Emits AlertsDue."""
    if band in BUYABLE:
        async with writing(variant_id):
            await emit(AlertsDue(variant_id=variant_id))


async def wake(variant_id: UUID) -> None:
    """Each who waits for the variant gets their mail, if it is back. One shard after another, so many at a time. Emits SendAlert."""
    async with writing(EVERYONE) as db:  # the primary: a replica may still say that it is sold out
        band = await db.fetchval("SELECT band FROM stock_band WHERE variant_id = $1", variant_id)
    if band not in BUYABLE:
        return
    for shard in all_shards():
        async with reading(shard.first) as db:
            waits = await db.fetchval(WAITS, variant_id)
        while waits:
            waits = await _wake(shard.first, variant_id) == BATCH


async def _wake(bucket: int, variant_id: UUID) -> int:
    async with writing(bucket) as db:
        ids = [row["id"] for row in await db.fetch(TOLD, variant_id, BATCH)]
        if ids:
            first, *more = (SendAlert(alert_id=id) for id in ids)
            await emit(first, *more)
    return len(ids)


async def wait_on(alert_id: UUID) -> None:
    """The alert waits as before; should the variant have come back meanwhile, it is told. Emits AlertsDue."""
    async with writing(alert_id) as db:
        sql = "UPDATE stock_alert SET told_at = NULL WHERE id = $1 RETURNING variant_id"
        if variant_id := await db.fetchval(sql, alert_id):
            await emit(AlertsDue(variant_id=variant_id))


async def end(alert_id: UUID) -> None:
    """The alert is gone: it was told, or there is nothing to tell."""
    async with writing(alert_id) as db:
        await db.execute("DELETE FROM stock_alert WHERE id = $1", alert_id)


async def forget(email: str) -> None:
    """No alert waits at this address any more. `email` is normalised."""
    async with writing(name_bucket(email)) as db:
        await db.execute("DELETE FROM stock_alert WHERE email = $1", email)


async def sweep_alerts(bucket: int) -> int:
    """Alerts that nobody confirmed, or that have waited for too long, are forgotten on this bucket's shard."""
    async with writing(bucket) as db:
        await db.execute(
            "DELETE FROM stock_alert WHERE id IN (SELECT id FROM stock_alert WHERE expires_at < clock_timestamp() LIMIT 1000)"
        )
    return 0
