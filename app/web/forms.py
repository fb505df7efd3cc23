"""Forms a person typed: every field judged, everything typed kept."""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

Model = TypeVar("Model", bound=msgspec.Struct)
MOST_FIELDS = 100


class Form(Generic[Model]):
    """`value` when every field is good, else None; `typed` as it came; `errors` by field, in words."""

    def __init__(self, value: Model | None, typed: dict[str, str], errors: dict[str, str]) -> None:
        self.value = value
        self.typed = typed
        self.errors = errors


async def read_form(request: Request, model: type[Model]) -> Form[Model]:
    """Reads an urlencoded body into `model`, field by field.

    A field's words for what is wrong come from its `Meta(extra={"error": "..."})`, else a plain sentence.
    Raises ClientException (400) for a body that is no form.
    """
    return judge(await _pairs(request), model)


def judge(typed: dict[str, str], model: type[Model]) -> Form[Model]:
    """Converts typed text into `model`; what can't be converted becomes an error beside its field."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in msgspec.structs.fields(model):
        text = typed.get(field.encode_name)
        if text is None and not field.required:
            continue
        try:
            values[field.name] = msgspec.convert((text or "").strip(), field.type, strict=False)
        except msgspec.ValidationError:
            errors[field.name] = _words(field, text)
    return Form(None if errors else model(**values), typed, errors)


def _words(field: Any, text: str | None) -> str:
    info = msgspec.inspect.type_info(field.type)
    extra = getattr(info, "extra", None) or {}
    if not (text or "").strip():
        return extra.get("missing", extra.get("error", "Please fill this in."))
    return extra.get("error", "This is not usable here.")


async def _pairs(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise ClientException("The form came in a shape this shop does not read.")
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ClientException("The form could not be read.") from None
    # PostgreSQL text holds no NUL; nobody types one.
    return {name: value.replace("\x00", "") for name, value in reversed(pairs)}
