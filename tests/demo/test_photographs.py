from __future__ import annotations

from app.demo import catalogue, photographs
from app.demo.rows import Batch
from tests.catalog.photographs import read


def test_one_product_of_the_demo_has_a_photograph_that_repeats_and_is_small() -> None:
    first, second = Batch(), Batch()

    for batch in (first, second):
        photographs.photographed(batch, catalogue.demo())

    [[hash, family, _, _, alt, width, height]] = first.tables["picture"]
    files = dict(first.tables["photograph"])
    assert first.tables == second.tables and (family, width, height) == ("photograph", 960, 1200) and "jug" in alt
    assert sum(len(body) for body in files.values()) < 200_000 and f"{hash}.960.avif" in files
    assert 100 < read(files[f"{hash}.320.webp"]).avg() < 200, "neither dark nor bleached"
