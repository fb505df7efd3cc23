"""The settings a command works with: those of the running shop, unless the environment says otherwise."""

from __future__ import annotations

import os
from collections.abc import Coroutine
from typing import TypeVar

from app.ops import state
from app.ops.home import Home, home_of
from app.settings import Settings, read_settings, settings

T = TypeVar("T")
LONGEST_STATEMENT = 600.0  # seconds; a look over a whole shard takes longer than anything a shopper may wait for


def this_home() -> Home:
    """The home folder of this clone, or the one VITRINE_HOME names."""
    return home_of(read_settings(os.environ))


def this_shop() -> Settings:
    """Settings of the shop that runs here. Fills the process's environment, so `settings()` agrees."""
    for key, value in state.running_env(this_home()).items():
        os.environ.setdefault(key, value)
    settings.cache_clear()
    return settings()


def running_shop() -> Settings:
    """As `this_shop`, for commands that need the databases. Raises NotRunning when none are known."""
    from app.values import Refusal

    found = this_shop()
    if not found.shared_dsn:
        raise Refusal("The shop is not running here and no VITRINE_SHARED_DSN is set: ./vitrine up starts it.")
    return found


def answered(question: Coroutine[None, None, T]) -> T:
    """What a coroutine returns that asks the running shop's databases (the primary of each), in a loop of its own."""
    import asyncio

    import msgspec

    from app.db.engines import close_databases, open_databases

    async def asked() -> T:
        try:
            await open_databases(msgspec.structs.replace(shop, replica_dsns="", statement_timeout=LONGEST_STATEMENT))
            return await question
        finally:
            question.close()
            await close_databases()

    try:
        shop = running_shop()
    except BaseException:
        question.close()
        raise
    return asyncio.run(asked())
