"""Who is asking, and the cookies that carry it. Only holes, actions and private pages may ask."""

from __future__ import annotations

import hashlib
import re
import secrets
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from app.settings import PATHS, Settings
from app.values import DAY, bucket_mark, read_bucket_mark

TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{2}[A-Za-z0-9_-]{43}")
VERSION = re.compile(r"[A-Za-z0-9_-]{1,22}")
COUNT = re.compile(r"([0-9]{1,2})s?")  # `s`: signed in
LASTS = 90 * DAY
RENEWED = 60 * DAY  # a guest's session with less than this to go gets all of LASTS again
KNOWN_LASTS = 365 * DAY


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper as their browser knows them. `units` is what the badge shows; the cart itself decides.

    `ages`: a guest's session that is due to be renewed.
    """

    shopper_id: UUID | None = None
    pv: str = ""
    pv_is_current: bool = False
    units: int = 0
    signed_in: bool = False
    ages: bool = False


ANONYMOUS = Visitor()


def new_token(bucket: int) -> str:
    """A session token: two characters of bucket, 256 random bits."""
    return bucket_mark(bucket) + secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database stores of a token."""
    return hashlib.sha256(token.encode()).digest()


def new_pv() -> str:
    """A private version: random, so that no two states of a cart share it."""
    return secrets.token_urlsafe(12)


def token_of(request: Request, settings: Settings) -> tuple[str, int] | None:
    """The session token the browser sent and its bucket, or None when it is missing or malformed."""
    token = request.cookies.get(settings.cookie("sid"), "")
    bucket = read_bucket_mark(token)
    return (token, bucket) if bucket is not None and TOKEN.fullmatch(token) else None


def pv_of(request: Request, settings: Settings) -> str:
    """The private version the browser sent, or an empty string."""
    text = request.cookies.get(settings.cookie("pv"), "")
    return text if VERSION.fullmatch(text) else ""


def known_of(request: Request, settings: Settings) -> str:
    """What shows that this browser has signed in to an account before, or an empty string. Browsers send it to pages of the account alone: the door, and the way to another password."""
    return request.cookies.get(settings.cookie("known"), "")


def units_of(request: Request, settings: Settings) -> int:
    """The badge value the browser sent, 0..99. The edge sends it as X-Vitrine-Value to holes keyed by it."""
    text = request.headers.get("x-vitrine-value") or request.cookies.get(settings.cookie("cc"), "")
    found = COUNT.fullmatch(text)
    return int(found[1]) if found else 0


def remember(
    request: Request,
    *,
    token: str | None = None,
    pv: str | None = None,
    units: int | None = None,
    signed_in: bool | None = None,
    known_as: str | None = None,
) -> None:
    """Sets cookies on the answer to this request. Refused on kept pages, where a cookie would reach everyone.

    The count cookie says both how many units and whether the visitor is signed in; what is not given stays as known.
    """
    pending = _pending(request)
    known: Visitor = request.scope.get("vitrine.visitor", ANONYMOUS)  # type: ignore[assignment]
    new = {"sid": token, "pv": pv, "known": known_as}
    if units is not None or signed_in is not None:
        known = msgspec.structs.replace(
            known,
            units=min(known.units if units is None else units, 99),
            signed_in=known.signed_in if signed_in is None else signed_in,
        )
        new["cc"] = f"{known.units}{'s' if known.signed_in else ''}"
        if "vitrine.visitor" in request.scope:  # a badge in the same answer shows the new number
            request.scope["vitrine.visitor"] = known  # type: ignore[typeddict-unknown-key]
    pending.update({name: value for name, value in new.items() if value is not None})


def forget(request: Request) -> None:
    """Takes the session's cookies from the browser: it is over."""
    _pending(request).update(sid="", pv="", cc="")


def told(request: Request, name: str = "pv") -> bool:
    """Whether this answer sets that cookie already, by default the private version."""
    return name in _pending(request)


def _pending(request: Request) -> dict[str, str]:
    return request.scope.setdefault("vitrine.cookies", {})  # type: ignore[typeddict-item]


def cookie_headers(scope: Any, settings: Settings) -> list[tuple[bytes, bytes]]:
    """The Set-Cookie headers that `remember` asked for."""
    return [(b"set-cookie", _line(name, value, settings)) for name, value in scope.get("vitrine.cookies", {}).items()]


def _line(name: str, value: str, settings: Settings) -> bytes:
    full = settings.cookie(name)
    jar: SimpleCookie = SimpleCookie({full: value})
    morsel: Any = jar[full]
    lasts = (KNOWN_LASTS if name == "known" else LASTS) if value else 0
    morsel.update({"path": PATHS.get(name, "/"), "max-age": lasts, "samesite": "Lax", "secure": settings.secure})
    morsel["httponly"] = name in ("sid", "known")
    return morsel.OutputString().encode()
