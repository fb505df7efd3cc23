"""How long anybody waits for an answer: what takes longer goes on behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

PATIENCE = 3.0  # seconds; then a shopper's page says how far it has come and asks again

T = TypeVar("T")
_going_on: set[asyncio.Task[Any]] = set()


async def patiently(work: Coroutine[Any, Any, T]) -> T | None:
    """What comes of `work` within PATIENCE seconds; None when it takes longer. It is never broken off: money may depend on it."""
    task = asyncio.create_task(work)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    return task.result() if done else None
