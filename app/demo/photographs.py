"""One photograph, so that the demo shows what photographs look like: a drawn scene, lit and grained as a camera would see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from app.catalog.developing import developed
from app.demo import looks
from app.demo.draft import Draft
from app.demo.mint import sibling
from app.demo.rows import Batch, product_id
from app.drawing.pictures import draw

SLUG = "dunmore-jug"
PLACE = 50  # after its drawings
WIDTH = 960  # pixels of the shot
WARM = [1.03, 0.99, 0.92]


def photographed(batch: Batch, ranked: Iterable[tuple[int, Draft]]) -> None:
    """The batch holds a photograph of its product, too. Takes a second or two of a processor."""
    rank, draft = next(pair for pair in ranked if pair[1].slug == SLUG)
    _, family, params, view, alt, *_ = looks.gallery(draft)[-1]
    made = developed(shot(draw(family, msgspec.json.decode(params), view)), alt)
    product = product_id(SLUG, rank)
    batch.add("picture", made.hash, "photograph", "{}", "", alt, made.width, made.height)
    batch.add("product_picture", sibling(product, PLACE), product, None, made.hash, PLACE)
    for end, body in made.files.items():
        batch.add("photograph", f"{made.hash}.{end}", body)


def shot(svg: str) -> bytes:
    """The drawing as a camera would see it: soft, warm, darker towards its corners, with grain; the same every time."""
    import pyvips  # loads a large library, which most processes never need

    image: Any = pyvips.Image.thumbnail_buffer(svg.encode(), WIDTH, height=2 * WIDTH).flatten(
        background=[255, 255, 255]
    )
    place = pyvips.Image.xyz(image.width, image.height) - [image.width * 0.42, image.height * 0.4]
    far = (place[0] ** 2 + place[1] ** 2) / (image.height / 2) ** 2
    grain = pyvips.Image.gaussnoise(image.width, image.height, mean=0, sigma=2.5, seed=11)
    seen = image.gaussblur(0.8) * (far * -0.16 + 1.02) * WARM + grain
    return bytes(seen.cast("uchar").copy(interpretation="srgb").write_to_buffer(".jpg", Q=92))
