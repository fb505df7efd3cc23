from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import editing, guard, live, rules
from app.admin import product_queries as queries
from app.admin.screens import piece, screen, typed_fields
from app.catalog import operations as catalog
from app.db.edits import noted_first
from app.inventory import operations as inventory
from app.values import Refusal
from app.web.pages import action, page, redirect


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a list, as a link."""

    title: str
    url: str
    current: bool
    count: int | None = None


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list of products."""

    q: str
    status: str
    sort: str
    tabs: list[Tab]
    sorts: list[Tab]
    rows: list[queries.ProductRow]
    total: int
    page: int
    pages: int
    previous_url: str | None
    next_url: str | None


@page("/products", name="admin_products")
async def products(request: Request) -> Response:
    """The catalogue as a table; search, state, order and page are all in the address."""
    asked = request.query_params
    q = rules.search_of(asked.get("q", ""))
    status = asked.get("status", "") if asked.get("status") in rules.STATUSES else ""
    sort = "changed" if asked.get("sort") == "changed" else "title"
    number = rules.page_of(asked.get("page", ""))
    found = await queries.product_rows(q, status, sort=sort, page=number)
    return screen(request, "products.html", _list_view(found, q=q, status=status, sort=sort, page=number))


def _list_view(found: queries.ProductRows, *, q: str, status: str, sort: str, page: int) -> ListView:
    counts = {"": sum(found.counts.values())} | found.counts
    total = counts.get(status, 0)
    pages = max(1, -(-total // queries.PER_PAGE))

    def to(**other: object) -> str:
        state = {"q": q, "status": status, "sort": sort} | other
        return "/products?" + urlencode({key: value for key, value in state.items() if value and value != "title"})

    tabs = [("All", ""), *((each.capitalize(), each) for each in rules.STATUSES)]
    orders = [("By title", "title"), ("Latest change first", "changed")]
    return ListView(
        q=q,
        status=status,
        sort=sort,
        tabs=[Tab(title=t, url=to(status=s), current=s == status, count=counts.get(s, 0)) for t, s in tabs],
        sorts=[Tab(title=t, url=to(sort=s), current=s == sort) for t, s in orders],
        rows=found.rows,
        total=total,
        page=page,
        pages=pages,
        previous_url=to(page=min(page - 1, pages)) if page > 1 else None,
        next_url=to(page=page + 1) if page < pages else None,
    )


@page("/products/{product_id:uuid}", name="admin_product")
async def product(request: Request, product_id: UUID) -> Response:
    """One product: its words, prices and stock, and whether shoppers see them yet."""
    found = await _found(product_id)
    view = editing.edit_view(found, await _live(request, product_id), adjusted=_adjusted(request, found))
    return screen(request, "product.html", view)


@page("/products/{product_id:uuid}/live", name="admin_live")
async def live_state(request: Request, product_id: UUID) -> Response:
    """The panel that says whether a change is live; it asks for itself again until it is."""
    return piece("_live.html", await _live(request, product_id))


@action("/products/{product_id:uuid}", name="admin_save")
async def save(request: Request, product_id: UUID) -> Response:
    """Saves the product, then the prices that were typed anew; nothing when any field is wrong or somebody was faster."""
    found, typed = await _found(product_id), await typed_fields(request)
    judged = editing.judged(typed, found)
    if judged.value is None:
        started = {"version": typed["version"], "read": typed.get("read", "")}
        return await _again(request, found, typed, status=422, errors=judged.errors, **started)
    if editing.clashing(found, typed)[1]:
        return await _clashed(request, product_id, typed)
    try:
        await _write(found, typed, judged.value, judged.asked, by=guard.staff_of(request).email)
    except catalog.EditedMeanwhile:
        return await _clashed(request, product_id, typed)
    except (catalog.NoSuchNeighbour, catalog.WrongTime) as no:
        field = "beside" if isinstance(no, catalog.NoSuchNeighbour) else f"until-{no.variant_id}"
        started = {"version": typed["version"], "read": typed.get("read", "")}
        return await _again(request, found, typed, status=no.status, errors={field: no.say}, **started)
    return _saved(request, product_id)


async def _write(
    found: queries.Product, typed: dict[str, str], form: editing.EditForm, prices: catalog.Prices, *, by: str
) -> None:
    await catalog.change_product(
        found.product_id,
        version=form.version,
        title=form.title,
        subtitle=form.subtitle,
        description=form.description,
        status=form.status,
        beside=form.neighbours,
        prices=prices,
        by=by,
        changes=editing.changes_of(found, typed),
    )


@action("/products/{product_id:uuid}/stock", name="admin_adjust")
async def adjust(request: Request, product_id: UUID) -> Response:
    """Adds units of one variant, or takes some away, with the reason and who it was in the ledger."""
    found, typed = await _found(product_id), await typed_fields(request)
    variant = next((each for each in found.variants if str(each.variant_id) == typed.get("variant_id")), None)
    if variant is None or typed.get("reason") not in rules.REASONS:
        raise NotFoundException
    field, by = f"delta-{variant.variant_id}", guard.staff_of(request).email
    held = {field: typed.get("delta", ""), f"reason-{variant.variant_id}": typed["reason"]}
    try:
        delta = rules.delta_of(typed.get("delta", ""))
        key = rules.key_of(typed.get("key", ""), delta, typed["reason"])
        title = f"{found.title}, {variant.title}: {delta:+} ({typed['reason']})"
        async with noted_first(by=by, what="stock", which=variant.variant_id, did="changed", title=title):
            await inventory.adjust(variant.variant_id, delta, reason=typed["reason"], reference=by[:80], key=key)
    except (rules.Unreadable, Refusal) as no:
        status = no.status if isinstance(no, Refusal) else 422
        return await _again(request, await _found(product_id), held, status=status, errors={field: str(no)})
    return _saved(request, product_id, stock=str(variant.variant_id))


@page("/products/{product_id:uuid}/stock", name="admin_stock")
async def stock(product_id: UUID) -> Response:
    """The address a refused adjustment leaves in the browser leads to the product."""
    return redirect(f"/products/{product_id}")


async def _found(product_id: UUID) -> queries.Product:
    found = await queries.product(product_id)
    if found is None:
        raise NotFoundException
    return found


async def _live(request: Request, product_id: UUID) -> live.LiveView:
    asked = request.query_params
    return await live.live_view(product_id, saved=asked.get("saved", ""), stock=asked.get("stock", ""))


def _adjusted(request: Request, found: queries.Product) -> str:
    """The id of the variant whose stock was just changed, if it is one of these."""
    stock = request.query_params.get("stock", "")
    return stock if any(str(each.variant_id) == stock for each in found.variants) else ""


async def _again(
    request: Request, found: queries.Product, typed: dict[str, str], *, status: int, **more: object
) -> Response:
    view = editing.edit_view(found, await _live(request, found.product_id), typed, **more)
    return screen(request, "product.html", view, status=status)


async def _clashed(request: Request, product_id: UUID, typed: dict[str, str]) -> Response:
    """409: what others saved, with everything typed still in the form and nothing of it lost by saving again."""
    found = await _found(product_id)
    if editing.saved_already(found, typed):
        return _saved(request, product_id)
    held, clashes = editing.clashing(found, typed)
    view = editing.edit_view(found, await _live(request, product_id), held, clashes=clashes, conflict=True)
    return screen(request, "product.html", view, status=409)


def _saved(request: Request, product_id: UUID, **more: str) -> Response:
    """Back to the page, with the moment from which its panel looks for what is not live yet."""
    query = urlencode({"saved": rules.mark_of(guard.staff_of(request).at), **more})
    return redirect(f"/products/{product_id}?{query}")
