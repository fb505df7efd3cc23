"""The queue: Redis carries hints of what to look at, never what must be done."""

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec
from arq.connections import ArqRedis
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError

from app.settings import Settings

PATIENCE = 0.25  # seconds a hint may take; without it the relay does the work itself
SILENCE = 5.0  # seconds after which a Redis that does not answer counts as gone


def connect(settings: Settings) -> ArqRedis:
    """arq's client with limits of ours (its own waits for ever), speaking MessagePack (its own default is pickle)."""
    pool = ConnectionPool.from_url(
        settings.redis_url, socket_timeout=SILENCE, socket_connect_timeout=1, health_check_interval=5
    )
    return ArqRedis(pool, job_serializer=msgspec.msgpack.encode, job_deserializer=msgspec.msgpack.decode)


async def hint(redis: ArqRedis, bucket: int, id: UUID) -> bool:
    """Tells some worker to look at an outbox row. False when Redis is away or slow."""
    try:
        await asyncio.wait_for(redis.enqueue_job("look_at", bucket, str(id)), PATIENCE)
    except (TimeoutError, OSError, RedisError):
        return False
    return True
