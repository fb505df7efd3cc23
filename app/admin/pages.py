from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, Router
from litestar.exceptions import HTTPException, NotFoundException

from app.admin import (
    audit,
    collection_list,
    collections,
    customers,
    delivery,
    facets,
    guard,
    live_rows,
    orders,
    parcels,
    pictures,
    products,
    promotion_codes,
    promotions,
    queries,
    redirects,
    refunds,
    returns,
    reviews,
    screens,
    searches,
    sections,
    sign_in,
    synonyms,
    xray,
)
from app.values import Refusal
from app.web.pages import page


@page("/", name="admin_home")
async def home(request: Request) -> Response:
    """How the shop is doing."""
    view = await queries.dashboard_view()
    if not guard.staff_of(request).may("/orders"):
        view = msgspec.structs.replace(view, latest=[], takings=[])
    return screens.screen(request, "dashboard.html", view)


@page("/{rest:path}", name="admin_missing")
async def missing(rest: str) -> Response:
    """Every other address: strangers learn nothing from trying, staff get a 404."""
    raise NotFoundException


ANSWERS: Any = {
    guard.SignInFirst: guard.to_sign_in,
    Refusal: screens.refused,
    HTTPException: screens.http_error,
    NotFoundException: screens.http_error,  # the app has an answer of its own to this one: the shop's
}

OPEN = Router(
    path="/", route_handlers=[sign_in.sign_in_page, sign_in.sign_in, sign_in.sign_out], exception_handlers=ANSWERS
)

# The one place where doors are locked: a new route goes in here, and is.
STAFF = Router(
    path="/",
    route_handlers=[
        home,
        products.products,
        products.product,
        products.live_state,
        products.save,
        products.adjust,
        products.stock,
        pictures.pictures,
        pictures.add,
        pictures.remove,
        orders.orders,
        orders.order,
        orders.invoice,
        orders.credit_note,
        customers.customers,
        customers.note,
        parcels.send,
        parcels.sent,
        xray.xray,
        xray.xray_page,
        xray.xray_purge,
        returns.move,
        returns.moved,
        refunds.cancel,
        refunds.cancelled,
        refunds.cancel_part,
        refunds.part_cancelled,
        refunds.capture,
        refunds.captured,
        refunds.refund,
        refunds.refunded,
        reviews.reviews,
        reviews.approve,
        reviews.review,
        reviews.moderate,
        searches.searches,
        searches.export,
        synonyms.synonyms,
        synonyms.new,
        synonyms.add,
        synonyms.synonym,
        synonyms.save,
        promotions.listed,
        promotions.new,
        promotions.create,
        promotions.promotion,
        promotions.change,
        promotions.end,
        promotion_codes.generate,
        promotion_codes.codes,
        collection_list.collections,
        collections.offer,
        collections.new,
        collections.create,
        collections.collection,
        collections.save,
        collections.doubt,
        collections.delete,
        sections.sections,
        sections.place,
        sections.new,
        sections.create,
        sections.preview,
        sections.section,
        sections.saved_preview,
        sections.save,
        delivery.methods,
        delivery.method,
        delivery.save,
        facets.types,
        facets.facets,
        facets.save,
        redirects.listed,
        redirects.add,
        redirects.remove,
        live_rows.live_row,
        audit.audit,
        missing,
    ],
    guards=[guard.staff_only],
    exception_handlers=ANSWERS,
)

ROUTES: list[Any] = [OPEN, STAFF]
