from __future__ import annotations

import shutil
import signal
import sys
from pathlib import Path

import pytest

from app.ops import plan
from app.ops.home import Home, servant
from app.settings import BadSetting, Settings, read_settings

HOME = Home(Path("/var/tmp/vt-plan"))
GIVEN = Settings(
    shared_dsn="postgresql://db.example/shop", redis_url="redis://queue.example", smtp_url="smtp://mail.example:25"
)


@pytest.fixture(autouse=True, scope="module")
def removed():
    yield
    shutil.rmtree(HOME.root, ignore_errors=True)


def test_what_was_not_given_is_provided_on_this_machine():
    full = plan.complete(Settings(mail_port=9025), HOME)

    assert full.shared_dsn == "postgresql://vitrine@/vitrine?host=/var/tmp/vt-plan/run&port=5432"
    assert [shard.rpartition("#")[2] for shard in full.shards.split()] == ["s00", "s01", "s02", "s03"]
    assert full.redis_url == "unix:///var/tmp/vt-plan/run/redis.sock"
    assert full.smtp_url == "smtp://127.0.0.1:9025"


def test_what_was_given_is_used_and_nothing_is_started_for_it():
    full = plan.complete(GIVEN, HOME)

    assert (full.shared_dsn, full.redis_url, full.smtp_url) == (GIVEN.shared_dsn, GIVEN.redis_url, GIVEN.smtp_url)
    assert full.shards.split()[0] == "postgresql://db.example/shop#s00"
    assert list(plan.programs(GIVEN, full, HOME)) == [
        "edge",
        "access",
        "web.0",
        "web.1",
        "admin",
        "relay.0",
        "relay.1",
        "worker",
    ]


def test_web_instances_stand_behind_the_edge_on_loopback_ports_that_count_up():
    given = Settings(host="0.0.0.0", web_port=9100, web_instances=3)
    found = plan.programs(given, plan.complete(given, HOME), HOME)

    places = [argv[argv.index("--host") + 1] + ":" + argv[argv.index("--port") + 1] for argv in webs(found)]
    assert places == ["127.0.0.1:9100", "127.0.0.1:9101", "127.0.0.1:9102"]


def test_without_an_edge_every_web_instance_takes_the_shops_own_port():
    given = Settings(host="0.0.0.0", port=9080, edge=False)
    found = plan.programs(given, plan.complete(given, HOME), HOME)

    places = [argv[argv.index("--host") + 1] + ":" + argv[argv.index("--port") + 1] for argv in webs(found)]
    assert places == ["0.0.0.0:9080", "0.0.0.0:9080"]
    assert {"edge", "access"}.isdisjoint(found)


def webs(found) -> list[tuple[str, ...]]:
    return [program.argv for name, program in found.items() if name.startswith("web.")]


def test_settings_travel_in_the_environment_unchanged():
    full = plan.complete(Settings(port=9080, edge=False, hold_seconds=1.5, shop_name="Ada & Söhne"), HOME)

    assert read_settings(plan.environment(full)) == full


def test_servers_run_as_somebody_else_and_are_told_no_secret(monkeypatch):
    monkeypatch.setenv("STAFF_PASSWORD", "secret")
    found = plan.programs(Settings(), plan.complete(Settings(), HOME), HOME)

    for name in ("postgres", "redis", "edge", "access"):
        assert found[name].user == servant()
        assert set(found[name].env) == {"PATH", "LC_ALL", "TZ"}
    assert found["web.0"].user is None
    assert found["web.0"].env["PATH"].startswith(f"{sys.prefix}/bin")


def test_postgres_is_stopped_fast_since_its_slow_way_waits_for_every_client():
    found = plan.programs(Settings(), plan.complete(Settings(), HOME), HOME)

    assert found["postgres"].stop_with == signal.SIGINT
    assert {program.stop_with for name, program in found.items() if name != "postgres"} == {signal.SIGTERM}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Settings(shards="postgresql://x/y#s00"), "needs VITRINE_SHARED_DSN"),
        (Settings(shared_dsn="host=x dbname=y"), "must be written as postgresql://"),
        (Settings(dev=False), "VITRINE_SECRET must be set"),
        (Settings(cdn="fastly", cdn_api="https://api.cdn.example"), "needs VITRINE_CDN_ZONE and VITRINE_CDN_TOKEN"),
    ],
)
def test_settings_that_cannot_go_together_are_a_sentence(given, sentence):
    with pytest.raises(BadSetting, match=sentence):
        plan.complete(given, HOME)


@pytest.mark.parametrize(
    "node", ["http://edge1.example:99999", "http://[::1", "edge1:8090", "http://edge1.example:8090/x"]
)
def test_edge_nodes_that_cannot_be_asked_are_a_sentence(node):
    with pytest.raises(BadSetting, match="VITRINE_EDGE_NODES must look like"):
        read_settings({"VITRINE_EDGE_NODES": f"http://edge2.example:8090 {node}"})


def test_an_edge_node_named_twice_is_one():
    twice = read_settings(
        {"VITRINE_EDGE_NODES": "http://edge1.example:8090 http://[::1]:8090 http://edge1.example:8090/"}
    )

    assert twice.purge_urls == ("http://edge1.example:8090", "http://[::1]:8090")
