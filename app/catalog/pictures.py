"""Pictures as pages show them: a drawing, sharp at any size, or a photograph in a few widths.

The name of a photograph (`picture.hash`) says how large it is, so orders and mails, which know the name alone, show it as well.
"""

from __future__ import annotations

import re

import msgspec

WIDTHS = (320, 640, 960, 1600)  # pixels; of a smaller one those below its own, and its own
MIDDLE = 960  # for what takes one address: no `srcset`, a mail, a shared link
PHOTOGRAPH = re.compile(r"[0-9a-f]{20}-([0-9]{3,4})x([0-9]{2,5})")

# How wide the box of a picture is in each place, from the widest window (its least width) to the narrowest; static/css decides.
PLACES = {
    "card": (("48rem", "20rem"), ("34rem", "14rem"), ("", "calc(46vw - 6px)")),
    "large": (("60rem", "39rem"), ("", "92vw")),
    "wide": (("60rem", "47rem"), ("", "92vw")),
    "quick": (("34rem", "24rem"), ("", "92vw")),
    "line": (("48rem", "7.5rem"), ("", "5.5rem")),
    "thumb": (("", "4.5rem"),),
}
BOX = 4 / 5  # width to height of those boxes; the wide ones are less high


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing or a photograph under its hash. `widths`: those a photograph has; none of a drawing."""

    url: str
    alt: str
    width: int
    height: int
    widths: tuple[int, ...] = ()

    @property
    def hash(self) -> str:
        return self.url.removeprefix("/static/p/").partition(".")[0]

    @property
    def jpeg(self) -> str:
        """For mail programs and previews of shared links."""
        return f"/static/p/{self.hash}.jpg"

    @property
    def small(self) -> str:
        """For an <img> no wider than 160 px."""
        return self._at(self.widths[0], "webp") if self.widths else self.url

    @property
    def large(self) -> str:
        """For a close look."""
        return self._at(self.widths[-1], "webp") if self.widths else self.url

    def srcset(self, kind: str) -> str:
        """All widths of a photograph, as avif | webp."""
        return ", ".join(f"{self._at(width, kind)} {width}w" for width in self.widths)

    def sizes(self, place: str) -> str:
        """How wide it is drawn in a place, before it is cropped: a photograph broader than its box is as high as the box."""
        broader = round(max(1, self.width / self.height / (4 / 3 if place == "wide" else BOX)), 2)
        return ", ".join(
            (f"(min-width: {least}) " if least else "") + (f"calc({long} * {broader:g})" if broader > 1 else long)
            for least, long in PLACES[place]
        )

    def _at(self, width: int, kind: str) -> str:
        return f"/static/p/{self.hash}.{width}.{kind}"


def picture_of(found: dict | None) -> Picture:
    """A picture from {hash, alt, width, height}, or an empty mat where there is none."""
    if not found or not found["hash"]:
        return Picture(url="/static/p/none.svg", alt="", width=800, height=1000)
    hash, alt = found["hash"], found["alt"]
    if size := size_of(hash):
        widths = widths_of(size[0])
        middle = min(MIDDLE, size[0])
        return Picture(url=f"/static/p/{hash}.{middle}.webp", alt=alt, width=size[0], height=size[1], widths=widths)
    return Picture(url=f"/static/p/{hash}.svg", alt=alt, width=found["width"], height=found["height"])


def size_of(hash: str) -> tuple[int, int] | None:
    """Width and height of a photograph of this name; None for a drawing's."""
    found = PHOTOGRAPH.fullmatch(hash)
    return (int(found[1]), int(found[2])) if found else None


def widths_of(widest: int) -> tuple[int, ...]:
    """In which widths a photograph is kept."""
    return (*(each for each in WIDTHS if each < widest), widest)
