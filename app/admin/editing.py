"""The product form: from what was typed to what must change, and what to show when it can't be saved."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from litestar.exceptions import ClientException
from msgspec import Meta

from app.admin import quantities, rules, timing, writing
from app.admin.live import LiveView
from app.admin.pricing import judged_price
from app.admin.product_queries import Product, VariantRow
from app.catalog.operations import Prices
from app.db.edits import Change
from app.settings import settings
from app.web.forms import judge

LABELS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "description": "Description",
    "beside": "Goes well with",
    "status": "Status",
}


class EditForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the product itself; prices stand in fields named by their variant."""

    version: Annotated[
        int, Meta(ge=1, le=2**31 - 1, extra={"error": "This form is damaged. Please open the product anew."})
    ]
    title: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=160,
            extra={"error": "At most 160 characters.", "missing": "A product needs a title."},
        ),
    ]
    subtitle: Annotated[str, Meta(max_length=240, extra={"error": "At most 240 characters."})]
    description: Annotated[str, Meta(max_length=20_000, extra={"error": "At most 20,000 characters."})]
    beside: Annotated[str, Meta(max_length=2000, extra={"error": "At most 2,000 characters."})]
    status: Annotated[Literal["draft", "published", "archived"], Meta(extra={"error": "Choose one of the three."})]

    @property
    def neighbours(self) -> list[str]:
        """The addresses typed as `beside`, each once: as /p/slug, or the slug alone."""
        return list(dict.fromkeys(each.rstrip("/").rpartition("/")[2] for each in self.beside.split()))


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A form that was read: `value` is None when there are errors. `asked` holds only what changes."""

    value: EditForm | None
    asked: Prices
    errors: dict[str, str]


class EditView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a product. `typed`: what its fields hold. `read`: what they held in that `version`.

    `key`: of this showing of the page; a stock form sent twice from it adjusts once.
    """

    product: Product
    typed: dict[str, str]
    errors: dict[str, str]
    labels: dict[str, str]
    version: str
    read: str
    live: LiveView
    clashes: list[rules.Clash] = []
    conflict: bool = False
    adjusted: str = ""
    key: UUID = msgspec.field(default_factory=uuid4)

    def words(self, variant: VariantRow) -> list[str]:
        """What shoppers will see of its prices, and when."""
        return list(timing.words_of(variant, self.product.currency))


def fields_of(product: Product) -> dict[str, str]:
    """What the form's fields hold when it is opened."""
    fields = {name: getattr(product, name) for name in LABELS}
    for variant in product.variants:
        for name, amount in (
            (f"price-{variant.variant_id}", variant.amount),
            (f"was-{variant.variant_id}", variant.was),
        ):
            fields[name] = _shown(amount, product.currency)
        fields |= timing.fields_of(variant, product.currency) | quantities.fields_of(variant, product.currency)
    return fields | writing.fields_of(product)


def labels_of(product: Product) -> dict[str, str]:
    """A name for each field, for the summary of what is wrong."""
    labels = LABELS | writing.LABELS | writing.SELLING | {quantities.ALL: "Lower prices of all variants"}
    for variant in product.variants:
        labels |= {
            f"price-{variant.variant_id}": f"Price of {variant.title}",
            f"was-{variant.variant_id}": f"Earlier price of {variant.title}",
            f"delta-{variant.variant_id}": f"Stock of {variant.title}",
            quantities.name_of(variant): f"Lower prices of {variant.title}",
        }
        labels |= {
            f"{name}-{variant.variant_id}": f"{label} of {variant.title}" for name, label in timing.LABELS.items()
        }
    return labels


def judged(typed: dict[str, str], product: Product) -> Judged:
    """Reads a form for this product. Raises ClientException (400) for one that is incomplete, which no browser sends."""
    if not {"version", *LABELS} <= typed.keys():
        raise ClientException("The form did not arrive whole, so nothing was changed. Please try again.")
    form, read = judge(typed, EditForm), fields_of(product) | _read(typed)
    prices, timed, errors = [], {}, dict(form.errors)
    for variant in product.variants:
        edit, wrong = judged_price(typed, read, variant, currency=product.currency)
        errors |= wrong
        prices += [edit] if edit else []
        names = timing.names_of(variant)
        texts = {name: typed.get(name, read.get(name, "")) for name in names}
        if any(texts[name] != read.get(name, "") for name in names):
            timed[variant.variant_id], wrong = timing.judged(texts, read, product.currency)
            errors |= wrong
    breaks, wrong = quantities.judged(typed, read, product.variants, prices, currency=product.currency)
    personal, unwritten = writing.judged(typed, read, product.currency)
    sent, unsent = writing.judged_sending(typed, read)
    each, uncounted = writing.judged_each(typed, read)
    errors |= wrong | unwritten | unsent | uncounted
    amounts = {each.variant_id: (each.amount, each.was) for each in prices}
    asked = Prices(amounts=amounts, timed=timed, breaks=breaks, personal=personal, shipping_class=sent, one_each=each)
    return Judged(value=None if errors else form.value, asked=asked, errors=errors)


def edit_view(product: Product, live: LiveView, typed: dict[str, str] | None = None, **more: object) -> EditView:
    """The page as it is opened, or with what was typed."""
    fields = fields_of(product)
    view = EditView(
        product=product,
        typed=fields | (typed or {}),
        errors={},
        labels=labels_of(product),
        version=str(product.version),
        read=msgspec.json.encode(fields).decode(),
        live=live,
    )
    return msgspec.structs.replace(view, **more)


def changes_of(product: Product, typed: dict[str, str]) -> list[Change]:
    """What was typed anew, by the labels of the fields."""
    labels = labels_of(product)
    return [
        Change(field=labels.get(name, name), before=text, after=typed[name])
        for name, text in fields_of(product).items()
        if typed.get(name, text) != text
    ]


def clashing(product: Product, typed: dict[str, str]) -> tuple[dict[str, str], list[rules.Clash]]:
    """What the form should hold after somebody else saved, and what they changed, by the labels of the fields."""
    now = fields_of(product)
    read = {name: "" for name in now if name in typed} | _read(typed)  # what a form does not name was empty in it
    held, clashes = rules.merged(read, typed, now)
    labels = labels_of(product)
    return held, [msgspec.structs.replace(each, field=labels.get(each.field, each.field)) for each in clashes]


def saved_already(product: Product, typed: dict[str, str]) -> bool:
    """Whether the product is as typed: the same form was sent twice."""
    now = fields_of(product)
    return all(typed.get(field, text) == text for field, text in now.items())


def _read(typed: dict[str, str]) -> dict[str, str]:
    """What the form says it showed at first."""
    try:
        return msgspec.json.decode(typed.get("read", ""), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _shown(amount: int | None, currency: str) -> str:
    return "" if amount is None else rules.shown_price(amount, currency, settings().locale)
