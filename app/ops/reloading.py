"""New rules into the varnishd that runs here: loaded, looked at, used, and taken back when they do not work.

Kept pages and their tags live on, because the new rules import xkey before any older ones are let go (0.20 forgets every
tag when the last rules that import it are discarded).
"""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

from app.edge import purge
from app.edge.explain import explain
from app.edge.naming import name_of
from app.ops.node import Here, local_node
from app.ops.varnishadm import NoEdge, Refused, Varnishd
from app.values import Refusal

PREVIOUS = 2  # earlier rules that stay loaded, to go back to by hand
JUDGED_AFTER = 2.2  # seconds: backends start healthy, and two failed probes of one second each make them sick


class BadRules(Refusal):
    """The new rules were refused or failed their probe; the ones before are at work. `say` tells why."""

    status = 1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`rules` are at work. `before` and `discarded` are loaded names; nothing was done when `changed` is False."""

    rules: str
    changed: bool
    before: str = ""
    discarded: list[str] = []
    seconds: float = 0
    elsewhere: list[dict[str, str]] = []


def run() -> Report:
    """The edge that `up` runs here works by the rules of this code and its settings; nodes elsewhere that do not are listed.

    Raises BadRules, NoEdge.
    """
    from app.ops.rendering import vcl_of
    from app.ops.surroundings import this_home, this_shop

    shop, home = this_shop(), this_home()
    local = local_node(shop, home)
    if local is None:
        raise NoEdge(
            "No edge of this shop runs on this machine: ./vitrine edge render prints the rules for another one."
        )
    text = vcl_of(shop)

    async def work() -> Report:
        try:
            report = await reload(local, text)
            others = [await explain(node, "/") for node in shop.purge_urls if node != local.node]
        finally:
            await purge.close()
        behind = [
            {"node": one.node, "works by": one.rules or one.error or "?"} for one in others if one.rules != report.rules
        ]
        return msgspec.structs.replace(report, elsewhere=behind)

    return asyncio.run(work())


async def reload(here: Here, text: str) -> Report:
    """The node works by these rules, or, when they fail their probe, by the ones before. Raises BadRules, NoEdge.

    No request is lost, and no kept page forgets its tags.
    """
    name, varnishd, began = name_of(text), Varnishd(here.folder), time.monotonic()
    with _alone(here.folder):
        before = varnishd.active
        if (await explain(here.node, "/")).rules == name:
            return Report(rules=name, changed=False)
        is_new = name not in {one.name for one in varnishd.rules()}
        if is_new:
            _load(varnishd, here, name, text)
        try:
            await _probe(varnishd, before, name)
            await _use(varnishd, here, before, name)
        except BaseException:
            if is_new:
                varnishd.ask("vcl.discard", name)
            raise
        _start_from(here, text)
        gone = _discard_older(varnishd, before)
    return Report(rules=name, changed=True, before=before, discarded=gone, seconds=round(time.monotonic() - began, 1))


def _load(varnishd: Varnishd, here: Here, name: str, text: str) -> None:
    path = here.vcl.with_suffix(".new")
    path.write_text(text, encoding="utf-8")
    try:
        varnishd.ask("vcl.load", name, str(path))
    except Refused as words:
        raise BadRules(f"The new rules do not compile, so nothing changed:\n{words}") from None
    finally:
        path.unlink()


async def _probe(varnishd: Varnishd, before: str, name: str) -> None:
    """The new rules reach every instance that the present ones reach."""
    await asyncio.sleep(JUDGED_AFTER)
    well = {backend.name for backend in varnishd.backends(before) if backend.healthy}
    found = varnishd.backends(name)
    sick = sorted(backend.name for backend in found if not backend.healthy and backend.name in well)
    if sick or (well and not any(backend.healthy for backend in found)):
        raise BadRules(f"The new rules do not reach {', '.join(sick) or 'any instance'}, so nothing changed.")


async def _use(varnishd: Varnishd, here: Here, before: str, name: str) -> None:
    varnishd.ask("vcl.use", name)
    try:
        wrong = await _wrong_with(here, name)
        if wrong:
            raise BadRules(f"The new rules were at work for a moment, and {wrong}: those before are back ({before}).")
    except BaseException:
        varnishd.ask("vcl.use", before)
        raise


async def _wrong_with(here: Here, name: str) -> str | None:
    """What a first visitor would have met, if it was not right: the node's own word, and two pages through it."""
    said = await explain(here.node, f"http://{here.host}/")
    if said.rules != name:
        return f"the node does not work by them ({said.error or said.rules})"
    if said.state == "refused":
        return f"they refuse the front page ({said.rule})"
    if said.outage:
        return None  # no instance to ask, neither now nor before
    async with httpx.AsyncClient(base_url=here.shop, headers={"Host": here.host}, trust_env=False) as visitor:
        for path in ("/healthz", "/"):
            try:
                status = (await visitor.get(path)).status_code
            except httpx.HTTPError as failed:
                return f"{path} was not answered ({type(failed).__name__})"
            if status >= 400:
                return f"{path} answered {status}"
    return None


def _start_from(here: Here, text: str) -> None:
    """A restart of varnishd starts from these rules; `up` will look again whether they are what it wants."""
    here.vcl.with_suffix(".made-of").unlink(missing_ok=True)
    fresh = here.vcl.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(here.vcl)


def _discard_older(varnishd: Varnishd, before: str) -> list[str]:
    """All but the rules at work and the last before them are let go; never the last that import xkey."""
    idle = [one.name for one in varnishd.rules() if one.status == "available" and one.name != before]
    gone = idle[: max(0, len(idle) - (PREVIOUS - 1))]
    for name in gone:
        varnishd.ask("vcl.discard", name)
    return gone


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One reload at a time."""
    with (folder / "reload.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadRules("Another reload is under way.") from None
        yield
