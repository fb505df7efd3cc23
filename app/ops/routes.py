"""What the shop and the admin answer to, read from the apps themselves."""

from __future__ import annotations

from typing import Any

from app import main


def routes_of(*, admin: bool = False) -> list[dict[str, Any]]:
    """One row per route, sorted by path. `keep` is how long the edge may keep it, or None."""
    built = main.create_admin() if admin else main.create_app()
    found = ((route.path, handler) for route in built.app.routes for handler in getattr(route, "route_handlers", []))
    rows = [_row(path, handler) for path, handler in found if handler.http_methods != {"OPTIONS"}]
    return sorted(rows, key=lambda row: (row["path"], row["methods"]))


def _row(path: str, handler: Any) -> dict[str, Any]:
    route = handler.opt.get("edge")
    return {
        "methods": " ".join(sorted(handler.http_methods - {"OPTIONS"})),
        "path": path,
        "name": handler.name or (route.name if route else handler.handler_name),
        "kind": route.kind if route else None,
        "keep": f"{route.keep.ttl:g} s" if route and route.keep else None,
        "query": " ".join(route.query) if route and route.query else None,
    }
