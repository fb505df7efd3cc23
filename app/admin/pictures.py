"""The pictures of a product: which it shows, and a photograph more."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, NotFoundException, ValidationException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from app.admin import guard, live, live_rows
from app.admin.product_queries import shop_url
from app.admin.screens import screen
from app.catalog import operations as catalog
from app.catalog.queries import Picture, picture_of
from app.db.engines import EVERYONE, writing
from app.values import Refusal
from app.web.pages import action, page

MOST_BYTES = catalog.PHOTOGRAPH_BYTES + 64 * 1024  # with what stands around the file in the form
LABELS = {"photo": "Photograph", "alt": "What it shows", "variant": "Of"}
ROWS = """
    SELECT s.id, i.hash, i.alt, i.width, i.height, coalesce(v.title, '') AS variant, s.picture_hash = p.picture_hash AS on_cards
    FROM product_picture s JOIN picture i ON i.hash = s.picture_hash JOIN product p ON p.id = s.product_id
    LEFT JOIN variant v ON v.id = s.variant_id
    WHERE s.product_id = $1 ORDER BY s.variant_id IS NOT NULL, v.position, s.position, s.id
"""
VARIANTS = "SELECT id, title FROM variant WHERE product_id = $1 ORDER BY position, id"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the product. `variant`: whose it is, empty for the product as such; `on_cards`: whether lists show it."""

    id: UUID
    picture: Picture
    variant: str
    on_cards: bool


class PicturesView(msgspec.Struct, frozen=True, kw_only=True):
    """All pictures of a product, and the form for a photograph more. `variants`: id and title."""

    product_id: UUID
    title: str
    shop_url: str
    rows: list[Row]
    variants: list[tuple[UUID, str]]
    typed: dict[str, str]
    errors: dict[str, str]
    live: live.LiveView
    labels: dict[str, str]
    most_mb: int = catalog.PHOTOGRAPH_BYTES // 1024 // 1024


@page("/products/{product_id:uuid}/pictures", name="admin_pictures")
async def pictures(request: Request, product_id: UUID) -> Response:
    """What the product shows."""
    return await _shown(request, product_id, typed={})


@action("/products/{product_id:uuid}/pictures", name="admin_add_picture", most_bytes=MOST_BYTES)
async def add(request: Request, product_id: UUID) -> Response:
    """A photograph more, or what is wrong beside its field."""
    typed, photo = await _sent(request)
    if not photo:
        return await _shown(request, product_id, typed=typed, errors={"photo": "Choose a photograph."}, status=422)
    try:
        variant_id = _variant(typed.get("variant", ""))
        await catalog.add_photograph(
            product_id,
            photo,
            alt=typed.get("alt", ""),
            variant_id=variant_id,
            first="first" in typed,
            by=guard.staff_of(request).email,
        )
    except Refusal as no:
        return await _shown(request, product_id, typed=typed, errors={_field(no): no.say}, status=no.status)
    return live_rows.saved(request, f"/products/{product_id}/pictures")


@action("/products/{product_id:uuid}/pictures/{picture_id:uuid}/remove", name="admin_remove_picture")
async def remove(request: Request, product_id: UUID, picture_id: UUID) -> Response:
    """The product does not show it any more."""
    await catalog.remove_picture(product_id, picture_id, by=guard.staff_of(request).email)
    return live_rows.saved(request, f"/products/{product_id}/pictures")


async def _sent(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of the form, and the file, whatever it is called. Raises TooManyBytes, and ClientException (400) for what is no form."""
    if request.content_type[0] != "multipart/form-data":
        raise ClientException("The form came in a shape the admin does not read.")
    try:
        form = await request.form()
    except RequestEntityTooLarge:
        raise catalog.TooManyBytes from None
    except ValidationException:
        raise ClientException("The form could not be read.") from None
    typed = {name: value.replace("\x00", "").strip() for name, value in form.items() if isinstance(value, str)}
    photo = form.get("photo")
    return typed, await photo.read() if isinstance(photo, UploadFile) else b""


def _variant(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise catalog.NotItsVariant from None


def _field(no: Refusal) -> str:
    if isinstance(no, catalog.NeedsWords):
        return "alt"
    return "variant" if isinstance(no, catalog.NotItsVariant) else "photo"


async def _shown(
    request: Request,
    product_id: UUID,
    *,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    async with writing(EVERYONE) as db:  # the primary: who just added one wants to see it
        product = await db.fetchrow("SELECT title, slug FROM product WHERE id = $1", product_id)
        if product is None:
            raise NotFoundException
        rows = await db.fetch(ROWS, product_id)
        variants = await db.fetch(VARIANTS, product_id)
    state = await live.live_view(product_id, saved=request.query_params.get("saved", ""), stock="")
    view = PicturesView(
        product_id=product_id,
        title=product["title"],
        shop_url=shop_url(product["slug"]),
        rows=[
            Row(id=row["id"], picture=picture_of(dict(row)), variant=row["variant"], on_cards=bool(row["on_cards"]))
            for row in rows
        ],
        variants=[(row["id"], row["title"]) for row in variants],
        typed=typed,
        errors=errors or {},
        labels=LABELS,
        live=state,
    )
    return screen(request, "pictures.html", view, status=status)
