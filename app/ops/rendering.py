"""The edge's rules for this shop: its routes, its settings, its stylesheet."""

from __future__ import annotations

from app.edge.vcl import config_of, render
from app.main import edge_routes
from app.settings import Settings
from app.web.assets import asset


def vcl_of(full: Settings) -> str:
    """The VCL as text."""
    return render(config_of(full, edge_routes(), stylesheet=asset("app.css")))
