from __future__ import annotations

import re
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checkout import rules
from app.checkout.rules import Ticket, Told

LAMP, MUG = UUID(int=1), UUID(int=2)
TICKET = Ticket(
    checkout_id=UUID(int=7),
    cart_id=UUID(int=8),
    cart_version=3,
    quote_hash="a" * 64,
    expires=1_800_000_000,
    lines=(Told(LAMP, "Lamp", 1, 14000), Told(MUG, "Mug", 2, 1400)),
    shipping_title="Standard",
    shipping=390,
    total=17190,
)


def money(amount: int) -> str:
    return f"£{amount / 100:.2f}"


@pytest.mark.parametrize(
    ("typed", "country", "tidy"),
    [
        ("yo17aa", "GB", "YO1 7AA"),
        (" ec1a  1bb ", "GB", "EC1A 1BB"),
        ("w1a-0ax", "GB", "W1A 0AX"),
        ("12345", "GB", None),
        ("YO1", "GB", None),
        ("d02af30", "IE", "D02 AF30"),
        ("75001", "FR", "75001"),
        ("1012ab", "NL", "1012 AB"),
        ("0999", "BE", None),
        ("YO1 7AA", "DE", None),
        ("YO1 7AA", "XX", None),
        ("", "GB", None),
    ],
)
def test_a_postcode_is_tidied_or_refused(typed: str, country: str, tidy: str | None) -> None:
    assert rules.tidy_postcode(typed, country) == tidy


@pytest.mark.parametrize("address", ["ada@example.org", "a.b+c@mail.example.co.uk", "x_y@1-2.example"])
def test_an_address_that_can_get_mail_is_taken(address: str) -> None:
    assert re.search(rules.EMAIL, address)


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ada@exa mple.org", "a@b.example, c@d.example", "ada@-x.org", "ada@example.org\nBcc: x@y.z", "<a@b.example>"],
)  # fmt: skip
def test_an_address_that_could_mean_something_else_is_refused(address: str) -> None:
    assert not re.fullmatch(rules.EMAIL.strip("^$"), address)


def test_a_ticket_comes_back_as_it_went() -> None:
    assert rules.read_ticket(rules.write_ticket(TICKET, "secret"), "secret") == TICKET


@given(st.data())
def test_a_ticket_with_any_character_changed_is_not_ours(data: st.DataObject) -> None:
    text = rules.write_ticket(TICKET, "secret")
    at = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from("AZaz09-_.=\x00é").filter(lambda c: c != text[at]))

    assert rules.read_ticket(text[:at] + char + text[at + 1 :], "secret") is None


@pytest.mark.parametrize("text", ["", ".", "a.b", "é.é", "." * 100])
def test_what_is_no_ticket_is_none(text: str) -> None:
    assert rules.read_ticket(text, "secret") is None


def test_a_ticket_of_another_shop_is_not_ours() -> None:
    assert rules.read_ticket(rules.write_ticket(TICKET, "other"), "secret") is None


def test_nothing_changed_is_nothing_told() -> None:
    assert rules.changes(TICKET, msgspec.structs.replace(TICKET, checkout_id=UUID(int=9)), money) == []


def test_every_change_is_told_old_and_new() -> None:
    lines = (Told(LAMP, "Lamp", 2, 15000), Told(UUID(int=3), "Bowl", 1, 900))
    before = msgspec.structs.replace(TICKET, off=(("Ten off", 1000), ("Autumn", 300), ("Stays", 5)))
    now = msgspec.structs.replace(TICKET, lines=lines, shipping=0, total=30900, off=(("Stays", 5), ("Autumn", 200)))

    told = rules.changes(before, now, money)

    assert told == [
        "Mug: no longer in your cart.",
        "Bowl: new in your cart.",
        "Lamp: £140.00 → £150.00 each.",
        "Lamp: 1 → 2 units.",
        "Ten off: £10.00 off → £0.00 off.",
        "Autumn: £3.00 off → £2.00 off.",
        "Delivery: Standard, £3.90 → Standard, £0.00.",
        "Total: £171.90 → £309.00.",
    ]


def test_a_ticket_of_a_full_cart_fits_a_form() -> None:
    lines = tuple(Told(UUID(int=at), "T" * 160, 99, 10**9) for at in range(60))

    assert len(rules.write_ticket(msgspec.structs.replace(TICKET, lines=lines), "secret")) < 32_000


@pytest.mark.parametrize(
    ("country", "typed"),
    [("GB", "SW1Y 4JH"), ("GB", "yo17aa"), ("IE", "d02 x285"), ("FR", "75011"), ("NL", "1012-ab"), ("BE", "1000")],
)
def test_what_a_browser_takes_for_a_postcode_the_shop_does_too(country: str, typed: str) -> None:
    assert re.fullmatch(rules.BY_CODE[country].postcode, typed)
    assert rules.tidy_postcode(typed, country)
