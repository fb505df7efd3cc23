"""The shop and the admin as tests ask them: built once for the same settings, since that takes a fifth of a second."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from app.settings import Settings, settings


def the_app(name: Literal["create_app", "create_admin"]) -> Any:
    """By what builds it in `app/main.py`, for the settings that hold now."""
    return _built(name, settings())


@cache
def _built(name: str, now: Settings) -> Any:
    from app import main

    return getattr(main, name)()
