"""One per customer: the right to one of a product is a use of a limit that its order holds, pins and claims like its goods."""

from __future__ import annotations

from collections.abc import Iterable

from app.catalog.queries import Sellable
from app.db.outbox import emit
from app.orders.events import PutBack
from app.orders.state import State
from app.promotions.queries import Use

TITLE = 80  # characters of a product's title that `order_use` keeps


def rights(offers: Iterable[Sellable], email: str) -> tuple[Use, ...]:
    """To one of each product that is one per customer, for whoever has this address, however it is written."""
    titles = {offer.product_id: offer.title[:TITLE] for offer in offers if offer.one_each}
    return tuple(
        Use(name=f"drop:{id.hex}", customer=email, most=1, title=title, one_each=True) for id, title in titles.items()
    )


async def give_back(state: State) -> None:
    """Whoever had a placed order cancelled may buy it after all, in the caller's transaction. A use of a promotion stays used."""
    for use in state.uses:
        if use.one_each:
            await emit(PutBack(order_id=state.id, variant_id=use.limit_id, quantity=1))
