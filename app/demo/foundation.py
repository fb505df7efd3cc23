"""What every seeded shop stands on, whatever it sells: makers, the tree, types, collections, delivery, the home page."""

from __future__ import annotations

from typing import Any

import msgspec

from app.demo import looks
from app.demo.goods import home
from app.demo.goods.kinds import KINDS
from app.demo.goods.makers import MAKERS
from app.demo.goods.offers import PROMOTIONS, row_of
from app.demo.goods.specials import REDIRECTS, SYNONYMS
from app.demo.goods.tree import BESIDE, CATEGORIES, CHOSEN, COLLECTIONS, SHIPPING
from app.demo.mint import mint
from app.demo.rows import Batch, product_id, text


def foundation() -> Batch:
    """Rows that do not depend on products, in an order that foreign keys allow."""
    batch = Batch()
    for maker in MAKERS:
        batch.add("maker", mint("maker", maker.slug), maker.slug, maker.name, maker.place, maker.story)
    for place, (path, title, summary) in enumerate(CATEGORIES):
        above = path.rpartition("/")[0]
        parent = mint("category", above) if above else None
        batch.add("category", mint("category", path), parent, path, title, summary, place)
    for kind in KINDS.values():
        attributes = msgspec.to_builtins(kind.attributes)
        batch.add("product_type", mint("product_type", kind.code), kind.code, kind.title, text(attributes))
    for place, (slug, title, summary, how, rule) in enumerate(COLLECTIONS):
        batch.add("collection", mint("collection", slug), slug, title, summary, how, text(rule), place)
    for place, (code, title, promise, price, free_from, offered, *days) in enumerate(SHIPPING):
        about = (code, title, promise, price, free_from, "GBP", place, offered, *days)
        batch.add("shipping_method", mint("shipping", code), *about)
    for way, terms, means in SYNONYMS:
        batch.add("synonym", mint("synonym", terms[0]), way, text(terms), text(means))
    for old, new in REDIRECTS.items():
        batch.add("redirect", mint("redirect", old), old, new)
    for offer in PROMOTIONS:
        batch.add("promotion", *row_of(offer, text(msgspec.to_builtins(offer.terms))))
        if offer.code:
            batch.add("promotion_code", offer.code, mint("promotion", offer.title))
    _home(batch)
    return batch


def _home(batch: Batch) -> None:
    for place, (kind, body) in enumerate(home.BLOCKS):
        shown = {name: _drawn(batch, name, value) for name, value in body.items()}
        batch.add("block", mint("block", f"home {place}"), "home", place, kind, text(shown), True)


def _drawn(batch: Batch, name: str, value: Any) -> Any:
    """A block's pictures become their hashes, and rows."""
    if name == "picture":
        row = looks.picture(*value)
        batch.add("picture", *row)
        return row[0]
    if name == "items":
        return [
            {"title": title, "url": url} | ({"picture": _drawn(batch, "picture", picture)} if picture else {})
            for title, url, picture in value
        ]
    return value


def chosen(batch: Batch, ranks: dict[str, int]) -> None:
    """Adds the members of collections made by hand and what stands beside a product, as far as those products are there (slug -> rank)."""
    for slug, members in CHOSEN.items():
        for place, member in enumerate(members):
            if member in ranks:
                id = mint("member", f"{slug} {member}")
                batch.add("collection_product", id, mint("collection", slug), product_id(member, ranks[member]), place)
    for slug, others in BESIDE.items():
        for place, other in enumerate(others):
            if {slug, other} <= ranks.keys():
                both = product_id(slug, ranks[slug]), product_id(other, ranks[other])
                batch.add("association", mint("association", f"{slug} {other}"), *both, place)
