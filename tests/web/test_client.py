from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import RequestFactory

from app.settings import Settings
from app.web import client


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::8", "2001:db8:0:1::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("testclient", ""),
    ],
)
def test_a_client_is_its_address_or_its_network_and_never_this_machine(address: str, name: str) -> None:
    assert client.client_name(address) == name


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"edge": True}, "192.0.2.1"),
        ({"edge": False}, "198.51.100.9"),
        ({"edge": True, "cdn": "fastly"}, ""),
        ({"edge": True, "cdn": "fastly", "client_header": "Fastly-Client-IP"}, "192.0.2.1"),
    ],
)
def test_a_client_is_whom_the_edge_names_last(
    about: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Settings(cdn_zone="z", cdn_token="t", **about)
    monkeypatch.setattr(client, "settings", lambda: ours)
    request = RequestFactory().get(headers={"X-Forwarded-For": "198.51.100.7, 192.0.2.1"})
    request.scope["client"] = ("198.51.100.9", 1)

    assert client.client_of(request) == name
