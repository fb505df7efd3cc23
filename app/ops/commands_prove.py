"""test, check: the proof that it works."""

from __future__ import annotations

import rich_click as click


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
def check() -> None:
    """Format, lint, types, layers, docs and VCL. Exit status 1 when one of them fails.

    Example: ./vitrine check
    """
    from app.ops.proof import run_checks

    raise SystemExit(run_checks())
