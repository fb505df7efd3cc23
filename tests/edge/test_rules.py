"""Each rule of the edge on a real Varnish: its `.vtc` passes, and fails as soon as the rule does nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.edge import cases, varnish

Asked = dict[str, dict[str, "Future[cases.Result]"]]
NEVER_RAN = re.compile("VCL compilation failed|timeout waiting for CLI")
CASES = sorted(path.stem for path in varnish.RULES.glob("*.vtc"))
PARTS = sorted(path for path in varnish.RULES.glob("*.vcl.j2") if path.name != "main.vcl.j2")

pytestmark = pytest.mark.skipif(
    not shutil.which("varnishtest"), reason="needs the packages varnish and varnish-modules"
)


def rules() -> list[str]:
    return sorted(rule for part in PARTS for rule in re.findall(r"^sub (?!vcl_)(\w+)", part.read_text(), flags=re.M))


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """The runs that this session asks for, by test and name, under way side by side."""
    with cases.Cases(tmp_path_factory.mktemp("cases")) as running:
        kinds = ((test_rule_holds, cases.run_whole), (test_case_fails_without_its_rule, cases.run_without))
        yield {test.__name__: running.begin(run, _names(request, test.__name__)) for test, run in kinds}


def _names(request: pytest.FixtureRequest, test: str) -> list[str]:
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and item.originalname == test]
    return [item.callspec.params["rule"] for item in items]


@pytest.mark.parametrize("rule", CASES)
def test_rule_holds(rule: str, asked: Asked) -> None:
    result = asked["test_rule_holds"][rule].result()

    assert result.status == 0, result.said[-6000:]


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules())
def test_case_fails_without_its_rule(rule: str, asked: Asked) -> None:
    result = asked["test_case_fails_without_its_rule"][rule].result()

    assert result.status == 2 and not NEVER_RAN.search(result.said), result.said[-6000:]


def test_each_rule_has_its_case() -> None:
    assert set(rules()) <= set(CASES)


def test_main_only_calls() -> None:
    text = (varnish.RULES / "main.vcl.j2").read_text()
    bodies = re.findall(r"^sub \w+ \{\n(.*?)^\}", text, flags=re.M | re.S)

    lines = [line.strip() for body in bodies for line in body.splitlines()]

    assert all(re.fullmatch(r"call \w+;|return \(\w+\);", line) for line in lines)


def test_rules_are_short_and_say_why() -> None:
    for part in PARTS:
        for comment, name, body in re.findall(
            r"((?:^#.*\n)*)^sub (\w+) \{\n(.*?)^\}", part.read_text(), flags=re.M | re.S
        ):
            assert body.count("\n") <= 20, name
            assert comment or name == "vcl_init", f"{name} does not say why it exists"
