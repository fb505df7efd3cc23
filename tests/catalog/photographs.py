"""Photographs as cameras and phones would send them."""

from __future__ import annotations

from typing import Any

import pyvips


def shot(width: int = 700, height: int = 875) -> Any:
    """Its upper half is red, the lower one blue."""
    red = pyvips.Image.black(width, height // 2, bands=3).linear(1, [200, 30, 30])
    blue = pyvips.Image.black(width, height - height // 2, bands=3).linear(1, [30, 30, 200])
    return red.join(blue, "vertical").cast("uchar").copy(interpretation="srgb")


def jpeg(width: int = 700, height: int = 875) -> bytes:
    """Upright."""
    return bytes(shot(width, height).write_to_buffer(".jpg", Q=85))


def on_its_side() -> bytes:
    """As a phone held upright writes it: lying, with a note which way is up, who took it and where."""
    image = shot().rot270().copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.set_type(
        pyvips.GValue.gstr_type, "exif-ifd0-Make", "Secret Camera (Secret Camera, ASCII, 14 components, 14 bytes)"
    )
    image.set_type(
        pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "52/1 22/1 0/1 (52, 22,  0, Rational, 3 components, 24 bytes)"
    )
    return bytes(image.write_to_buffer(".jpg", Q=85))


def read(body: bytes) -> Any:
    return pyvips.Image.new_from_buffer(body, "")
