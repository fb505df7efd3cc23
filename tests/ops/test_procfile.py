from __future__ import annotations

import pytest

from app.ops import procfile
from app.ops.home import CLONE


def test_commands_keep_their_order_and_comments_are_skipped():
    found = procfile.parse("# first\nweb: serve --port $PORT\n\nworker:   work hard\n")

    assert list(found.items()) == [("web", "serve --port $PORT"), ("worker", "work hard")]


@pytest.mark.parametrize("line", ["web serve", "web:", ": serve", "Web! : x"])
def test_a_line_that_is_no_command_is_refused_with_its_number(line):
    with pytest.raises(procfile.BadProcfile, match="line 2"):
        procfile.parse(f"ok: true\n{line}\n")


def test_a_name_twice_is_refused():
    with pytest.raises(procfile.BadProcfile, match="second time"):
        procfile.parse("a: b\na: c\n")


def test_a_value_with_spaces_stays_one_word_and_quotes_hold():
    found = procfile.words("run -d $FOLDER 'two words' ${A}b", {"FOLDER": "/a b", "A": "x"})

    assert found == ("run", "-d", "/a b", "two words", "xb")


def test_a_missing_variable_is_named():
    with pytest.raises(procfile.BadProcfile, match=r"\$PORT"):
        procfile.words("serve $PORT", {})


def test_the_shops_own_procfile_names_every_process():
    found = procfile.read(CLONE / "Procfile")

    assert list(found) == ["postgres", "redis", "mail", "edge", "access", "web", "admin", "relay", "worker"]
