from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app.ops.home import CLONE, Home


def vitrine(*words: str, home: Home, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this clone, without any shop of the machine."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=CLONE, env=clean | {"VITRINE_HOME": str(home.root)} | env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (["up"], {"VITRINE_COLOUR": "red"}, "VITRINE_COLOUR is not a setting of this shop"),
        (["up"], {"VITRINE_PORT": "eighty"}, "VITRINE_PORT='eighty' is not usable"),
        (["up", "--port", "70000"], {}, "VITRINE_PORT='70000' is not usable"),
        (["up", "--seed", "lots"], {}, "say demo, none or a number"),
        (["up", "--home", "/proc/x"], {}, "set VITRINE_HOME to another folder"),
        (["up"], {"VITRINE_DEV": "false"}, "VITRINE_SECRET must be set outside development"),
        (["up"], {"VITRINE_SHARDS": "postgresql://x/y#s00"}, "VITRINE_SHARDS needs VITRINE_SHARED_DSN"),
        (["seed", "-1"], {}, "No such option"),
        (["seed"], {}, "The shop is not running here"),
        (["migrate"], {}, "The shop is not running here"),
        (["staff", "add", "nobody"], {}, "is not an e-mail address"),
        (["mail", "show", "1"], {}, "No kept mail has the id 1"),
        (["bench", "nothing"], {}, "There is no benchmark 'nothing'"),
        (["edge", "trace", "w1", "--last", "-1"], {}, "is not in the range"),
        (["edge", "trace", "w1", "--last", "9" * 20], {}, "is not in the range"),
        (["edge", "explain", "/\udcff"], {}, "is not an address of this shop"),
        (["edge", "warm", "--rate", "nan"], {}, "is not a number"),
        (["dance"], {}, "No such command"),
    ],
)
def test_bad_input_is_a_sentence_with_status_two(home, words, env, sentence):
    done = vitrine(*words, home=home, **env)

    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_server_that_is_away_is_a_sentence(home):
    dsn = f"postgresql://vitrine@/vitrine?host={home.run}&port=5432"

    done = vitrine("migrate", home=home, VITRINE_SHARED_DSN=dsn, VITRINE_SHARDS=f"{dsn}#s00")

    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_names_every_command_and_takes_less_than_three_seconds(home):
    began = time.monotonic()
    done = vitrine("--help", home=home)

    assert time.monotonic() - began < 3
    for command in (
        "up",
        "down",
        "status",
        "test",
        "check",
        "bench",
        "migrate",
        "seed",
        "staff",
        "routes",
        "edge",
        "mail",
        "purge",
        "events",
        "orders",
    ):
        assert f" {command} " in done.stdout


def test_every_help_has_an_example(home):
    for words in (["up"], ["edge", "render"], ["mail", "show"], ["staff", "add"]):
        assert "./vitrine " + words[0] in vitrine(*words, "--help", home=home).stdout


def test_routes_are_listed_for_programs(home):
    done = vitrine("routes", "--json", home=home)

    assert '"path": "/p/{slug:str}"' in done.stdout


def test_the_edges_rules_compile_and_are_printed(home):
    assert vitrine("edge", "check", home=home).stdout == "The VCL compiles.\n"
    assert vitrine("edge", "render", home=home).stdout.startswith(("vcl 4", "#", "/*"))


def test_status_without_a_shop_is_one_line_and_status_one(home):
    done = vitrine("status", home=home)

    assert done.returncode == 1
    assert done.stdout.startswith("Not running.")
