"""The name of rendered rules: made of their text, so that equal names are equal rules, on whichever node."""

from __future__ import annotations

import hashlib
import re

UNNAMED = "vitrine-unnamed"  # stands for the name until the text is known


def named(text: str) -> str:
    """The text with its name in place of UNNAMED."""
    return text.replace(UNNAMED, f"vitrine-{hashlib.sha256(text.encode()).hexdigest()[:12]}")


def name_of(text: str) -> str:
    """The name that rendered rules carry, and tell in EXPLAIN. Raises ValueError for other texts."""
    found = re.search(r'"(vitrine-[0-9a-f]{12})"', text)
    if found is None:
        raise ValueError("these rules have no name")
    return found[1]
