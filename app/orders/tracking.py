"""Where a carrier shows a parcel on its way: by the carrier's name, as staff type it, from the setting `tracking`."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from app.settings import settings


def tracking_url(carrier: str, number: str) -> str | None:
    """The carrier's page of this parcel; None where nobody said how it is reached."""
    address = _addresses(settings().tracking).get(_plain(carrier)) if number else None
    return address.replace("{}", quote(number, safe="")) if address else None


@cache
def _addresses(said: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in said.split(";") if each.strip())
    return {_plain(carrier): address.strip() for carrier, _, address in pairs}


def _plain(carrier: str) -> str:
    return " ".join(carrier.casefold().split())
