"""Every tag a kept page can carry. Short and opaque; a purge names tags, never addresses."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from uuid import UUID

MOST = 40  # tags a page may carry; one CDN takes 50
MOST_BYTES = 800

# What a tag stands for, by its first letter; those that are always the same by the whole tag.
KINDS = {
    "p": "a product's own words, price or stock",
    "k": "a product's card among others",
    "c": "the lists of a category",
    "d": "a category's name and address in crumbs",
    "v": "what a maker's products say of the maker",
    "y": "how products of a type name their options and facts",
    "g": "a collection's list",
    "b": "the sections of a merchandised page",
    "l": "lists across categories, by what decides them",
    "r": "what staff show beside a product",
    "e": "what shoppers say of a product",
    "o": "who is on sale in one category, and in which order",
    "n": "an address that had no page of its own",
    "u": "the kept holes of one shopper",
    "t": "a wave of `purge --all`: the pages of one template, or a part of them",
    "d1": "how long what is bought travels, which every product's page says",
    "d2": "what delivering something bulky costs, which the pages of such products say",
    "d3": "the ways to deliver, which the page about delivery lists",
    "m1": "the menu, which every page shows",
    "s1": "every answer of search",
    "w1": "the object by which the relay measures purges",
    "l1": "which pages there are: the sitemap",
    "all": "every kept object",
}

# In how many waves the pages of a template go when everything goes, what is most visited first; `other` is all the rest.
WAVES = {"home": 1, "category": 2, "product": 4, "variant": 2, "other": 1}


class TooManyTags(ValueError):
    """A page read more than its tags can name; its query must roll up."""


def _short(kind: str, text: str) -> str:
    # 60 bits: among a million ids the chance that two collide, and one purge takes two pages, is below 1e-6.
    return kind + hashlib.blake2s(text.encode(), digest_size=8).hexdigest()[:15]


def product(product_id: UUID) -> str:
    """Pages that show this product's own words, price or stock."""
    return _short("p", product_id.hex)


def card(product_id: UUID) -> str:
    """Pages that show this product's card among others: its name, price, picture, rating, stock."""
    return _short("k", product_id.hex)


def category(category_id: UUID) -> str:
    """Which products a category lists, in which order, and what their cards say."""
    return _short("c", category_id.hex)


def category_detail(category_id: UUID) -> str:
    """A category's own name and address, as the crumbs of its products and subcategories show them."""
    return _short("d", category_id.hex)


def neighbours(category_id: UUID) -> str:
    """Who is on sale in this very category and in which order, whatever their cards say."""
    return _short("o", category_id.hex)


def related(product_id: UUID) -> str:
    """What staff show beside this product."""
    return _short("r", product_id.hex)


def reviews(product_id: UUID) -> str:
    """The list of what shoppers say of this product, and which of it others found helpful."""
    return _short("e", product_id.hex)


def maker(maker_id: UUID) -> str:
    """What a maker's products say of the maker."""
    return _short("v", maker_id.hex)


def product_type(type_id: UUID) -> str:
    """How the products of a type name and order their options and facts."""
    return _short("y", type_id.hex)


def collection(collection_id: UUID) -> str:
    """A collection's list."""
    return _short("g", collection_id.hex)


def blocks(page: str) -> str:
    """The merchandised sections of a page."""
    return _short("b", page)


def menu() -> str:
    """The departments and collections that every page leads to."""
    return "m1"


def searches() -> str:
    """Every answer of search: what its words mean has changed."""
    return "s1"


def delivery() -> str:
    """How long things travel, which every product's page and panel says."""
    return "d1"


def bulky() -> str:
    """What delivering something bulky costs, which the pages of such products say."""
    return "d2"


def ways() -> str:
    """The ways to deliver with all that is said of them."""
    return "d3"


def listings() -> str:
    """Which pages there are: the sitemap."""
    return "l1"


def lists_by(column: str) -> str:
    """Lists across categories whose members or order depend on this column of products; `any` is each that a card shows."""
    return _short("l", column)


def path(path: str) -> str:
    """What an address without a page answers: creating the page purges it."""
    return _short("n", path)


def shopper(shopper_id: UUID) -> str:
    """The private fragments of one shopper."""
    return _short("u", shopper_id.hex)


def wave(template: str, path: str) -> str:
    """The one wave with which a kept page goes when everything goes, by the name of its route and its path."""
    named = template if template in WAVES else "other"
    return _wave(named, zlib.crc32(path.encode()) % WAVES[named])


def _wave(template: str, part: int) -> str:
    return _short("t", f"{template}/{part}")


def waves() -> list[str]:
    """Every wave, in order."""
    return [_wave(template, part) for template, parts in WAVES.items() for part in range(parts)]


def canary() -> str:
    """The object by which the relay measures how long a purge takes."""
    return "w1"


def everything() -> str:
    """Every kept object."""
    return "all"


# What one tag for any card can stand for, finest first: whatever spoils one of these spoils it, too.
COARSER = ("kn", "kncglo")


def rolled_up(tags: Iterable[str]) -> set[str]:
    """These tags; where they are more than a page may carry, one for any card or list in place of the single ones."""
    found = set(tags)
    for kinds in COARSER:
        if len(found) <= MOST - 4:  # room for the menu's, `all`, the wave's, and one to spare
            break
        found = {tag for tag in found if tag[0] not in kinds or tag == listings()} | {lists_by("any")}
    return found


def header(tags: Iterable[str]) -> str:
    """The tags as one header value, `all` included. Raises TooManyTags past the budget: then nothing may be kept."""
    line = " ".join(sorted({*tags, everything()}))
    if line.count(" ") >= MOST or len(line) > MOST_BYTES:
        raise TooManyTags(f"{line.count(' ') + 1} tags, {len(line)} bytes")
    return line
