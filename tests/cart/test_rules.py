from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest
from msgspec import structs

from app.cart import rules


def an_offer(*, price: int = 1400, band: str = "in", policy: str = "stock", available: bool = True):
    return SimpleNamespace(
        band=band,
        policy=policy,
        available=available,
        currency="GBP",
        foreign=False,
        text_refused=None,
        price_for=lambda quantity: price,
    )


def an_item(*, seen_price: int = 1400, quantity: int = 1) -> rules.Item:
    return rules.Item(line_id=UUID(int=1), variant_id=UUID(int=2), quantity=quantity, seen_price=seen_price)


def money(minor: int, currency: str) -> str:
    return f"{currency} {minor}"


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        (an_offer(), None),
        (an_offer(band="few"), None),
        (an_offer(band="out"), rules.SOLD_OUT),
        (an_offer(band="later"), None),
        (an_offer(band="out", policy="made_to_order"), None),
        (an_offer(band="out", policy="preorder"), None),
        (an_offer(available=False), rules.GONE),
        (an_offer(available=False, band="out"), rules.GONE),
        (None, rules.GONE),
    ],
)
def test_what_can_be_bought_depends_on_sale_and_stock(offer, why):
    assert rules.why_not(offer) == why


@pytest.mark.parametrize("seen", [1300, 1500])
def test_a_line_tells_its_old_and_its_new_price(seen):
    assert rules.notice(an_item(seen_price=seen), an_offer(), money) == (
        f"One was GBP {seen} when you put it in, now it is GBP 1400."
    )


def test_a_line_at_the_price_that_was_seen_tells_nothing():
    assert rules.notice(an_item(), an_offer(), money) is None


def test_what_cannot_be_bought_matters_more_than_its_price():
    assert rules.notice(an_item(seen_price=1), an_offer(band="out"), money) == rules.SOLD_OUT
    assert rules.notice(an_item(), None, money) == rules.GONE


@pytest.mark.parametrize(("blocked", "repriced", "many"), [(0, 0, 0), (1, 0, 1), (0, 2, 1), (3, 1, 2)])
def test_the_head_of_the_cart_sums_up_its_lines(blocked, repriced, many):
    told = rules.summary(blocked, repriced)

    assert len(told) == many
    assert all(line.endswith(".") for line in told)


@pytest.mark.parametrize("text", ["", "x", "0", "<script>", "\x00", "1" * 33])
def test_an_address_that_names_nothing_removed_is_read_as_none(text):
    assert rules.read_id(text) is None


def test_an_address_names_what_was_removed():
    assert rules.read_id(str(UUID(int=2))) == UUID(int=2)


@pytest.mark.parametrize(
    ("subtotal", "sums", "left"),
    [(1000, [None, 6000, 9000], 5000), (6000, [6000], 0), (7000, [None, 6000], 0), (1000, [None], None), (1, [], None)],
)
def test_free_delivery_is_as_far_away_as_the_nearest_sum_it_starts_from(subtotal, sums, left):
    assert rules.free_shipping_left(subtotal, sums) == left


@pytest.mark.parametrize(
    ("wanted", "free", "left"),
    [([2, 3], 4, {1: 2}), ([6, 1], 4, {0: 4, 1: 0}), ([2, 2], 4, {}), ([5], 0, {0: 0})],
)
def test_lines_of_one_variant_are_served_in_their_order(wanted, free, left):
    items = [structs.replace(an_item(quantity=many), line_id=UUID(int=at)) for at, many in enumerate(wanted)]

    shared = rules.shared_out(items, {items[0].variant_id: free})

    assert shared == {UUID(int=at): many for at, many in left.items()}


def test_a_line_of_too_many_says_how_many_there_are():
    assert rules.too_few(9, 50) == "Only 9 are left, you asked for 50."
    assert rules.too_few(1, 2) == "Only 1 is left, you asked for 2."
    assert rules.too_few(0, 1) == "None is left."
