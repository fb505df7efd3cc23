from __future__ import annotations

import os
import socket

import pytest

from app.ops.ports import PortTaken, check, wanted
from app.settings import Settings
from tests.ops.stand_in import free_ports


def test_a_shop_with_an_edge_wants_every_port_once():
    names = [(setting, port) for setting, _, port in wanted(Settings(web_instances=2))]

    assert names == [
        ("VITRINE_PORT", 8080),
        ("VITRINE_ADMIN_PORT", 8200),
        ("VITRINE_PURGE_PORT", 8090),
        ("VITRINE_WEB_PORT", 8100),
        ("VITRINE_WEB_PORT", 8101),
        ("VITRINE_MAIL_PORT", 8025),
    ]


def test_without_an_edge_and_with_a_mail_server_only_two_ports_are_wanted():
    found = wanted(Settings(edge=False, smtp_url="smtp://mail.example:25"))

    assert [setting for setting, _, _ in found] == ["VITRINE_PORT", "VITRINE_ADMIN_PORT"]


def test_purges_are_taken_on_loopback_only_whatever_the_host():
    found = wanted(Settings(host="0.0.0.0"))

    assert {host for setting, host, _ in found if setting == "VITRINE_PURGE_PORT"} == {"127.0.0.1"}


def test_free_ports_pass():
    check([("VITRINE_PORT", "127.0.0.1", free_ports(1)[0])])


def test_a_taken_port_names_port_and_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken) as refused:
        check([("VITRINE_WEB_PORT", "127.0.0.1", taken.getsockname()[1])])

    assert refused.value.say.startswith(f"Port {taken_port(refused)} is taken by another program: set VITRINE_WEB_PORT")
    assert refused.value.status == 2


def taken_port(refused) -> str:
    return refused.value.say.split()[1]


def test_two_settings_with_one_port_are_refused_by_name():
    port = free_ports(1)[0]

    with pytest.raises(PortTaken, match=f"VITRINE_PORT and VITRINE_ADMIN_PORT both ask for port {port}"):
        check([("VITRINE_PORT", "127.0.0.1", port), ("VITRINE_ADMIN_PORT", "127.0.0.1", port)])


def test_an_address_of_another_machine_is_one_sentence():
    with pytest.raises(PortTaken, match="can't be listened on"):
        check([("VITRINE_PORT", "192.0.2.1", free_ports(1)[0])])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may have every port")
def test_a_privileged_port_is_one_sentence():
    with pytest.raises(PortTaken, match="reserved for root"):
        check([("VITRINE_PORT", "127.0.0.1", 81)])
