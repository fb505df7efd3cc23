"""An explanation as somebody at the next desk would give it."""

from __future__ import annotations

from collections.abc import Iterator

from app.edge.explain import Explained
from app.ops.explaining import Place, Purged, Report
from app.ops.words import size, span

VERDICTS = {
    "hit": "A kept copy answers; the shop is not asked.",
    "stale": "A copy is here, but past its time or purged: the next visitor waits for a fresh one.",
    "miss": "Nothing is kept: the next visitor waits while the shop renders it.",
    "hit-for-miss": "The last answer could not be kept; for five seconds visits go to the shop without queueing.",
    "pass": "Never looked up and never kept: each visit goes to the shop.",
    "unknown": "The node did not answer.",
}
IN_OUTAGE = "No web instance is healthy, so visitors are shown this copy."
TIERS = {
    "value": "one for each number in the badge from ten up, shared by all who see that number",
    "visitor": "one for each shopper and version of their cart, in a store of its own",
    "pass": "asked each time",
    "unknown": "no such hole is declared",
}
ADVICE = {
    "stale": "One visit, or ./vitrine edge warm.",
    "hit-for-miss": (
        "The shop's answer must say X-Vitrine-Keep: 1 and s-maxage, set no cookie, and say neither private, no-store nor "
        "a Vary but Accept-Encoding. `varnishlog -q 'VCL_Log ~ \"cookie on\"'` shows cookies on pages as they happen."
    ),
    "unknown": "The node must run, with its purge listener within reach: ./vitrine edge status.",
}
KEYS = {
    "value": "It needs a session with ten or more in the cart (--count 12); below ten, pages have the number in place.",
    "visitor": "It needs a session and its version (--as-visitor).",
    "pass": "Nothing would: it is asked each time.",
}
SPELLING = {
    "refuse_path": "Ask for its one spelling: no //, no dot segments, no %-escapes but of spaces and non-ASCII letters.",
    "refuse_host": "Ask by the shop's own name.",
    "hide_holes": "Ask for a page that holds it; what the hole itself is keyed by, --as-visitor shows.",
}


def verdict(said: Explained) -> str:
    """One sentence."""
    if said.state == "refused":
        return f"The edge refuses it: {said.why or said.rule}."
    if said.state == "unknown":
        return f"{VERDICTS['unknown']} ({said.error})"
    return IN_OUTAGE if said.state == "stale" and said.outage else VERDICTS[said.state]


def rows(report: Report) -> Iterator[tuple[str, str]]:
    """What there is to tell, most telling first: a word and its text."""
    said, place = report.telling, report.place
    if said.rule:
        yield "Rule", said.rule
    if said.state != "refused" or place.name:
        yield "Route", _route(place)
    if place.kind == "hole":
        yield "Asked alone", "404: a hole exists only inside a page; this is what a page would get"
    if said.state not in ("refused", "unknown", "pass"):
        yield from _key(said, place)
    for name, tier in report.holes.items():
        yield f"Hole {name}", TIERS.get(tier, tier)
    if said.ttl is not None:
        yield from _copy(said)
    for tag, words in report.stands_for.items():
        yield f"Tag {tag}", words
    if report.purged:
        yield "Last purge", _purged(report.purged)
    if advice := _advice(said, place):
        yield "To be a hit", advice


def _route(place: Place) -> str:
    if place.path.startswith("/static/"):
        return "/static/…, a file named by its content: kept a year"
    if not place.name:
        return f"none; the shop's 404 for {place.path} is kept for a minute, unless the path is private"
    kept = {"hole": "a piece of pages", "action": "takes forms, never kept", "private": "one shopper's, never kept"}
    how = f"kept {span(place.keep)} unless purged" if place.keep else kept.get(place.kind, "not kept")
    return f"{place.path} ({place.name}): {how}"


def _key(said: Explained, place: Place) -> Iterator[tuple[str, str]]:
    yield "Key", " ".join(part for part in (said.host, said.url, said.way, said.form, said.value) if part)
    if place.allowed or place.dropped:
        allowed = ", ".join(place.allowed) or "none"
        yield "Parameters", f"allowed: {allowed}" + (f"; dropped: {', '.join(place.dropped)}" if place.dropped else "")
    if said.form:
        yield "Form", _form(said)


def _form(said: Explained) -> str:
    if said.form == "anonymous":
        return "anonymous: the same bytes for everyone who gets it, nothing to fill"
    if said.value:
        return f"personal, with the badge ({said.value.rstrip('s')}) in place: shared by all who see that number"
    return "personal: shared by all with a session, its holes filled for each (a number asked for often gets a page of its own)"


def _copy(said: Explained) -> Iterator[tuple[str, str]]:
    left = said.ttl or 0
    fresh = f"fresh for {span(left)} more" if left > 0 else f"out of date for {span(-left)}"
    yield "Age", f"{span(said.age or 0)}; {fresh}"
    if said.grace:
        yield "In an outage", f"shown for {span(max(0, left + said.grace))} from now"
    facts = [f"status {said.status}", said.type, said.encoding, f"ETag {said.etag}" if said.etag else None]
    yield "Answer", ", ".join(fact for fact in facts if fact)
    bytes_ = f"{size(said.size)} before packing, " if said.size else ""
    yield "Stored", f"{bytes_}in {said.storage}, {said.hits} hits (asking here counts as one)"


def _purged(purged: Purged) -> str:
    done = "not yet confirmed by all" if purged.confirmed is None else f"confirmed in {span(purged.confirmed)}"
    why = {"change": "after an edit", "hand": "by hand", "wave": "as part of a wave"}.get(purged.kind, purged.kind)
    return f"{span(purged.ago)} ago {why}, {done}: {' '.join(purged.tags)}"


def _advice(said: Explained, place: Place) -> str | None:
    if said.state == "refused":
        return SPELLING.get(said.rule or "")
    if said.state == "pass" and said.way == "hole":
        return KEYS.get(place.tier)
    if said.state == "pass":
        return "Nothing would: what belongs to one shopper is not shared."
    if said.state == "miss":
        return (
            "One visit, or ./vitrine edge warm." if place.keep else "One visit; what is not found is kept for a minute."
        )
    return ADVICE.get(said.state)
