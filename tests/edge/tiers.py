"""An origin, an edge and a POP in front of it, for tests of both tiers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.edge import varnish
from tests.edge.gate import Gate
from tests.edge.origin import KEPT, Answer, Asked, Origin


class Tiers:
    """Origin, edge, a wire and a POP. `say` is what the origin's pages say; `rendering` can be held after it was read."""

    def __init__(self, folder: Path, stack: ExitStack, *, leave_out: str = "", **changes: Any) -> None:
        [port] = varnish.free_ports(1)
        self.say = "old"
        self.status = 200
        self.rendering = threading.Event()
        self.rendering.set()
        self.origin = stack.enter_context(Origin(port, self.answer))
        rules = varnish.render(varnish.config([port], **{"cdn": "varnish", **changes}))
        self.edge = stack.enter_context(
            varnish.Varnish(folder / "edge", varnish.without_rule(rules, leave_out) if leave_out else rules)
        )
        self.wire = stack.enter_context(Gate(self.edge.port))
        self.pop = stack.enter_context(varnish.Pop(folder / "pop", self.wire.port))

    def answer(self, asked: Asked) -> Answer:
        said = f"{self.say} for {asked.headers.get('x-vitrine-form')}"
        self.rendering.wait(20)
        headers = KEPT | {"xkey": f"{tag(asked.path)} all", "ETag": f'"{self.say}"'}
        return Answer(
            said,
            headers | ({"Age": "7200", "Cache-Control": "s-maxage=86400"} if "aged" in asked.path else {}),
            self.status,
        )

    def read(self, path: str, **headers: str) -> str:
        return self.pop.ask("GET", path, **headers).text.partition(" ")[0]

    def purge(self, *tiers: varnish.Varnish, path: str) -> list[str]:
        return [tier.ask("PURGE", "/", purge=True, X_Purge_Tags=tag(path)).reason for tier in tiers]


def tag(path: str) -> str:
    return "p" + path.rpartition("/")[2].partition("?")[0].encode().hex()


@contextmanager
def running(folder: Path, **changes: Any) -> Iterator[Tiers]:
    with ExitStack() as stack:
        yield Tiers(folder, stack, **changes)


def eventually(happens: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False
