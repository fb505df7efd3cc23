"""What htmx 4 asks with and answers to. Full pages ignore all of it: one URL, one document."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request


def asked(request: Request) -> bool:
    """Whether htmx wants a fragment. A history restore sends no HX-Request, so it gets the page."""
    return request.headers.get("hx-request") == "true"


def trigger(*events: str) -> dict[str, str]:
    """A header that fires events in the page."""
    return {"HX-Trigger": ", ".join(events)}


def trigger_with(**details: Any) -> dict[str, str]:
    """A header that fires events with details."""
    return {"HX-Trigger": json.dumps(details)}


def retarget(target: str, swap: str = "innerHTML") -> dict[str, str]:
    """Headers that send this answer elsewhere than the request said."""
    return {"HX-Retarget": target, "HX-Reswap": swap}


def alert() -> dict[str, str]:
    """Headers that send a no into the alert region, whatever part of the answer hoped for was to be shown."""
    return retarget("#alerts") | {"HX-Reselect": ".toast"}
