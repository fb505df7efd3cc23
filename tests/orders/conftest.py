from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.knobs import Scripted, provider


@pytest.fixture
def obliging() -> Iterator[None]:
    """Whoever is asked for the money gives it: nothing is sent unpaid."""
    with provider(Scripted()):
        yield
