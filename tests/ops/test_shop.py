from __future__ import annotations

import io

from app.ops import postgres
from app.ops.home import Home
from app.ops.logs import Console
from app.ops.shop import Shop
from app.settings import Settings


def test_a_disk_that_refuses_the_state_is_said_once_and_closes_no_shop(home: Home) -> None:
    to = io.StringIO()
    shop = Shop(Settings(), home, Console(to))
    home.state.mkdir()

    shop.remember()
    shop.remember()

    assert to.getvalue().count("What runs can't be written down") == 1
    home.state.rmdir()
    shop.remember()
    assert home.state.is_file()


async def test_the_embedded_database_is_told_how_many_connections_its_shop_needs(home: Home, monkeypatch) -> None:
    told: list[tuple[Home, int]] = []
    monkeypatch.setattr(postgres, "initialise", lambda *given: told.append(given))
    shop = Shop(Settings(web_instances=16), home, Console(io.StringIO()))
    monkeypatch.setattr(shop, "_launch", lambda programs: None)
    monkeypatch.setattr(shop, "_until", _at_once)

    await shop._start_servers({"postgres": None})  # type: ignore[dict-item]

    assert told == [(home, (16 + postgres.OTHERS) * 3 * 8 + postgres.SPARE)]


async def _at_once(*_: object) -> None:
    return
