from __future__ import annotations

import pytest

from app.orders import tracking
from app.orders.tracking import tracking_url
from app.settings import BadSetting, Settings, read_settings


@pytest.fixture(autouse=True)
def carriers(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Royal Post=https://post.example/find?n={}; Cart & Co=https://cart.example/{}/now"
    monkeypatch.setattr(tracking, "settings", lambda: Settings(tracking=said))


@pytest.mark.parametrize(
    ("carrier", "number", "url"),
    [
        ("royal  post ", "AB 1&2", "https://post.example/find?n=AB%201%262"),
        ("Cart & Co", "7/8", "https://cart.example/7%2F8/now"),
        ("Somebody", "7", None),
        ("Royal Post", "", None),
    ],
)
def test_a_parcel_of_a_known_carrier_has_a_page(carrier: str, number: str, url: str | None) -> None:
    assert tracking_url(carrier, number) == url


@pytest.mark.parametrize("said", ["Post", "Post=https://post.example/", "Post=javascript:{}", "=https://x.example/{}"])
def test_an_address_without_a_place_for_the_number_is_refused(said: str) -> None:
    with pytest.raises(BadSetting):
        read_settings({"VITRINE_TRACKING": said})
