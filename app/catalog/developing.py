"""From a photograph as it was uploaded to the files that pages show: upright, in sRGB, without what the camera wrote into it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from app.catalog.pictures import MIDDLE, WIDTHS, widths_of
from app.values import Refusal

MOST_BYTES = 12 * 1024 * 1024
LEAST, MOST = 320, 12_000  # pixels of a side
MOST_PIXELS = 50_000_000  # 150 MB while they are read
# What a file begins with decides who reads it. Nothing else is tried: libvips would read SVG and more.
READERS = {
    "jpegload_buffer": re.compile(rb"\xff\xd8\xff"),
    "pngload_buffer": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webpload_buffer": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "heifload_buffer": re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
}
# At these the AVIF is 13 to 21 % smaller than the WebP and nearer to the original; effort 2 would gain nothing, 4 takes four times as long.
WRITTEN = {"avif": {"Q": 55, "effort": 3}, "webp": {"Q": 78, "effort": 4}}
PAPER = [252, 249, 245]  # behind what lets light through


class BadPhotograph(Refusal):
    say = "This is no photograph we can read. Please send a JPEG, PNG, WebP or AVIF, whole and not damaged."
    status = 422


class TooManyBytes(BadPhotograph):
    say = f"A photograph has at most {MOST_BYTES // 1024 // 1024} MB. Please send a smaller one."


class BadSize(BadPhotograph):
    say = f"A photograph has {LEAST} to {MOST:,} pixels a side, and {MOST_PIXELS // 1_000_000} million at most."


class Developed(msgspec.Struct, frozen=True, kw_only=True):
    """A photograph as it is kept. `files`: by the end of their address, such as 640.avif; `hash` names width and height as well."""

    hash: str
    width: int
    height: int
    files: dict[str, bytes]


def developed(body: bytes, alt: str) -> Developed:
    """The photograph in all its widths. Takes seconds of a processor: call it in a thread. Raises BadPhotograph."""
    import pyvips  # loads a large library, which most processes never need

    if len(body) > MOST_BYTES:
        raise TooManyBytes
    try:
        return _developed(_opened(body), alt)
    except pyvips.Error:
        raise BadPhotograph from None


def _opened(body: bytes) -> Any:
    """What its head says; pixels are read later, and not at all of what is too large."""
    import pyvips

    reader = next((name for name, begins in READERS.items() if begins.match(body)), None)
    if reader is None:
        raise BadPhotograph
    image = getattr(pyvips.Image, reader)(body, access="sequential", fail_on="error")
    if not all(LEAST <= side <= MOST for side in (image.width, image.height)):
        raise BadSize
    if image.width * image.height > MOST_PIXELS:
        raise BadSize
    return image


def _developed(image: Any, alt: str) -> Developed:
    widest = image.thumbnail_image(WIDTHS[-1], height=MOST, size="down", export_profile="srgb").colourspace("srgb")
    if widest.hasalpha():
        widest = widest.flatten(background=PAPER)
    widest = widest.copy_memory()
    files: dict[str, bytes] = {}
    for width in widths_of(widest.width):
        scaled = widest.thumbnail_image(width, height=MOST, size="down", no_rotate=True)
        files |= {
            f"{width}.{kind}": scaled.write_to_buffer(f".{kind}", keep="none", **how) for kind, how in WRITTEN.items()
        }
    middle = widest.thumbnail_image(MIDDLE, height=MOST, size="down", no_rotate=True)
    files["jpg"] = middle.write_to_buffer(".jpg", Q=82, interlace=True, keep="none")
    digest = hashlib.sha256(b"".join([alt.encode(), *files.values()])).hexdigest()[:20]
    hash = f"{digest}-{widest.width}x{widest.height}"
    return Developed(hash=hash, width=widest.width, height=widest.height, files=files)
