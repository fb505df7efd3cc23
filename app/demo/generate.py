"""More products than anyone could write by hand, from the same workshops: the same seed gives the same ones for ever."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as combinations
from random import Random
from typing import Any

from app.demo.draft import Draft
from app.demo.form import Form
from app.demo.goods import forms_home, forms_soft, forms_table
from app.demo.goods.crafts import ENDINGS, LINES, MAKING
from app.drawing.chance import chance

FORMS: tuple[Form, ...] = (*forms_table.FORMS, *forms_home.FORMS, *forms_soft.FORMS)
WALLS = ("sage", "clay", "dusk", "linen", "ochre", "pine")
HANDLES = {"D": "D shape", "C": "Round", "ring": "Ring", "none": "None"}
SHORT = 4  # variants a product of a big run has at most


def drafts(start: int, count: int, rich: bool) -> Iterator[Draft]:
    """Products `start` .. `start + count - 1` of an endless catalogue. `rich` ones have all their options, others few variants."""
    for index in range(start, start + count):
        yield draft(index, rich)


def draft(index: int, rich: bool) -> Draft:
    """One product of the endless catalogue, always the same for its number."""
    round_, place = divmod(index, len(FORMS))
    form = FORMS[place]
    edition, step = divmod(round_, len(LINES))
    line = LINES[(step + place * 7) % len(LINES)]
    shape = chance(f"{line} {form.noun}")
    own = chance(index)
    drawn = _drawn(form, line, shape)
    name, mark = f"{line} {form.noun}", f"-{edition + 1}" if edition else ""
    return Draft(
        slug=name.lower().replace(" ", "-") + mark,
        title=name + (f" No. {edition + 1}" if edition else ""),
        subtitle=own.choice(form.subtitles),
        description=_copy(form, own),
        sku=_sku(line, form) + mark,
        price=_price(form, own),
        maker=shape.choice(form.makers),
        options=_options(form, shape, own, rich),
        drawn=drawn,
        attributes=_attributes(form, drawn),
        euro=rich,
        views=("angle", "detail", "scene") if rich else ("angle", "scene"),
        **{each: getattr(form, each) for each in ("kind", "category", "family", "extra", "keywords")},
        **_fortune(form, own),
    )


def _fortune(form: Form, own: Random) -> dict[str, Any]:
    """What befell it: one in eleven is reduced, one in seventeen nearly or quite gone, one in ten new."""
    gone, new = own.random() < 0.06, own.random() < 0.1
    return {
        "was": own.choice((15, 20, 25, 30)) if own.random() < 0.09 else 0,
        "on_hand": own.choice((0, 2, 3)) if gone else max(1, round(form.on_hand * own.uniform(0.4, 1.6))),
        "age": own.randrange(2, 28) if new else own.randrange(31, 560),
        "reviews": min(60, int(own.expovariate(1 / 3.4))),
    }


def _sku(line: str, form: Form) -> str:
    """Short and never the same twice: line, first letters of the noun, its place among the forms."""
    mark = "".join(word[0] for word in form.noun.split()).upper()
    return f"{line[:4].upper()}{LINES.index(line):02d}{mark}{FORMS.index(form):02d}"


def _price(form: Form, own: Random) -> int:
    """Pence in steps of fifty, of one hundred above £20."""
    low, high = form.price
    step = 50 if high < 2000 else 100 if high < 20000 else 500
    return own.randrange(low, high + 1, step)


def _options(form: Form, shape: Random, own: Random, rich: bool) -> dict[str, tuple[str, ...]]:
    """Which values this product comes in, in the order of the form; poor ones have one value for all but the first option."""
    picked: dict[str, tuple[str, ...]] = {}
    for place, (code, (pool, most)) in enumerate(form.options.items()):
        many = most if rich else own.randrange(2, SHORT + 1) if place == 0 else 1
        chosen = shape.sample(pool, min(many, len(pool))) if place < 2 else pool[:many]
        # What decides the looks comes in any order, so that a list is not all one colour; sizes keep theirs.
        picked[code] = tuple(chosen) if place == 0 else tuple(value for value in pool if value in chosen)
    return picked


def _drawn(form: Form, line: str, shape: Random) -> dict[str, Any]:
    """The line's own proportions: all editions of a line share them, and so their pictures."""
    drawn: dict[str, Any] = {"name": f"{line} {form.noun}", "wall": shape.choice(WALLS)}
    for name, values in form.drawn.items():
        if (value := shape.choice(values)) not in (0, "", None):
            drawn[name] = value
    return drawn


def _attributes(form: Form, drawn: dict[str, Any]) -> dict[str, Any]:
    handle = {"handle": HANDLES[drawn["handle"]]} if "handle" in drawn else {}
    return {"gift": [], **form.attributes, **handle}


def _copy(form: Form, own: Random) -> str:
    """Three paragraphs: what it is, how it is made, what to know."""
    making = own.sample(MAKING[form.craft], 2)
    return "\n\n".join((own.choice(form.openings), " ".join(making), own.choice(ENDINGS[form.craft])))


def variants(options: dict[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """Every combination of the options, the last one changing fastest."""
    return [dict(zip(options, values, strict=True)) for values in combinations(*options.values())]
