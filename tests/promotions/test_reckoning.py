"""What offers save, alone and together, to the last penny."""

from __future__ import annotations

from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from app.orders import rules as orders
from app.promotions import rules
from app.promotions.rules import reckon
from app.promotions.terms import Cheapest, Delivery, Fixed, Item, Percent
from app.web.templates import money
from tests.promotions.baskets import LAMPS, MUGS, an_item, an_offer


def off(items, *offers) -> list[int]:
    return [saving.amount for saving in reckon(items, offers).savings]


def test_a_percentage_is_rounded_once_and_split_to_the_last_penny() -> None:
    items = [an_item(333), an_item(333), an_item(333)]

    found = reckon(items, [an_offer(Percent(basis_points=1000))])

    assert found.amount == 100  # 99.9
    assert found.parts == [34, 33, 33]


def test_a_fixed_amount_is_never_more_than_the_goods() -> None:
    assert off([an_item(300)], an_offer(Fixed(amount=500))) == [300]


def test_only_the_goods_it_is_for_cost_less_unless_it_is_for_the_whole_order() -> None:
    items = [an_item(1000, 1, MUGS), an_item(1000, 1, LAMPS)]

    some = reckon(items, [an_offer(Percent(basis_points=5000), only=(MUGS,))])
    all_of_it = reckon(items, [an_offer(Percent(basis_points=5000), only=(MUGS,), whole=True)])

    assert some.parts == [500, 0]
    assert all_of_it.parts == [500, 500]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([an_item(600, 2)], [0]),
        ([an_item(600, 3)], [600]),
        ([an_item(600, 7)], [1200]),
        ([an_item(900, 2), an_item(400, 1)], [0, 400]),
        ([an_item(900, 1), an_item(400, 1), an_item(700, 4)], [0, 400, 700]),
        ([an_item(900, 3), an_item(100, 9, LAMPS)], [900, 0]),
    ],
)
def test_of_three_the_cheapest_is_free(items, expected) -> None:
    offer = an_offer(Cheapest(buy=2, get=1), but_not=(LAMPS,))

    assert (reckon(items, [offer]).parts or [0] * len(items)) == expected


def test_those_that_combine_follow_one_another_by_priority() -> None:
    tenth = an_offer(Percent(basis_points=1000), number=1, priority=2)
    five = an_offer(Fixed(amount=500), number=2, priority=1)

    found = reckon([an_item(2000)], [tenth, five])

    assert [(saving.offer, saving.amount) for saving in found.savings] == [(five, 500), (tenth, 150)]


def test_what_does_not_combine_goes_alone_when_it_saves_more_and_not_at_all_when_less() -> None:
    both = [an_offer(Fixed(amount=100), number=1), an_offer(Fixed(amount=150), number=2)]
    more, less = (an_offer(Fixed(amount=amount), number=3, combines=False) for amount in (300, 200))

    assert off([an_item(2000)], *both, more) == [300]
    assert reckon([an_item(2000)], [*both, more]).unused == tuple(both)
    assert off([an_item(2000)], *both, less) == [100, 150]
    assert reckon([an_item(2000)], [*both, less]).unused == (less,)


def test_free_delivery_goes_with_everything() -> None:
    free = an_offer(Delivery(most=500), number=1)
    alone = an_offer(Fixed(amount=300), number=2, combines=False)

    found = reckon([an_item(2000)], [free, alone])

    assert (found.amount, found.delivery) == (300, (free,))
    assert [rules.delivers_free(free, price) for price in (0, 390, 500, 501)] == [False, True, True, False]


AMOUNTS = st.integers(0, 10**12)


ACTIONS = st.one_of(
    st.builds(Percent, basis_points=st.integers(1, 10_000)),
    st.builds(Fixed, amount=st.integers(1, 10**9)),
    st.builds(Cheapest, buy=st.integers(1, 5), get=st.integers(1, 3)),
    st.builds(Delivery),
)


GROUPS = st.sets(st.sampled_from([MUGS, LAMPS, UUID(int=3)])).map(frozenset)


ITEMS = st.lists(
    st.builds(
        Item,
        variant_id=st.uuids(),
        unit_price=st.integers(0, 10**7),
        quantity=st.integers(1, 99),
        groups=GROUPS,
    ),
    min_size=1,
    max_size=12,
)


OFFERS = st.lists(
    st.builds(
        lambda action, number, **more: an_offer(action, number=number, **more),
        ACTIONS,
        st.integers(1, 10**6),
        priority=st.integers(1, 4),
        combines=st.booleans(),
        whole=st.booleans(),
        only=GROUPS.map(tuple),
        but_not=GROUPS.map(tuple),
    ),
    max_size=6,
    unique_by=lambda offer: offer.promotion.id,
)


@given(ITEMS, OFFERS)
def test_sums_reconcile_whatever_is_bought_and_taken_off(items, offers) -> None:
    found = reckon(items, offers)

    parts = found.parts or [0] * len(items)
    lines = [
        orders.priced(item.variant_id, item.unit_price, item.quantity, part, rate=2000)
        for item, part in zip(items, parts, strict=True)
    ]
    assert all(0 <= part <= item.cost for item, part in zip(items, parts, strict=True))
    assert sum(parts) == sum(saving.amount for saving in found.savings) == found.amount
    assert sum(line.total for line in lines) == sum(item.cost for item in items) - found.amount
    assert all(0 <= line.tax <= line.total for line in lines)
    assert all(saving.amount > 0 for saving in found.savings)


@given(ITEMS, OFFERS)
def test_no_other_way_that_is_allowed_saves_more(items, offers) -> None:
    found = reckon(items, offers)

    alone = [reckon(items, [offer]).amount for offer in offers if not offer.promotion.combines]
    together = reckon(items, [offer for offer in offers if offer.promotion.combines]).amount
    assert found.amount == max([together, *alone])


@given(ITEMS, OFFERS, st.randoms())
def test_the_order_in_which_offers_are_found_changes_nothing(items, offers, random) -> None:
    shuffled = random.sample(offers, len(offers))

    assert reckon(items, offers) == reckon(items, shuffled)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_shares_add_up_and_none_is_a_unit_off(amount: int, weights: list[int]) -> None:
    parts = rules.shares(amount, weights)

    whole = sum(weights)
    assert sum(parts) == (amount if whole else 0)
    assert all(
        abs(part * whole - amount * weight) < whole for part, weight in zip(parts, weights, strict=True) if whole
    )


@pytest.mark.parametrize(("currency", "said"), [("JPY", "¥100"), ("GBP", "£1.00"), ("KWD", "KWD0.100")])
def test_a_discount_is_whole_in_currencies_of_any_number_of_decimals(currency: str, said: str) -> None:
    found = reckon([an_item(333)] * 3, [an_offer(Percent(basis_points=1000), currency=currency)])

    assert sum(found.parts) == found.amount == 100
    assert money(found.amount, currency).replace("JP", "") == said
