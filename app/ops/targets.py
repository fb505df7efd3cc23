"""From what somebody names on the command line to the tags of what the edge keeps of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from app.edge import tags
from app.settings import Settings
from app.values import Refusal

if TYPE_CHECKING:
    from app.catalog.naming import Named

NAMED = tuple(tag for tag in tags.KINDS if len(tag) > 1)
TAG = re.compile(f"{'|'.join(NAMED)}|[pkcdevygbolnutr][0-9a-f]{{15}}")
EVERYWHERE = {tags.everything(), tags.menu()}  # every page carries both

Tags = dict[str, str]  # tag -> what it stands for, in words


class NoTarget(Refusal):
    say = "There is nothing to purge."
    status = 2


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants purged: one of these."""

    tag: tuple[str, ...] = ()
    url: str | None = None
    product: str | None = None
    category: str | None = None
    all: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether no page is spared."""
        return self.all or not EVERYWHERE.isdisjoint(self.tag)


def check(ask: Ask) -> Ask:
    """`ask`, if it names exactly one kind of target and its tags can exist. Raises NoTarget."""
    named = [name for name, value in msgspec.structs.asdict(ask).items() if value not in (None, (), False)]
    if len(named) != 1:
        raise NoTarget("Name one kind of target: --tag, --url, --product, --category or --all.")
    for tag in ask.tag:
        if not TAG.fullmatch(tag):
            raise NoTarget(f"{tag!r} is not a tag: a letter and 15 hexadecimal digits, or {', '.join(NAMED)}.")
    return ask


async def tags_of(shop: Settings, ask: Ask) -> Tags:
    """The tags of what `ask` names. Raises NoTarget for a product, a list or an address that there is not."""
    if ask.url is not None:
        return await _at(_path_of(shop, ask.url))
    if ask.product is not None:
        return await _with_product(ask.product)
    if ask.category is not None:
        return await _in_category(ask.category.removeprefix("/c/").strip("/"))
    given = (tags.everything(),) if ask.all else ask.tag
    return {tag: tags.KINDS.get(tag) or tags.KINDS[tag[0]] for tag in given}


def _path_of(shop: Settings, url: str) -> str:
    """The path the app sees, unescaped and without a query: every variant of a page carries the page's tags."""
    ours = urlsplit(shop.public_origin)
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("no:")
    path = unquote(parts.path or "/" * bool(parts.netloc))
    at_home = (parts.scheme, parts.netloc.lower()) in {("", ""), (ours.scheme, ours.netloc.lower())}
    if not (at_home and path.startswith("/") and path.isprintable()):
        raise NoTarget(f"{url!r} is not an address of this shop, which are like /p/pell-mug or {shop.public_origin}/")
    return path


async def _at(path: str) -> Tags:
    """What may be kept for an address: a page by what it shows, and a redirect or a 404 by the address."""
    from app.catalog import naming as catalog

    found = {tags.path(path): f"a redirect or a 404 kept for {path}"}
    if path == "/":
        return {tags.blocks("home"): "the sections of the home page"}
    if re.fullmatch(r"/sitemap(?:/[^/]+)?\.xml", path):
        return {tags.listings(): tags.KINDS["l1"]}
    if of_product := re.fullmatch(r"(?:/p|/_f/variant)/([^/]+)/?", path):
        product = await catalog.product_named(of_product[1])
        if product and product.address == of_product[1]:
            found = _own(product) | found
    elif path.startswith("/c/"):
        found = _lists(await catalog.lists_at(path[3:].strip("/"))) | found
    return found


async def _with_product(name: str) -> Tags:
    """Whatever shows the product: its page, its card, and the lists it may stand in."""
    from app.catalog import naming as catalog

    product = await catalog.product_named(name) if name.isprintable() else None
    if product is None:
        raise NoTarget(f"No product has the slug or SKU {name!r}.")
    above = "the lists of its category, and of those above it"
    of_category = {tags.category(product.category_id): above} if product.category_id else {}
    return {
        **_own(product),
        tags.card(product.id): f"the card of {product.title}",
        **of_category,
        tags.lists_by("any"): "lists too long to name each of their products",
        tags.path(f"/p/{product.address}"): f"a redirect or a 404 kept for /p/{product.address}",
    }


async def _in_category(path: str) -> Tags:
    from app.catalog import naming as catalog

    lists = await catalog.lists_at(path) if path.isprintable() else []
    if not lists:
        raise NoTarget(f"No category or collection has the path {path!r}.")
    return _lists(lists) | {tags.path(f"/c/{path}"): f"a redirect or a 404 kept for /c/{path}"}


def _own(product: Named) -> Tags:
    return {tags.product(product.id): f"the page of {product.title} and its panel, with any options"}


def _lists(named: list[Named]) -> Tags:
    found = {}
    for each in named:
        if each.kind == "collection":
            found[tags.collection(each.id)] = f"the list of the collection {each.title}, wherever it stands"
        else:
            above = "lists above it made of up to 30 categories"
            found[tags.category(each.id)] = f"every page and order of the list {each.title}, and {above}"
    return found
