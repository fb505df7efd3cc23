"""What merchandisers do to the pictures of a product."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

from app.catalog.developing import BadPhotograph, Developed, developed
from app.db.edits import Change, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.values import Refusal

LONGEST = 300  # characters of what it shows


class NeedsWords(Refusal):
    say = f"Say in 1 to {LONGEST} characters what the photograph shows, for those who do not see it."
    status = 422


class NoSuchPicture(Refusal):
    say = "This picture is not on this product any more."
    status = 404


class NotItsVariant(Refusal):
    say = "This product or variant does not exist any more."
    status = 404


async def add_photograph(
    product_id: UUID, body: bytes, *, alt: str, variant_id: UUID | None = None, first: bool = False, by: str
) -> str:
    """The product shows this photograph, last or `first`, and then on its cards, too. The same one sent twice is shown once.

    With `variant_id` it is that variant's. Returns its hash. Raises BadPhotograph, NeedsWords, NotItsVariant.
    """
    alt = alt.strip()
    if not 1 <= len(alt) <= LONGEST:
        raise NeedsWords
    made = await asyncio.to_thread(developed, body, alt)
    async with writing(EVERYONE) as db:
        title = await _locked(db, product_id)
        if variant_id and not await db.fetchval(
            "SELECT 1 FROM variant WHERE id = $1 AND product_id = $2", variant_id, product_id
        ):
            raise NotItsVariant
        await _keep(db, made, alt)
        await _show(db, product_id, variant_id, made.hash, first=first)
        change = Change(field="Photograph", before="", after=alt)
        await note_edit(db, by=by, what="product", which=product_id, did="changed", title=title, changes=[change])
    return made.hash


async def remove_picture(product_id: UUID, id: UUID, *, by: str) -> None:
    """The product does not show this one; its cards show the next, if it was theirs. Raises NoSuchPicture, NotItsVariant.

    The picture itself stays: orders and mails that were sent show it.
    """
    async with writing(EVERYONE) as db:
        title = await _locked(db, product_id)
        row = await db.fetchrow(
            """DELETE FROM product_picture s USING picture i WHERE s.id = $2 AND s.product_id = $1 AND i.hash = s.picture_hash
            RETURNING s.picture_hash, i.alt""",
            *(product_id, id),
        )
        if row is None:
            raise NoSuchPicture
        await db.execute(
            """UPDATE product p SET updated_at = now(), picture_hash = (SELECT picture_hash FROM product_picture
                WHERE product_id = p.id ORDER BY variant_id IS NOT NULL, position, id LIMIT 1)
            WHERE id = $1 AND picture_hash = $2 AND NOT EXISTS (
                SELECT FROM product_picture WHERE product_id = p.id AND picture_hash = $2)""",
            *(product_id, row["picture_hash"]),
        )
        change = Change(field="Picture", before=row["alt"], after="")
        await note_edit(db, by=by, what="product", which=product_id, did="changed", title=title, changes=[change])


async def _locked(db: Database, product_id: UUID) -> str:
    """Its title; others who change its pictures wait."""
    title = await db.fetchval("SELECT title FROM product WHERE id = $1 FOR NO KEY UPDATE", product_id)
    if title is None:
        raise NotItsVariant
    return title


async def _keep(db: Database, made: Developed, alt: str) -> None:
    await db.execute(
        """INSERT INTO photograph (name, body) SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT DO NOTHING""",
        *([f"{made.hash}.{end}" for end in made.files], list(made.files.values())),
    )
    await db.execute(
        """INSERT INTO picture (hash, family, params, view, alt, width, height)
        VALUES ($1, 'photograph', '{}', '', $2, $3, $4) ON CONFLICT DO NOTHING""",
        *(made.hash, alt, made.width, made.height),
    )


async def _show(db: Database, product_id: UUID, variant_id: UUID | None, hash: str, *, first: bool) -> None:
    await db.execute(
        "DELETE FROM product_picture WHERE product_id = $1 AND picture_hash = $2 AND variant_id IS NOT DISTINCT FROM $3",
        *(product_id, hash, variant_id),
    )
    place = "min(position) - 1" if first else "max(position) + 1"
    await db.execute(
        f"""INSERT INTO product_picture (id, product_id, variant_id, picture_hash, position)
        SELECT $1, $2, $3, $4, coalesce({place}, 0) FROM product_picture WHERE product_id = $2""",  # noqa: S608 - constants
        *(uuid4(), product_id, variant_id, hash),
    )
    await db.execute(
        """UPDATE product SET updated_at = now(), picture_hash = CASE WHEN $3 THEN $2 ELSE coalesce(picture_hash, $2) END
        WHERE id = $1""",
        *(product_id, hash, first),
    )


__all__ = ["BadPhotograph", "NeedsWords", "NoSuchPicture", "NotItsVariant", "add_photograph", "remove_picture"]
