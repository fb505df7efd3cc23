"""Numbers as people read them."""

from __future__ import annotations

UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def span(seconds: float) -> str:
    """A length of time in its two largest units: 5 h 48 min; below ten seconds with a tenth, below one in ms."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    left = round(seconds)
    parts: list[str] = []
    for length, unit in UNITS:
        count, left = divmod(left, length)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
    return " ".join(part for part in parts[:2] if part)


def size(count: float) -> str:
    """Bytes: 22.8 kB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"


def percent(ratio: float | None) -> str | None:
    """97.4 %; None stays None."""
    return None if ratio is None else f"{ratio * 100:.1f} %"
