from __future__ import annotations

import os

import pytest

from app.ops import apt, up, varnish
from app.settings import Settings


@pytest.fixture
def said():
    return []


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
    """An apt-get that notes its words and whether services may start while it works; status from `outcome`."""
    policy, notes, outcome = tmp_path / "policy-rc.d", tmp_path / "notes", tmp_path / "outcome"
    outcome.write_text("exit 0")
    program = tmp_path / "apt-get"
    program.write_text(
        f'#!/bin/sh\nprintf "%s " "$@" >>{notes}\nif {policy} 2>/dev/null; then echo on; else echo off; fi >>{notes}\n. {outcome}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(apt, "POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def test_packages_are_installed_with_their_services_off_and_the_policy_goes_again(fake_apt, said):
    assert apt.install(("varnish", "varnish-modules"), said.append)

    [line] = (fake_apt / "notes").read_text().splitlines()
    assert line.endswith("install -y --no-install-recommends varnish varnish-modules off")
    assert not (fake_apt / "policy-rc.d").exists()
    assert said == [
        "Installing varnish varnish-modules (apt-get install --no-install-recommends varnish varnish-modules)"
    ]


def test_the_lists_are_fetched_once_when_a_package_is_not_found(fake_apt, said):
    (fake_apt / "outcome").write_text("exit 100")

    assert not apt.install(("varnish",), said.append)

    verbs = [line.split()[3] for line in (fake_apt / "notes").read_text().splitlines()]
    assert verbs == ["install", "update"]


def test_a_policy_of_the_system_is_left_alone(fake_apt, said):
    (fake_apt / "policy-rc.d").write_text("#!/bin/sh\nexit 101\n")

    apt.install(("varnish",), said.append)

    assert (fake_apt / "policy-rc.d").read_text() == "#!/bin/sh\nexit 101\n"


def test_who_is_not_root_installs_nothing(fake_apt, said, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert not apt.install(("varnish",), said.append)
    assert (said, (fake_apt / "notes").exists()) == ([], False)


def test_without_varnish_and_a_way_to_get_it_the_shop_runs_without_an_edge_and_says_how(monkeypatch, said):
    monkeypatch.setattr(varnish, "found", lambda: None)
    monkeypatch.setattr(apt, "possible", lambda: False)

    settled = up.with_edge(Settings(edge=True), said.append)

    assert not settled.edge
    assert said == [
        "There is no Varnish here, so the shop runs without an edge."
        " To have one: apt-get install --no-install-recommends varnish varnish-modules (as root)"
    ]


def test_a_port_below_1024_gets_the_one_right_it_needs_and_only_when_root_starts_it():
    argv = ("varnishd", "-F")

    assert varnish.privileged(argv, 8080, (65534, 65534)) == argv
    assert varnish.privileged(argv, 80, None) == argv
    assert varnish.privileged(argv, 80, (65534, 65534))[:3] == ("setpriv", "--reuid=65534", "--regid=65534")
