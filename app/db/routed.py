"""Piccolo's tables on our connections: an engine that has none of its own, only the current one."""

from __future__ import annotations

from typing import Any

from piccolo.engine.base import Engine

from app.db.current import CURRENT, EVERYONE, Database, NoShard


class Routed(Engine):
    """The engine behind Piccolo's tables: it has no connection of its own, only the current one."""

    def __init__(self, kind: str) -> None:  # no super().__init__: it would connect at import
        self.kind = kind
        self.engine_type = "postgres"
        self.min_version_number = 16
        self.log_queries = self.log_responses = False
        self.query_id = 0

    def _current(self) -> Database:
        database = CURRENT.get()
        if database is None or (database.scope == EVERYONE) != (self.kind == EVERYONE):
            inside = "outside a transaction" if database is None else f"inside one of {database.scope}"
            raise NoShard(f"a {self.kind} table was used {inside}; open reading(key) or writing(key) first")
        return database

    async def run_querystring(self, querystring: Any, in_pool: bool = True) -> list[dict]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return [dict(row) for row in await self._current().fetch(sql, *args)]

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list:
        raise NoShard("tables are changed by migrations only")

    async def get_version(self) -> float:
        return self.min_version_number

    def get_version_sync(self) -> float:
        return self.min_version_number

    async def prep_database(self) -> None:
        return None

    async def batch(self, *args: Any, **kwargs: Any) -> Any:
        raise NoShard("stream through a Database of `reading` instead")

    def transaction(self, *args: Any, **kwargs: Any) -> Any:
        raise NoShard("use writing(key)")

    def atomic(self) -> Any:
        raise NoShard("use writing(key)")


SHARED = Routed(EVERYONE)
SHARDS = Routed("shard")
