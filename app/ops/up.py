"""Starts a shop, keeps it running and takes it down again: what `vitrine up` does."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import msgspec

from app.ops import ports, state, varnish
from app.ops.home import Home, home_of, make
from app.ops.logs import Console
from app.ops.shop import Shop
from app.settings import Settings
from app.values import Refusal


class AlreadyRunning(Refusal):
    """This home's shop runs; `say` tells where."""

    status = 2


def run(given: Settings, *, seed: str, verbose: bool) -> None:
    """Run the shop in the foreground until it is told to stop. Raises Refusal when it can't start."""
    home = home_of(given)
    make(home)
    lock = state.hold(home)
    if lock is None:
        raise AlreadyRunning(already(home))
    console = Console(verbose=verbose)
    for name in state.clear_leftovers(home):
        console.say(f"Stopped {name}, left over from a start that was killed")
    given = with_edge(given, console.say)
    ports.check(ports.wanted(given))
    asyncio.run(_run(Shop(given, home, console), seed))


def already(home: Home) -> str:
    """Where the shop of this home runs, and how to stop it."""
    found = state.running(home)
    where = f" at {found.url} (process {found.supervisor.pid})" if found else ""
    return f"This shop is running already{where}, with its data in {home.root}: ./vitrine down stops it."


def with_edge(given: Settings, say: Callable[[str], None]) -> Settings:
    """Settings with the edge off where there is no Varnish and no way to get one."""
    if given.edge and not varnish.ensure(say):
        return msgspec.structs.replace(given, edge=False)
    return given


async def _run(shop: Shop, seed: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(shop.start(seed))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
        await stopping
        shop.console.say("Stopping")
    finally:
        starting.cancel()
        await asyncio.wait([starting])
        await shop.supervisor.stop()
        shop.home.state.unlink(missing_ok=True)
