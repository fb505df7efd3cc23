"""From the variants of a product and what was asked to the panel that shops show: which is chosen, what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from app.catalog import choosing, clock, rules
from app.catalog.arrival import Arrival, Goods, Travel, arrival, pays_first
from app.catalog.personal import Personal
from app.catalog.pictures import Picture, picture_of
from app.catalog.product_views import Option, OptionValue, VariantPanel
from app.catalog.views import product_url
from app.settings import settings
from app.values import day_after, now, today


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A product on sale as read: what its page and its panel need, variants in order."""

    id: UUID
    slug: str
    title: str
    currency: str
    attributes: list[rules.Attribute]
    variants: list[rules.Variant]
    pictures: list[dict[str, Any]]
    travel: Travel | None
    personal: Personal | None = None
    one_each: bool = False
    bulky: bool = False
    bulky_from: int | None = None
    tags: frozenset[str]

    def words(self, code: str, value: str) -> str:
        """An option's value as people say it."""
        return rules.said(self.attribute(code), value)

    def attribute(self, code: str) -> rules.Attribute:
        known = (each for each in self.attributes if each.code == code)
        return next(known, rules.Attribute(code=code, label=code.replace("_", " ").capitalize()))


def panel_of(offer: Offer, asked: Mapping[str, str]) -> VariantPanel:
    """The panel for a choice; the same whether it stands in the page or is swapped in."""
    choice = choosing.choose(offer.variants, [each.code for each in offer.attributes], asked)
    shown = choice.variant or _cheapest(choice.fitting or offer.variants)
    highest = max((each.price for each in choice.fitting), default=shown.price)
    arrives = _arrives(offer, choice.variant) if choice.variant else None
    back = day_after(shown.back_on) if choice.variant and shown.back_on else None
    return VariantPanel(
        product_id=offer.id,
        slug=offer.slug,
        title=offer.title,
        variant_id=choice.variant.id if choice.variant else None,
        sku=choice.variant.sku if choice.variant else None,
        variant_title=choice.variant.title if choice.variant else None,
        price=shown.price,
        price_to=highest if highest != shown.price else None,
        was=shown.was,
        currency=offer.currency,
        band=choosing.best_band(choice.fitting),
        back_on=shown.back_on if choice.variant else None,
        lead_days=shown.lead_days,
        policy=shown.policy if choice.variant else "stock",
        options=[_option(offer, choice, code) for code in choice.values],
        missing=[offer.attribute(code).label for code in choice.missing],
        reason=choosing.reason_of(choice, [offer.words(*each) for each in choice.chosen.items()]),
        moved=_moved(offer, choice),
        buyable=choice.variant is not None and choice.variant.band in rules.BUYABLE,
        breaks=shown.breaks if choice.variant else [],
        picture=picture_for(offer, choice),
        url=_address(offer, choice.chosen),
        arrives=arrives,
        pays_first=choice.variant is not None and pays_first(_goods(choice.variant), today()),
        personal=offer.personal,
        one_each=offer.one_each,
        bulky=offer.bulky,
        bulky_from=offer.bulky_from,
        tags=offer.tags,
        proved=shown.proved,
        ends=shown.ends,
        until=clock.first(back, arrives.until if arrives else None, *(each.turns for each in offer.variants)),
    )


def _arrives(offer: Offer, variant: rules.Variant) -> Arrival | None:
    return arrival(_goods(variant), offer.travel, now(), time.fromisoformat(settings().cut_off))


def _goods(variant: rules.Variant) -> Goods:
    return Goods(**{name: getattr(variant, name) for name in Goods.__struct_fields__})


def _cheapest(variants: list[rules.Variant]) -> rules.Variant:
    return min(variants, key=lambda each: each.price)


def _option(offer: Offer, choice: choosing.Choice, code: str) -> Option:
    chosen = choice.chosen.get(code)
    swatches = _swatches(offer, code) if code == _looks(choice) else {}
    states = choosing.states_of(offer.variants, choice, code)
    return Option(
        code=code,
        label=offer.attribute(code).label,
        values=[
            OptionValue(
                value=value,
                send=value + choosing.FIRST if states[value] == "impossible" else value,
                note=_note(offer, choice, code, value=value, state=states[value]),
                label=offer.words(code, value),
                swatch=swatches.get(value),
                selected=chosen == value,
                state=states[value],
                url=_address(offer, {**choice.chosen, code: value}),
            )
            for value in choice.values[code]
        ],
        chosen=offer.words(code, chosen) if chosen else None,
    )


def _note(offer: Offer, choice: choosing.Choice, code: str, *, value: str, state: str) -> str | None:
    """What a value that can't be bought as things stand says beside itself."""
    if state != "impossible":
        return "sold out" if state == "sold_out" else None
    against = choosing.against(offer.variants, choice, code, value)
    return f"not made in {offer.words(against, choice.chosen[against])}" if against else "not made like this"


def _moved(offer: Offer, choice: choosing.Choice) -> str | None:
    """Which options gave way to the one chosen last, and what they are now."""
    if not choice.moved:
        return None
    asked = " and ".join(offer.words(code, value) for code, value in choice.moved.items())
    kept = ", ".join(offer.words(code, value) for code, value in choice.chosen.items() if code not in choice.moved)
    now = " and ".join(
        f"{offer.attribute(code).label.lower()} is now {offer.words(code, choice.chosen[code])}"
        for code in choice.moved
        if code in choice.chosen
    )
    return f"Not made in {asked} with {kept}: {now}."


def _address(offer: Offer, chosen: Mapping[str, str]) -> str:
    query = urlencode(sorted((f"o_{code}", value) for code, value in chosen.items()))
    return product_url(offer.slug) + (f"?{query}" if query else "")


def _looks(choice: choosing.Choice) -> str:
    """The option that decides what one sees: the first."""
    return next(iter(choice.values), "")


def _swatches(offer: Offer, code: str) -> dict[str, str]:
    """A small picture of each value of this option: the first of a variant that has it."""
    found: dict[str, str] = {}
    for each in offer.pictures:
        if each["options"] and code in each["options"]:
            found.setdefault(each["options"][code], picture_of(each).small)
    return found


def picture_for(offer: Offer, choice: choosing.Choice) -> Picture:
    """The picture of the variant most like the choice, if it agrees in the first option, else one of the product as such."""
    looks = _looks(choice)
    alike = [
        each for each in offer.pictures if each["options"] and each["options"].get(looks) == choice.chosen.get(looks)
    ]
    of_all = [each for each in offer.pictures if not each["variant_id"]]
    best = max(alike, key=lambda each: len(each["options"].items() & choice.chosen.items()), default=None)
    return picture_of(best or next(iter(of_all or offer.pictures), None))
