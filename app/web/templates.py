"""One Jinja environment for pages, fragments and mails: escaping always on, undefined names are errors."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import msgspec
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.settings import settings
from app.values import ZONE, now
from app.web.assets import asset, inline

FOLDER = Path(__file__).parents[2] / "templates"

_NONCE = secrets.token_hex(8)  # nobody can write a mark of ours into a review


def hole_mark(name: str) -> str:
    """What stands in rendered HTML for a hole until the page is sealed."""
    return f"<!--{_NONCE}:{name}-->"


def _hole(name: str) -> Any:
    return Markup(hole_mark(name))  # noqa: S704 - our own mark, no text of anybody's


def holes_in(html: str) -> list[str]:
    """Names of the holes that a personal page leaves to the edge, in the order of the page."""
    return re.findall(r'<esi:include src="/_h/([\w-]+)"/>', html)


@lru_cache(maxsize=10_000)  # formatting is a tenth of a page's work, and prices repeat
def money(minor: int, currency: str) -> str:
    """Minor units as people write them: 1400, GBP -> £14.00; JPY has no minor unit, KWD has a thousand."""
    exact = get_currency_precision(currency) > 0
    return format_currency(_major(minor, currency), currency, locale=settings().locale, decimal_quantization=exact)


def amount(minor: int, currency: str) -> str:
    """Minor units as machines read them: 1400, GBP -> 14.00."""
    return str(_major(minor, currency))


def _major(minor: int, currency: str) -> Decimal:
    """Never a float: the last unit of a large amount would be lost."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def ld(data: Any) -> Markup:
    """Data inside `<script type="application/ld+json">`: JSON without any character that HTML or ESI could take for markup."""
    text = msgspec.json.encode(data).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can end the element or begin another


@lru_cache(maxsize=10_000)
def shown_date(value: date | datetime) -> str:
    """A day, as 3 November 2026."""
    day = value.astimezone(ZONE) if isinstance(value, datetime) else value
    return format_date(day, "d MMMM y", locale=settings().locale)


class Span(Protocol):
    """From one day to another."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def shown_days(span: Span) -> str:
    """From a day to another, as 3–5 December or 30 November – 2 December."""
    first, last, locale = span.first, span.last, settings().locale
    if first == last:
        return format_date(last, "d MMMM", locale=locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_date(last, 'd MMMM', locale=locale)}"
    return f"{format_date(first, 'd MMMM', locale=locale)} – {format_date(last, 'd MMMM', locale=locale)}"


def shown_time(value: datetime) -> str:
    """A moment in the store's zone, as 3 November 2026, 14:05."""
    return format_datetime(value, "d MMMM y, HH:mm", tzinfo=ZONE, locale=settings().locale)


@cache
def environment() -> Environment:
    """The environment; templates are read once, outside development they are never looked at again."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=lambda name: not (name or "").endswith(".txt"),  # noqa: S701 - on, but for plain text mails
        undefined=StrictUndefined,
        auto_reload=False,  # a stat per template and page otherwise; restart to see a changed template
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=1000,
    )
    env.globals.update(url=url, asset=asset, inline=inline, hole=_hole, shop=settings(), now=now)
    env.filters.update(money=money, date=shown_date, days=shown_days, ld=ld, datetime=shown_time)
    return env


_routes: dict[str, str] = {}


def url(name: str, /, **params: Any) -> str:
    """The path of a named route. Raises KeyError for an unknown name or a missing parameter."""
    template = _routes[name]
    if not params:
        return template
    return template.format(**{key: quote(str(value).lstrip("/")) for key, value in params.items()})


def name_route(name: str, path: str) -> None:
    """Makes `url(name)` know a Litestar path such as /p/{slug:str}."""
    _routes[name] = re.sub(r"{(\w+)(?::\w+)?}", r"{\1}", path)


def render(template: str, **context: Any) -> str:
    """The template as text. Raises jinja2.UndefinedError for a name its view lacks."""
    return environment().get_template(template).render(**context)
