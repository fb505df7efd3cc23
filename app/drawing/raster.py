"""Drawings as pixels, for what shows no SVG: mail programs and the previews of shared links."""

from __future__ import annotations

WIDTH = 800  # pixels; previews want at least 600, mails scale down
QUALITY = 82  # where the mat's soft gradient shows no steps; about 25 kB a picture


def jpeg(svg: str) -> bytes:
    """The drawing as a progressive JPEG, WIDTH pixels wide. Takes about 0.1 s of a processor: call it in a thread."""
    import pyvips  # loads a large library, which most processes never need

    image = pyvips.Image.thumbnail_buffer(svg.encode(), WIDTH)
    return image.flatten(background=[252, 249, 245]).write_to_buffer(".jpg", Q=QUALITY, interlace=True, strip=True)
