"""Each rule of the edge on a real Varnish: its `.vtc` passes, and fails as soon as the rule does nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.edge import varnish

CASES = sorted(path.stem for path in varnish.RULES.glob("*.vtc"))
PARTS = sorted(path for path in varnish.RULES.glob("*.vcl.j2") if path.name != "main.vcl.j2")

pytestmark = pytest.mark.skipif(
    not shutil.which("varnishtest"), reason="needs the packages varnish and varnish-modules"
)


def rules() -> list[str]:
    return sorted(rule for part in PARTS for rule in re.findall(r"^sub (?!vcl_)(\w+)", part.read_text(), flags=re.M))


@pytest.mark.parametrize("case", CASES)
def test_rule_holds(case: str, tmp_path: Path) -> None:
    result = varnish.run_case(varnish.RULES / f"{case}.vtc", tmp_path)

    assert result.returncode == 0, result.stdout[-6000:]


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules())
def test_case_fails_without_its_rule(rule: str, tmp_path: Path) -> None:
    result = varnish.run_case(varnish.RULES / f"{rule}.vtc", tmp_path, leave_out=rule)

    assert result.returncode == 2 and "VCL compilation failed" not in result.stdout, result.stdout[-6000:]


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
