"""The app: the only file that knows every slice's routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import msgspec
from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException

from app.accounts import pages as accounts
from app.alerts import pages as alerts
from app.cart import pages as cart
from app.catalog import pages as catalog
from app.checkout import pages as checkout
from app.content import pages as content
from app.db import migrate
from app.db.engines import close_databases, open_databases
from app.edge.cdn.providers import check as check_cdn
from app.lists import pages as lists
from app.members import pages as members
from app.ops import devholes, devmail
from app.orders import pages as orders
from app.payments import pages as payments
from app.reviews import pages as reviews
from app.search import pages as search
from app.settings import BadSetting, Settings, settings
from app.values import Refusal
from app.web import builds, health, refusals, static
from app.web.pages import EdgeRoute
from app.web.security import Envelope
from app.web.visitor import Visitor

MOST_BYTES = 64 * 1024  # of any form a shopper can send

SHOP = [
    content,
    catalog,
    reviews,
    search,
    accounts,
    alerts,
    lists,
    cart,
    checkout,
    orders,
    members,
    payments,
    static,
    health,
]
# No edge stands before the admin to compress its pages; nothing secret stands in them beside what somebody else wrote.
ADMIN_COMPRESSION = CompressionConfig(
    backend="gzip", gzip_compress_level=5, minimum_size=1000, exclude=[r"^/static/(?!p/.*\.svg$)"]
)
EXEMPT = (
    "/webhooks/",
    "/checkout/return/",
    "/alerts/stop/",
)  # verified by their own signature, or harmless by themselves


def create_app() -> Any:
    """The shop, as Granian runs it."""
    routes = [route for part in SHOP for route in part.ROUTES]
    dev = [*devmail.ROUTES, *devholes.ROUTES, *static.DEV_ROUTES] if settings().dev else []
    return _enveloped([*routes, *dev, *health.PROBES], EXEMPT, settings(), _alive)


def create_admin() -> Any:
    """The admin: another listener, other routes, nothing of the shop's."""
    from app.admin import pages as admin

    # Staff read what they have just saved, and whether they are still signed in: never from a replica, which may lag.
    primary = msgspec.structs.replace(settings(), replica_dsns="")
    routes = [*admin.ROUTES, *static.ROUTES, catalog.picture, *health.PROBES]
    return _enveloped(routes, (), primary, compression=ADMIN_COMPRESSION)


def edge_routes() -> list[EdgeRoute]:
    """What the edge must know of each shop route."""
    handlers = [route for part in SHOP for route in part.ROUTES]
    return [handler.opt["edge"] for handler in handlers if "edge" in handler.opt]


def _enveloped(routes: list[Any], exempt: tuple[str, ...], now: Settings, *during: Any, **more: Any) -> Any:
    if not now.dev and now.secret == Settings().secret:
        raise BadSetting("VITRINE_SECRET must be set outside development")
    if not now.dev and now.payment_provider in ("test", "instant"):
        raise BadSetting("VITRINE_PAYMENT_PROVIDER must name a real provider outside development")
    check_cdn(now)
    return Envelope(_litestar(routes, now, during, **more), now, _origins(now), exempt)


def _litestar(
    routes: list[Any], settings: Settings, during: tuple[Any, ...], compression: CompressionConfig | None = None
) -> Litestar:
    return Litestar(
        route_handlers=routes,
        openapi_config=None,
        compression_config=compression,
        request_max_body_size=MOST_BYTES,
        dependencies={"visitor": Provide(_visitor)},
        exception_handlers={
            Refusal: refusals.later(refusals.refused),
            NotFoundException: refusals.later(refusals.not_found),
            HTTPException: refusals.later(refusals.http_error),
            asyncpg.TransactionRollbackError: refusals.later(refusals.undone),
            asyncpg.LockNotAvailableError: refusals.later(refusals.undone),
            Exception: refusals.later(refusals.crashed),
        },
        lifespan=[partial(_databases, settings), *during],
        state=State(
            {"visitor_of": accounts.visitor_of, "menu": content.menu, "heal": cart.heal, "lengthen": accounts.lengthen}
        ),
        debug=False,
        logging_config=None,
    )


async def _visitor(request: Request) -> Visitor:
    return await accounts.visitor_of(request)


@asynccontextmanager
async def _databases(settings: Settings, app: Litestar) -> AsyncIterator[None]:
    await open_databases(settings)
    await migrate.check(settings)
    try:
        yield
    finally:
        await close_databases()


def _alive(app: Litestar) -> AbstractAsyncContextManager[None]:
    return builds.alive()


def _origins(settings: Settings) -> frozenset[str]:
    """Origins whose forms we take: the public one, and in development the machine's own names."""
    local = {
        f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (settings.port, settings.admin_port)
    }
    return frozenset({settings.public_origin} | (local if settings.dev else set()))
