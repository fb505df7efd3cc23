"""The checkout's forms, with the words for what can be wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.checkout import rules
from app.web.forms import Form


def _text(most: int, missing: str, error: str = "", pattern: str | None = None) -> Meta:
    words = {"missing": missing, "error": error or f"Please use at most {most} characters."}
    return Meta(min_length=1, max_length=most, pattern=pattern, extra=words)


class AddressForm(msgspec.Struct, kw_only=True):
    """Where to."""

    name: Annotated[str, _text(120, "Please tell us the name on the door.")]
    line1: Annotated[str, _text(120, "Please tell us house number and street.")]
    line2: Annotated[str, Meta(max_length=120, extra={"error": "Please use at most 120 characters."})] = ""
    city: Annotated[str, _text(80, "Please tell us the town or city.")]
    postcode: Annotated[str, _text(16, "Please tell us the postcode.")]
    country: Annotated[str, _text(2, "Please choose a country.", "We do not deliver there.")]
    phone: Annotated[
        str,
        Meta(pattern=rf"^({rules.PHONE})?$", extra={"error": rules.WRONG_PHONE}),
    ] = ""


class DetailsForm(AddressForm, kw_only=True):
    """Who and where."""

    email: Annotated[
        str,
        _text(
            254,
            "Please tell us where the confirmation goes.",
            rules.WRONG_EMAIL,
            rules.EMAIL,
        ),
    ]


class ShippingForm(msgspec.Struct):
    """How it comes."""

    shipping_code: str = ""


class PlaceForm(msgspec.Struct):
    """The promise as it was shown, and a note."""

    token: str = ""
    note: Annotated[str, Meta(max_length=500, extra={"error": "Please use at most 500 characters."})] = ""


def judged(
    form: Form[Any], model: type[msgspec.Struct], countries: Sequence[rules.Country] = rules.COUNTRIES
) -> tuple[dict[str, str], str | None]:
    """All that is wrong, in the order of the fields, and the tidied postcode. `countries`: where it may go."""
    country, text = form.typed.get("country", ""), form.typed.get("postcode", "")
    wrong = dict(form.errors)
    postcode = rules.tidy_postcode(text, country)
    if country not in {each.code for each in countries}:
        wrong.setdefault("country", "We do not deliver there.")
    elif postcode is None:
        wrong.setdefault("postcode", rules.BY_CODE[country].wrong)
    order = ("email", *AddressForm.__struct_fields__)
    return {name: wrong[name] for name in order if name in wrong and name in model.__struct_fields__}, postcode
