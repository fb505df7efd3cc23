from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.ops import qa
from app.ops.qa import Asked, CantWalk
from tests.ops.test_cli import vitrine
from tests.stack import free_ports


@pytest.fixture
def strange_site():
    """A web server that is no shop of ours."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def some_browser(monkeypatch):
    monkeypatch.setenv("VITRINE_TEST_CHROMIUM", "/bin/true")


def test_an_address_that_does_not_answer_is_a_sentence_with_status_two(home):
    [port] = free_ports(1)

    done = vitrine("qa", "--base-url", f"http://127.0.0.1:{port}", home=home)

    assert done.returncode == 2
    assert "does not answer" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("address", ["shop.example", "ftp://shop.example", "http://"])
def test_what_is_no_address_is_refused(some_browser, address):
    with pytest.raises(CantWalk, match="is not an address"):
        qa.walk(Asked(base_url=address), as_json=False)


def test_another_site_is_not_taken_for_a_shop(some_browser, strange_site):
    with pytest.raises(CantWalk, match="no shop of ours"):
        qa.walk(Asked(base_url=strange_site), as_json=False)


def test_without_chromium_it_says_how_to_have_one(monkeypatch):
    monkeypatch.setattr(qa, "BROWSERS", ())
    monkeypatch.delenv("VITRINE_TEST_CHROMIUM", raising=False)

    with pytest.raises(CantWalk, match="apt-get install chromium"):
        qa.walk(Asked(), as_json=False)


def test_a_browser_to_be_seen_needs_a_screen(monkeypatch, some_browser):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    with pytest.raises(CantWalk, match="needs a screen"):
        qa.walk(Asked(headed=True), as_json=False)


def test_journeys_are_chosen_by_mark_and_word():
    kept = Path("/kept")

    walked = qa.words(Asked(word="cart", trace=True), "http://shop.example", kept)
    compared = qa.words(Asked(snapshots=True), "http://shop.example", kept)

    assert walked[walked.index("-m") + 1] == "qa"
    assert walked[walked.index("-k") + 1] == "cart"
    assert {"--base-url=http://shop.example", "--trace-journeys", "--keep-in=/kept"} <= set(walked)
    assert compared[compared.index("-m") + 1] == "snapshot"
    assert not any(word.startswith("--base-url") for word in compared)


def test_the_report_says_what_passed_failed_and_was_left_out(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase name="a" time="1.5"/>'
        '<testcase name="b" time="2"><failure message="no button&#10;at all">...</failure></testcase>'
        '<testcase name="c" time="0"><skipped message="cards are real"/></testcase></testsuite></testsuites>'
    )

    found = [(each.name, each.outcome, each.reason) for each in qa.journeys(report)]

    assert found == [("a", "passed", ""), ("b", "failed", "no button"), ("c", "skipped", "cards are real")]
