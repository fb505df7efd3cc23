"""From what a shopper asked for to the variant it means: what can be chosen, what is not made, what gives way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.catalog.rules import BUYABLE, Variant

FIRST = "!"  # behind a value: keep this one, whatever the others must become


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Where a shopper stands.

    `values`: what can be chosen, by option code. `missing`: codes still to choose. `fitting`: the variants that agree
    with what is chosen. `variant`: the one it comes to, if it does. `moved`: what was asked for and gave way, by code.
    """

    values: dict[str, list[str]]
    chosen: dict[str, str]
    missing: list[str]
    fitting: list[Variant]
    variant: Variant | None
    moved: dict[str, str] = {}


def choose(variants: Sequence[Variant], order: Sequence[str], asked: Mapping[str, str]) -> Choice:
    """The choice that `asked` (option code -> value) means; what is unknown in it is ignored. `order`: codes as shown.

    With nothing chosen the first variant that can be bought is, or the first at all. An option with one value is chosen.
    A value that ends in FIRST was chosen last: if it is not made with the others, those give way.
    """
    values = option_values(variants, order)
    meant = ((code, _meant(asked[code], known)) for code, known in values.items() if code in asked)
    wanted = {code: value for code, value in meant if value is not None}
    picked = wanted or first_buyable(variants).options
    firsts = [code for code in wanted if asked[code] != wanted[code]]
    if firsts and not _any_fits(variants, picked):
        picked = nearest(variants, picked, firsts).options
    picked = picked | {code: known[0] for code, known in values.items() if len(known) == 1}
    chosen = {code: picked[code] for code in values if code in picked}
    missing = [code for code in values if code not in chosen]
    fitting = [variant for variant in variants if _fits(variant, chosen)]
    return Choice(
        values=values,
        chosen=chosen,
        missing=missing,
        fitting=fitting,
        variant=fitting[0] if fitting and not missing else None,
        moved={code: value for code, value in wanted.items() if chosen.get(code) != value},
    )


def nearest(variants: Sequence[Variant], wanted: Mapping[str, str], firsts: Sequence[str]) -> Variant:
    """The variant that keeps the most of `wanted` (option code -> value), above all the `firsts`; rather one that can be bought."""

    def nearness(variant: Variant) -> tuple[int, bool, int]:
        kept = {code for code, value in wanted.items() if variant.options.get(code) == value}
        return len(kept & set(firsts)), variant.band in BUYABLE, len(kept)

    return max(variants, key=nearness)


def option_values(variants: Iterable[Variant], order: Sequence[str]) -> dict[str, list[str]]:
    """Option code -> its values, as the variants bring them up; codes in this order, those it lacks at the end."""
    found: dict[str, list[str]] = {}
    for variant in variants:
        for code, value in variant.options.items():
            if value not in found.setdefault(code, []):
                found[code].append(value)
    known = [code for code in order if code in found]
    return {code: found[code] for code in [*known, *sorted(set(found) - set(known))]}


def _meant(text: str, known: Sequence[str]) -> str | None:
    return next((value for value in (text, text.removesuffix(FIRST)) if value in known), None)


def against(variants: Iterable[Variant], choice: Choice, code: str, value: str) -> str | None:
    """The one other chosen option (its code) with which this value is not made; None where no single one is in the way."""
    with_value = [variant for variant in variants if variant.options.get(code) == value]
    others = ((each, chosen) for each, chosen in choice.chosen.items() if each != code)
    return next((each for each, chosen in others if not _any_fits(with_value, {each: chosen})), None)


def first_buyable(variants: Sequence[Variant]) -> Variant:
    return next((variant for variant in variants if variant.band in BUYABLE), variants[0])


def states_of(variants: Iterable[Variant], choice: Choice, code: str) -> dict[str, str]:
    """What choosing each value of an option next would lead to, all else staying chosen: ok | sold_out | impossible."""
    others = {each: value for each, value in choice.chosen.items() if each != code}
    states = dict.fromkeys(choice.values[code], "impossible")
    for variant in variants:
        if code in variant.options and _fits(variant, others):
            value = variant.options[code]
            states[value] = "ok" if variant.band in BUYABLE or states[value] == "ok" else "sold_out"
    return states


def best_band(variants: Iterable[Variant]) -> str:
    """The band to show for several variants at once."""
    found = {variant.band for variant in variants}
    return next((band for band in ("in", "few", "later") if band in found), "out")


def _fits(variant: Variant, chosen: Mapping[str, str]) -> bool:
    return chosen.items() <= variant.options.items()


def _any_fits(variants: Iterable[Variant], chosen: Mapping[str, str]) -> bool:
    return any(_fits(variant, chosen) for variant in variants)


def reason_of(choice: Choice, words: Sequence[str]) -> str | None:
    """Why this choice can't be bought; `words` are its values as people say them. None when it can, or is unfinished."""
    if not choice.fitting:
        return f"This is not made in {', '.join(words)}."
    if choice.variant is not None and choice.variant.band not in BUYABLE:
        return f"Sold out in {', '.join(words)}." if words else "Sold out."
    return None
