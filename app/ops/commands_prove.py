"""test, qa, check: the proof that it works."""

from __future__ import annotations

from typing import Any

import rich_click as click

from app.ops.output import as_json


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("paths", nargs=-1, type=click.UNPROCESSED)
@click.option("--fast", is_flag=True, help="Without the slow tests; a few minutes.")
def test(paths: tuple[str, ...], fast: bool) -> None:
    """Run the tests on private ports and folders; installs chromium and varnish when root may.

    Other options go to pytest. Exit status: pytest's.

    Examples:

      ./vitrine test

      ./vitrine test --fast

      ./vitrine test tests/cart -k badge
    """
    from app.ops.proof import run_tests

    raise SystemExit(run_tests(paths, fast=fast))


@click.command()
@click.option(
    "--base-url",
    metavar="URL",
    envvar="QA_BASE_URL",
    help="A shop that runs anywhere ($QA_BASE_URL). Without it: the one here, else one of its own.",
)
@click.option("-k", "word", metavar="WORD", default="", help="Only journeys whose name holds this (pytest's -k).")
@click.option("--headed", is_flag=True, help="Show the browser, slowed down to be watched.")
@click.option("--trace", is_flag=True, help="Keep a Playwright trace of each failed journey.")
@click.option("--snapshots", is_flag=True, help="Only compare pages with their kept pictures, on a shop of its own.")
@click.option("--update-snapshots", is_flag=True, help="Take the kept pictures anew.")
@as_json
def qa(*, json: bool, **asked: Any) -> None:
    """Walk through a running shop in a browser, as its shoppers do: with and without JavaScript, on phone and desktop.

    Nothing is bought where cards are real. What a failed journey leaves (picture, page, console, trace) is in a folder
    that the last line names. Exit status: 0 all passed, 1 some failed, 2 no shop, no browser or no such journey.

    Examples:

      ./vitrine qa

      ./vitrine qa --base-url https://staging.example -k cart --trace

      ./vitrine qa --update-snapshots
    """
    from app.ops.qa import Asked, walk

    raise SystemExit(walk(Asked(**asked), as_json=json))


@click.command()
def check() -> None:
    """Format, lint, types, layers, docs and VCL. Exit status 1 when one of them fails.

    Example: ./vitrine check
    """
    from app.ops.proof import run_checks

    raise SystemExit(run_checks())
