"""/holes/<names>: a public page that is little but holes, for measuring what one costs. In development only."""

from __future__ import annotations

import base64
import random

import msgspec
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.edge.keep import HOME
from app.web.pages import HOLES, Page, page

PACKED_BYTES, BYTES = 4_500, 27_000  # about a product page's weight, packed and plain


class HolesView(msgspec.Struct, frozen=True, kw_only=True):
    """`noise` packs badly, `rest` well."""

    holes: list[str]
    noise: str
    rest: str


@page("/holes/{names:str}", name="holes", keep=HOME)
async def holes(names: FromPath[str]) -> Page:
    """A page with these holes, separated by commas, and the weight of any other."""
    chosen = names.split(",")
    if not set(chosen) <= HOLES.keys():
        raise NotFoundException
    noise = base64.b85encode(random.Random(names).randbytes(PACKED_BYTES)).decode()  # noqa: S311 - noise, not a secret
    return Page(template="dev/holes.html", view=HolesView(holes=chosen, noise=noise, rest="holes " * (BYTES // 6)))


ROUTES = [holes]
