from __future__ import annotations

import pytest

from app import main
from app.db import migrate
from app.settings import Settings, settings

REPLICA = "postgresql://replica.example/shop"


@pytest.mark.parametrize(("create", "expected"), [(main.create_admin, ""), (main.create_app, REPLICA)])
async def test_the_admin_reads_no_replica_and_the_shop_does(monkeypatch, create, expected: str) -> None:
    opened: list[Settings] = []

    async def note(given: Settings) -> None:
        opened.append(given)

    async def nothing(*_: Settings) -> None:
        return

    monkeypatch.setenv("VITRINE_REPLICA_DSNS", REPLICA)
    monkeypatch.setattr(main, "open_databases", note)
    monkeypatch.setattr(main, "close_databases", nothing)
    monkeypatch.setattr(migrate, "check", nothing)
    settings.cache_clear()
    try:
        async with create().app.lifespan():
            assert [given.replica_dsns for given in opened] == [expected]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
