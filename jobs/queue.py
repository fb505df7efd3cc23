"""The queue: Redis carries hints of what to look at, never what must be done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

import msgspec
from arq.connections import ArqRedis
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError

from app.settings import Settings

PATIENCE = 0.25  # seconds a hint may take; without it the relay does the work itself
PAUSE = 5.0  # seconds for which a Redis that did not take a hint is not asked again
SILENCE = 5.0  # seconds after which a Redis that does not answer counts as gone


def connect(settings: Settings) -> ArqRedis:
    """arq's client with limits of ours (its own waits for ever), speaking MessagePack (its own default is pickle)."""
    pool = ConnectionPool.from_url(
        settings.redis_url, socket_timeout=SILENCE, socket_connect_timeout=1, health_check_interval=5
    )
    return ArqRedis(pool, job_serializer=msgspec.msgpack.encode, job_deserializer=msgspec.msgpack.decode)


class Hints:
    """Tells workers what to look at, and remembers for PAUSE that Redis was away or slow: only one row waits for that."""

    def __init__(self, redis: ArqRedis) -> None:
        self.redis = redis
        self.away_until = 0.0

    @property
    def away(self) -> bool:
        return time.monotonic() < self.away_until

    async def give(self, lane: str, ids: Sequence[UUID]) -> bool:
        """Tells some worker to look at these outbox rows of a lane. False when Redis is away or slow."""
        if self.away:
            return False
        try:
            await asyncio.wait_for(self.redis.enqueue_job("look_at", [str(id) for id in ids], lane), PATIENCE)
        except (TimeoutError, OSError, RedisError):
            self.away_until = time.monotonic() + PAUSE
            return False
        return True
