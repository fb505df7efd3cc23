"""The parts of a page, as one edge node has them: the page itself, its holes, the fragments it loads."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.admin import glass
from app.edge import tags
from app.edge.explain import Explained, explain
from app.settings import Settings

EVERYWHERE = ("all", "m1", "d1", "w1")  # with these or a wave's a single click would take half the shop's pages
LOADED_INTO = {"/_f/variant/": "variant", "/_f/suggest": "suggest"}  # fragments and the ids of what they fill

WORDS = {
    "hit": "Hit: a kept copy answers",
    "stale": "Out of date: shown only while the shop is away",
    "miss": "Miss: nothing is kept, the next visit makes it",
    "hit-for-miss": "The last answer could not be kept",
    "pass": "Never kept: asked each time",
    "refused": "Refused at the edge",
    "unknown": "The edge did not say",
    "in place": "In place: its value is part of the page's key",
}


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, what it stands for, and whether one click may purge it."""

    name: str
    words: str
    alone: bool


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The page, a hole or a fragment, as one edge node has it. `age`, `ttl`: seconds, of a kept copy."""

    kind: Literal["page", "hole", "fragment"]
    url: str
    state: str
    words: str
    age: float | None = None
    ttl: float | None = None
    hits: int | None = None
    tags: list[Tag] = []

    @property
    def label(self) -> str:
        """What stands on its outline."""
        times = (
            f", age {self.age:.0f} s, {self.ttl:.0f} s left" if self.age is not None and self.ttl is not None else ""
        )
        return f"{self.url}: {self.state}{times}"


async def looked_at(shop: Settings, node: str, url: str, cookie: str) -> list[Part]:
    """The parts of the page at `url`. Looking is a visit: the page's own verdict is what the look found, before it made a copy."""
    was = await explain(node, url, cookie)
    parts = await parts_of(node, url, cookie, (await glass.page_at(shop, url, cookie)).text)
    if parts[0].state != "hit" or was.state == "hit":
        return parts
    words = f"{WORDS[was.state]}. This look was a visit: a new copy is kept now"
    return [msgspec.structs.replace(parts[0], state=was.state, words=words), *parts[1:]]


async def parts_of(node: str, url: str, cookie: str, html: str) -> list[Part]:
    """The page at `url`, which is this HTML for a visitor with this cookie, and all it is made of."""
    whole = await explain(node, url, cookie)
    found = [_part("page", url, whole)]
    for name in glass.holes_in(html, whole.holes):
        address = f"/_h/{name}"
        if name in whole.holes:
            found.append(_part("hole", address, await explain(node, address, cookie)))
        else:
            found.append(Part(kind="hole", url=address, state="in place", words=WORDS["in place"]))
    return found + [_part("fragment", each, await explain(node, each, cookie)) for each in glass.fragments_in(html)]


def labels_of(parts: list[Part]) -> dict[str, str]:
    """What to write on which element, by its id."""
    labels = {"main": parts[0].label}
    for part in parts[1:]:
        labels |= {identity: part.label for prefix, identity in LOADED_INTO.items() if part.url.startswith(prefix)}
        labels |= {identity: part.label for name, identity in glass.HOLES.items() if part.url == f"/_h/{name}"}
    return labels


def _part(kind: Literal["page", "hole", "fragment"], url: str, said: Explained) -> Part:
    why = f" ({said.error or said.why})" if said.error or said.why else ""
    named = [Tag(name=t, words=tags.KINDS.get(t) or tags.KINDS.get(t[0], ""), alone=alone(t)) for t in said.tags]
    return Part(
        kind=kind,
        url=url,
        state=said.state,
        words=WORDS[said.state] + why,
        age=said.age,
        ttl=said.ttl,
        hits=said.hits,
        tags=sorted(named, key=lambda tag: (not tag.alone, tag.name)),
    )


def alone(tag: str) -> bool:
    """Whether a purge of this tag spares most pages."""
    return tag not in EVERYWHERE and not tag.startswith("t")
