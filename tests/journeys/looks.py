"""Compares a page with its kept picture as an eye would: at half size, by small squares, with a tolerance."""

from __future__ import annotations

from pathlib import Path

import pyvips

FOLDER = Path(__file__).parent / "snapshots"
# Of the WebP kept. What is new is packed and unpacked in the same way before it is compared: loss alone is no change.
QUALITY = 50
SQUARE = 4  # px of the halved picture
VISIBLE = 14.0  # of 255, the mean of a square, that counts as changed
ALLOWED = 4  # squares: less than a word


def kept(name: str) -> Path:
    return FOLDER / f"{name}.webp"


def halved(png: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(png, "").resize(0.5, kernel="linear").cast("uchar")


def keep(name: str, png: bytes) -> None:
    FOLDER.mkdir(exist_ok=True)
    kept(name).write_bytes(_packed(png))


def _packed(png: bytes) -> bytes:
    return halved(png).webpsave_buffer(Q=QUALITY, effort=6, smart_subsample=True, keep="none")


def _now_and_then(name: str, png: bytes) -> tuple[pyvips.Image, pyvips.Image]:
    return pyvips.Image.new_from_buffer(_packed(png), ""), pyvips.Image.new_from_file(str(kept(name)))


def changed(name: str, png: bytes) -> int:
    """Squares that look different; every square when the sizes are."""
    now, then = _now_and_then(name, png)
    if (now.width, now.height) != (then.width, then.height):
        return now.width * now.height // SQUARE**2
    squares = _difference(now, then).shrink(SQUARE, SQUARE)
    return round((squares > VISIBLE).avg() / 255 * squares.width * squares.height)


def side_by_side(name: str, png: bytes, folder: Path) -> Path:
    """Then, now, and where they differ (bright), in one PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    now, then = _now_and_then(name, png)
    height = max(now.height, then.height)
    now, then = (each.embed(0, 0, each.width, height, extend="white") for each in (now, then))
    width = min(now.width, then.width)
    differ = _difference(now.crop(0, 0, width, height), then.crop(0, 0, width, height)).linear(3, 0).cast("uchar")
    three = pyvips.Image.arrayjoin([then, now, differ.bandjoin([differ, differ])], across=3, shim=8)
    three.pngsave(str(folder / f"{name}.png"))
    return folder / f"{name}.png"


def _difference(now: pyvips.Image, then: pyvips.Image) -> pyvips.Image:
    return (now - then).abs().bandmean()
