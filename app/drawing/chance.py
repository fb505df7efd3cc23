"""Chance that repeats: the same seed, the same wobble."""

from __future__ import annotations

from random import Random


def chance(seed: object) -> Random:
    """Numbers that follow from a seed alone. Nothing secret is made of them."""
    return Random(seed if isinstance(seed, int) else str(seed))  # noqa: S311
