from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from app.catalog.breaks import BadBreaks, Breaks, judge_breaks
from app.catalog.collecting import (
    BadChoice,
    BadListAddress,
    BadRule,
    Collected,
    CollectionChanged,
    ListAddressTaken,
    NeedsName,
    NoSuchCollection,
    Preview,
    delete_collection,
    preview,
    save_collection,
)
from app.catalog.developing import MOST_BYTES as PHOTOGRAPH_BYTES
from app.catalog.developing import TooManyBytes
from app.catalog.faceting import TYPE_MARK, FacetChoice, TypeChanged, change_facets, good_choice
from app.catalog.personal import Personal
from app.catalog.personalising import BadPersonal, judge_personal
from app.catalog.photographing import (
    BadPhotograph,
    NeedsWords,
    NoSuchPicture,
    NotItsVariant,
    add_photograph,
    remove_picture,
)
from app.catalog.pricing import (
    SHIPPING_CLASSES,
    BadPrice,
    NoSuchVariant,
    judge_price,
    judge_prices,
    write_price,
    write_prices,
)
from app.catalog.redirecting import BadRedirect, add_redirect, remove_redirect
from app.catalog.related import note_bought, unknown_beside, write_beside
from app.catalog.timed import AS_THEY_ARE, BadTime, Overlapping, Prices, Timed, WrongTime, judge_time
from app.db.edits import Change, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.values import Refusal

STATUSES = ("draft", "published", "archived")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class EditedMeanwhile(Refusal):
    say = "Somebody else saved this product after you opened it. Look at their changes, then save yours again."


class NoSuchProduct(Refusal):
    say = "This product does not exist any more."
    status = 404


class NeedsTitle(Refusal):
    say = "A product needs a title of 1 to 160 characters and a subtitle of at most 240."
    status = 422


class UnknownStatus(Refusal):
    say = "A product is a draft, published or archived."
    status = 422


class NoSuchNeighbour(Refusal):
    status = 422

    def __init__(self, unknown: Sequence[str]) -> None:
        self.say = (
            f"No product, or this one itself: {', '.join(unknown)[:200]}. Type addresses such as pell-mug, one a line."
        )
        super().__init__()


class BadSlug(Refusal):
    say = "An address has lower-case letters, digits and single hyphens, at most 120 of them."
    status = 422


class SlugTaken(Refusal):
    say = "Another product has this address."


# Triggers note every change below in the outbox and keep old addresses, so nothing is emitted here.


async def change_product(  # noqa: PLR0913 - a whole form
    product_id: UUID,
    *,
    version: int,
    title: str,
    subtitle: str,
    status: str,
    description: str | None = None,
    prices: Prices = AS_THEY_ARE,
    beside: Sequence[str] | None = None,
    by: str = "",
    changes: Iterable[Change] = (),
) -> None:
    """The product says this and costs that, or nothing changed. `version` is the one that was read.

    Without a `description` it keeps its own.
    `beside`: slugs of what goes well with it, in this order; None leaves them. `by` whom it was changed is noted, with `changes`.
    Raises EditedMeanwhile, NoSuchProduct, NoSuchVariant, NeedsTitle, UnknownStatus, BadPrice, BadTime, Overlapping,
    NoSuchNeighbour, BadPersonal.
    """
    title, subtitle = title.strip(), subtitle.strip()
    if not 1 <= len(title) <= 160 or len(subtitle) > 240:
        raise NeedsTitle
    if status not in STATUSES:
        raise UnknownStatus
    judge_prices(prices)
    async with writing(EVERYONE) as db:
        saved = await db.execute(
            """UPDATE product SET title = $3, subtitle = $4, status = $5, description = coalesce($6, description),
            version = version + 1, updated_at = now() WHERE id = $1 AND version = $2""",
            *(product_id, version, title, subtitle, status, description),
        )
        if not saved:
            await _refuse(db, product_id)
        await write_prices(db, product_id, prices)
        if beside is not None:
            await set_beside(db, product_id, beside)
        if by:
            await note_edit(db, by=by, what="product", which=product_id, did="changed", title=title, changes=changes)


async def set_price(variant_id: UUID, *, amount: int, was: int | None) -> None:
    """One unit of the variant costs `amount`, before a reduction `was`; both in minor units. Breaks stay as they are.

    Raises BadPrice, NoSuchVariant.
    """
    judge_price(amount, was)
    async with writing(EVERYONE) as db:
        await write_price(db, variant_id, amount, was)
        await db.execute(  # so that a form which shows the old price can't be saved over it
            """UPDATE product SET version = version + 1, updated_at = now()
            WHERE id = (SELECT product_id FROM variant WHERE id = $1)""",
            variant_id,
        )


async def set_beside(db: Database, product_id: UUID, slugs: Sequence[str]) -> None:
    """These stand beside the product, in this order, in the caller's transaction. Raises NoSuchNeighbour."""
    if unknown := await unknown_beside(db, product_id, slugs):
        raise NoSuchNeighbour(unknown)
    await write_beside(db, product_id, slugs)


async def rename(product_id: UUID, *, version: int, slug: str) -> None:
    """The product's page has this address; the old one, and all that led to it, redirect there.

    Raises BadSlug, SlugTaken, EditedMeanwhile, NoSuchProduct.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 120:
        raise BadSlug
    async with writing(EVERYONE) as db:
        if await db.fetchval("SELECT id FROM product WHERE slug = $1 AND id <> $2", slug, product_id):
            raise SlugTaken
        saved = await db.execute(
            "UPDATE product SET slug = $3, version = version + 1, updated_at = now() WHERE id = $1 AND version = $2",
            *(product_id, version, slug),
        )
        if not saved:
            await _refuse(db, product_id)


async def _refuse(db: Database, product_id: UUID) -> None:
    known = await db.fetchval("SELECT 1 FROM product WHERE id = $1", product_id)
    raise EditedMeanwhile if known else NoSuchProduct


__all__ = [
    "PHOTOGRAPH_BYTES", "SHIPPING_CLASSES",
    "TYPE_MARK", "BadBreaks", "BadChoice", "BadListAddress", "BadPersonal", "BadPhotograph", "BadPrice", "BadRedirect",
    "BadRule", "BadTime", "Breaks", "Collected", "CollectionChanged", "FacetChoice", "ListAddressTaken",
    "NeedsName", "NeedsWords", "NoSuchCollection", "NoSuchPicture", "NoSuchVariant", "NotItsVariant", "Overlapping", "Personal", "Preview", "Prices", "Timed",
    "TooManyBytes", "TypeChanged", "WrongTime", "add_photograph", "add_redirect", "change_facets", "change_product", "delete_collection",
    "good_choice", "judge_breaks", "judge_personal", "judge_time", "note_bought", "preview", "remove_picture", "remove_redirect",
    "rename", "save_collection", "set_price",
]  # fmt: skip
