from __future__ import annotations

import shutil

import pytest

from app.ops.home import Home, make
from tests.ops.stand_in import StandIn, short_folder


@pytest.fixture
def home():
    """An empty home folder, made as `up` makes it."""
    made = Home(short_folder())
    make(made)
    yield made
    shutil.rmtree(made.root)


@pytest.fixture
def shop(tmp_path):
    """A stand-in shop that does not run yet; stopped and removed afterwards."""
    made = StandIn(tmp_path / "clone")
    yield made
    made.remove()
