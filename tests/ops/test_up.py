from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time

import pytest

from app.ops.varnish import found as varnishd
from tests.ops.stand_in import StandIn, wait

needs_varnish = pytest.mark.skipif(varnishd() is None, reason="there is no varnishd")


@pytest.mark.slow
def test_a_shop_without_an_edge_serves_says_where_and_stops_completely(shop):
    done = shop.command("up", "--detach", "--no-edge", "--seed", "none")
    marks = shop.marks()
    answered = shop.answers()
    down = shop.command("down")

    assert done.returncode == 0, done.stderr
    assert f"http://localhost:{shop.port}  (without an edge)" in done.stdout
    assert "PostgreSQL embedded" in done.stdout
    assert answered
    assert (down.returncode, down.stdout.strip()) == (0, f"Stopped the shop at http://localhost:{shop.port}.")
    assert not any(mark.alive for mark in marks.values())
    assert not (shop.home / "state.json").exists()


@pytest.mark.slow
@needs_varnish
def test_a_shop_with_an_edge_serves_through_varnish(shop):
    shop.up()

    names = set(shop.state()["children"])

    assert shop.answers()
    assert names == {
        "postgres",
        "redis",
        "mail",
        "web.0",
        "web.1",
        "admin",
        "worker",
        "relay.0",
        "relay.1",
        "edge",
        "access",
    }


@pytest.mark.slow
@needs_varnish
def test_whatever_is_killed_comes_back_and_the_shop_answers_on(shop):
    shop.up()
    before = shop.marks()
    boss = before.pop("supervisor")

    for mark in before.values():
        os.kill(mark.pid, signal.SIGKILL)
    wait(lambda: len(shop.marks()) == len(before) + 1 and all(mark.alive for mark in shop.marks().values()))
    wait(shop.answers)

    assert boss.alive
    assert not any(mark.alive for mark in before.values())


@pytest.mark.slow
@needs_varnish
def test_one_of_two_web_processes_killed_is_not_noticed_for_long(shop):
    shop.up()
    victim = shop.marks()["web.0"]

    os.kill(victim.pid, signal.SIGKILL)

    wait(shop.answers, seconds=2)


@pytest.mark.slow
@needs_varnish
def test_a_killed_supervisor_takes_everything_along_and_the_next_start_works(shop):
    shop.up()
    marks = shop.marks()

    os.kill(marks["supervisor"].pid, signal.SIGKILL)
    wait(lambda: not any(mark.alive for mark in marks.values()))
    shop.up()

    assert shop.answers()


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_behind(shop):
    process = subprocess.Popen(
        shop.argv("up", "--no-edge", "--seed", "none"), **shop.how({}), stdout=subprocess.PIPE, text=True
    )
    wait(lambda: (shop.home / "state.json").exists() and shop.state()["serving"])
    marks = shop.marks()

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "Stopping" in said
    assert not any(mark.alive for mark in marks.values())


@pytest.mark.slow
def test_a_stop_in_the_middle_of_starting_leaves_nothing_behind(shop):
    process = subprocess.Popen(
        shop.argv("up", "--no-edge", "--seed", "none"), **shop.how({}), stdout=subprocess.DEVNULL
    )
    wait(lambda: (shop.home / "state.json").exists() and "postgres" in shop.state()["children"])
    marks = shop.marks()

    process.terminate()
    process.wait(timeout=30)

    assert not any(mark.alive for mark in marks.values())


@pytest.mark.slow
def test_up_twice_says_that_it_runs_already_and_where(shop):
    shop.up("--no-edge")

    again = shop.command("up", "--no-edge")

    assert again.returncode == 2
    assert f"running already at http://localhost:{shop.port}" in again.stderr
    assert again.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_second_start_takes_less_than_ten_seconds(shop):
    shop.up("--no-edge")
    shop.command("down")

    began = time.monotonic()
    shop.up("--no-edge")

    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_two_clones_run_side_by_side_and_one_stops_alone(shop, tmp_path):
    other = StandIn(tmp_path / "other")
    try:
        shop.up("--no-edge")
        other.up("--no-edge")
        both = shop.answers(), other.answers()
        shop.command("down")

        assert both == (True, True)
        assert (shop.answers(), other.answers()) == (False, True)
    finally:
        other.remove()


@pytest.mark.parametrize("setting", ["VITRINE_PORT", "VITRINE_ADMIN_PORT", "VITRINE_MAIL_PORT"])
def test_a_taken_port_is_one_sentence_naming_the_setting(shop, setting):
    with socket.create_server(("127.0.0.1", int(shop.env[setting]))):
        done = shop.command("up", "--no-edge")

    assert done.returncode == 2
    assert (
        done.stderr == f"vitrine: Port {shop.env[setting]} is taken by another program: set {setting} to a free one.\n"
    )
    assert not (shop.home / "data" / "PG_VERSION").exists()


def test_down_without_a_shop_says_so_and_is_no_failure(shop):
    done = shop.command("down")

    assert (done.returncode, done.stdout) == (0, "Nothing runs here.\n")


@pytest.mark.slow
def test_down_kills_nobody_else_when_a_pid_was_used_again(shop):
    shop.up("--no-edge")
    state = (shop.home / "state.json").read_text()
    shop.command("down")
    bystander = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        # The state of a dead shop, all of whose pids are somebody else's by now.
        (shop.home / "state.json").write_text(re.sub(r'"pid": \d+', f'"pid": {bystander.pid}', state))

        shop.command("down")

        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.slow
def test_status_tells_programs_what_runs(shop):
    before = shop.command("status", "--json")
    shop.up("--no-edge")
    after = shop.command("status", "--json")

    assert before.returncode == 1
    assert json.loads(before.stdout)["running"] is False
    told = json.loads(after.stdout)
    assert (told["serving"], told["url"]) == (True, f"http://localhost:{shop.port}")
    assert {"process": "web.0", "pid": shop.marks()["web.0"].pid} in told["processes"]


@pytest.mark.slow
def test_a_failing_start_in_the_background_says_why_and_leaves_nothing(shop):
    (shop.folder / "app/db/migrate.py").write_text(
        "async def migrate(settings):\n    raise SystemExit('schema s00 is newer')\n"
    )

    done = shop.command("up", "--detach", "--no-edge")

    assert done.returncode == 1
    assert "schema s00 is newer" in (shop.home / "log" / "up.log").read_text()
    assert "could not be prepared" in done.stderr
    assert not (shop.home / "state.json").exists()


@pytest.mark.slow
def test_a_web_process_that_cannot_start_is_said_soon_with_its_reason(shop):
    (shop.folder / "app/main.py").write_text("raise SystemExit('no such module: shelves')\n")

    done = shop.command("up", "--detach", "--no-edge", "--seed", "none")

    assert done.returncode == 1
    assert "keeps ending (no such module: shelves)" in done.stderr
