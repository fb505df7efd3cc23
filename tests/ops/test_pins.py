"""requirements.txt is what pyproject.toml asks for, and works from any index."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.ops.home import CLONE

TEXT = (CLONE / "requirements.txt").read_text()
PROJECT = tomllib.loads((CLONE / "pyproject.toml").read_text())
WANTED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"], "uv"]
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", TEXT, re.M))


@pytest.mark.parametrize("line", WANTED)
def test_every_dependency_is_pinned_to_a_version_that_fits(line):
    wanted = Requirement(line)

    assert PINS[canonicalize_name(wanted.name)] in wanted.specifier


def test_every_pin_has_hashes():
    blocks = re.split(r"^(?=[a-z])", TEXT, flags=re.M)[1:]

    assert len(blocks) == len(PINS)
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_index_is_named():
    assert "://" not in TEXT
    assert "--index-url" not in TEXT
    assert "--find-links" not in TEXT
