from __future__ import annotations

from contextlib import nullcontext
from unittest.mock import AsyncMock

import pytest

from app.bench import lists


@pytest.mark.parametrize(
    ("products", "median", "said"),
    [(100_000, 79.9, ""), (100_000, 80.0, "a big category takes 80 ms at 100,000 products; the target is under 80 ms."), (1_000_000, 200.0, "")],
)  # fmt: skip
def test_a_page_that_takes_too_long_is_said_and_ends_with_its_status(
    monkeypatch: pytest.MonkeyPatch, products: int, median: float, said: str
) -> None:
    pace = lists.Pace(products=products, kind="a big category", median=median, p95=99, cpu=50, bare=1)
    monkeypatch.setattr(lists, "a_shop", nullcontext)
    monkeypatch.setattr(lists, "_measured", AsyncMock(return_value=[pace]))

    if said:
        with pytest.raises(SystemExit, match=said):
            lists.run([])
    else:
        lists.run(["--json"])
