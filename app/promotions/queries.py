from __future__ import annotations

from app.promotions.listing import STANDINGS, CodeRow, Row, codes_of, counts, listed, one
from app.promotions.reckoning import reckoned
from app.promotions.terms import Action, Cheapest, Delivery, Fixed, Percent, Promotion, Terms
from app.promotions.trial import Tried, tried
from app.promotions.views import NOTHING, Ask, CodeSaid, Discount, Reckoned, Use, Wanted
from app.promotions.words import TOO_OFTEN, UNKNOWN

__all__ = [
    "NOTHING", "STANDINGS", "TOO_OFTEN", "UNKNOWN", "Action", "Ask", "Cheapest", "CodeRow", "CodeSaid", "Delivery",
    "Discount", "Fixed", "Percent", "Promotion", "Reckoned", "Row", "Terms", "Tried", "Use", "Wanted", "codes_of", "counts",
    "listed", "one", "reckoned", "tried",
]  # fmt: skip
