"""What somebody would write by hand for one product page: ASGI, asyncpg, Jinja, nothing between. A measure for ours.

It asks the same statements of the same database and shows the same things, without a framework, tags, forms of a page,
limits or escapes from overload. `create_app` runs on the same Granian.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import asyncpg
from jinja2 import Environment

from app.catalog.products import OFFER
from app.content.queries import MENU
from app.reviews.queries import REVIEWS
from app.reviews.rules import FIRST
from app.settings import settings

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ p.title }}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/app.css"><script src="/app.js" defer></script></head>
<body><header><a href="/">Shop</a><nav><ul>{% for c in menu %}<li><a href="/c/{{ c.path }}">{{ c.title }}</a></li>{% endfor %}</ul></nav>
<form action="/search"><input name="q"><button>Search</button></form><a href="/cart">Cart</a></header>
<main><nav><ol>{% for c in p.crumbs %}<li><a href="/c/{{ c.path }}">{{ c.title }}</a></li>{% endfor %}</ol></nav>
<h1>{{ p.title }}</h1><p>{{ p.maker.name }}, {{ p.maker.place }}</p><p>{{ p.subtitle }}</p>
<ul>{% for i in p.pictures %}<li><img src="/static/p/{{ i.hash }}.svg" alt="{{ i.alt }}" width="{{ i.width }}" height="{{ i.height }}"></li>{% endfor %}</ul>
<p>{{ chosen.prices[0][1] | money }}</p>
<form action="/p/{{ p.slug }}">{% for code, label in options %}<fieldset><legend>{{ label }}</legend>
{% for value in values[code] %}<label><input type="radio" name="o_{{ code }}" value="{{ value }}"
{% if chosen.options[code] == value %} checked{% endif %}> {{ value }}{% if value not in in_stock[code] %} sold out{% endif %}</label>{% endfor %}
</fieldset>{% endfor %}</form>
<form method="post" action="/cart/lines"><input type="hidden" name="variant_id" value="{{ chosen.id }}">
<input type="number" name="quantity" value="1"><button>Add to cart</button></form>
<p>{{ p.description }}</p><p>{{ p.maker.story }}</p>
<dl>{% for k in kinds if not k.is_option and k.code in attributes %}<dt>{{ k.label }}</dt><dd>{{ attributes[k.code] }}</dd>{% endfor %}</dl>
<section>{% for stars, many in bars %}<p>{{ stars }} stars {{ many }}</p>{% endfor %}
{% for r in reviews %}<article><h3>{{ r.title }}</h3><p>{{ r.rating }}</p><p>{{ r.body }}</p><p>{{ r.author }} {{ r.at }}</p></article>{% endfor %}</section>
</main><footer><ul>{% for c in menu %}<li><a href="/c/{{ c.path }}">{{ c.title }}</a></li>{% endfor %}</ul></footer></body></html>"""


def create_app() -> Any:
    """An ASGI app that answers every GET with one product's page; the last part of the path is its slug."""
    env = Environment(autoescape=True)
    env.filters["money"] = lambda minor: f"£{minor / 100:.2f}"
    template = env.from_string(PAGE)
    pools: list[asyncpg.Pool] = []

    async def start() -> None:
        pools.append(await asyncpg.create_pool(settings().shared_dsn, min_size=1, max_size=settings().pool_size))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, start, lambda: pools[0].close())  # noqa: PLW0108 - there is no pool yet
            return
        body = template.render(**await _read(pools[0], scope["path"].rsplit("/", 1)[1])).encode()
        await _send(send, body)

    return app


async def _read(pool: asyncpg.Pool, slug: str) -> dict[str, Any]:
    async with pool.acquire() as connection:
        row = await connection.fetchrow(OFFER, slug, settings().market)
        told = await connection.fetchrow(REVIEWS, row["id"], None, False, FIRST, 0)
        menu = await connection.fetch(MENU)
    kinds = json.loads(row["kinds"])
    variants = [SimpleNamespace(**each) for each in json.loads(row["variants"])]
    options = [(kind["code"], kind["label"]) for kind in kinds if kind["is_option"]]
    values = {code: list(dict.fromkeys(v.options[code] for v in variants if code in v.options)) for code, _ in options}
    product = {name: row[name] for name in ("title", "subtitle", "slug", "description")}
    return {
        "p": {
            **product,
            "maker": json.loads(row["maker"]),
            "crumbs": json.loads(row["crumbs"]),
            "pictures": json.loads(row["pictures"] or "[]"),
        },
        "kinds": kinds,
        "attributes": json.loads(row["attributes"]),
        "options": options,
        "values": values,
        "in_stock": {code: {v.options.get(code) for v in variants if v.band != "out"} for code, _ in options},
        "chosen": next((v for v in variants if v.band != "out"), variants[0]),
        "bars": sorted(json.loads(told["bars"] or "{}").items()),
        "reviews": json.loads(told["reviews"] or "[]"),
        "menu": menu,
    }


async def _lifespan(receive: Any, send: Any, start: Any, stop: Any) -> None:
    await receive()
    await start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await stop()
    await send({"type": "lifespan.shutdown.complete"})


def create_same_page() -> Any:
    """The same page as ours, byte for byte but for its holes, without what stands around it: framework, checks, forms, tags."""
    from app.catalog import queries
    from app.content.queries import menu_view
    from app.db.engines import EVERYONE, close_databases, open_databases, reading
    from app.main import create_app as names_routes
    from app.web.templates import render

    names_routes()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, lambda: open_databases(settings()), close_databases)
            return
        async with reading(EVERYONE):
            view = await queries.product_view(scope["path"].rsplit("/", 1)[1], {})
            menu = await menu_view()
        html = render("catalog/product.html", view=view, menu=lambda: menu, request_path=scope["path"])
        await _send(send, html.encode())

    return app


async def _send(send: Any, body: bytes) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
