"""up, down, status: the shop as processes."""

from __future__ import annotations

import os

import rich_click as click

from app.ops.output import as_json, show, table

PORTS = ("port", "admin_port", "web_port", "purge_port", "mail_port")


def port_options(command):
    """An option for every port, each a shorter way to say its setting."""
    for name in reversed(PORTS):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, metavar="N", help=f"Same as VITRINE_{name.upper()}.")(command)
    return command


@click.command()
@click.option("--edge/--no-edge", default=None, help="With Varnish in front (default), or without.")
@click.option("--seed", default="demo", metavar="demo|N|none", show_default=True, help="What fills an empty catalogue.")
@port_options
@click.option("--home", metavar="FOLDER", help="Same as VITRINE_HOME.")
@click.option("--detach", is_flag=True, help="Run in the background; returns when the shop answers.")
@click.option("--verbose", is_flag=True, help="Show every line of every process.")
def up(edge: bool | None, seed: str, detach: bool, verbose: bool, **given: str | None) -> None:
    """Run the shop: databases, web, workers and edge, until Ctrl-C.

    Starts an embedded PostgreSQL and Redis unless VITRINE_SHARED_DSN and VITRINE_REDIS_URL name others.
    The first start fills an empty catalogue.

    Examples:

      ./vitrine up

      ./vitrine up --no-edge --seed none

      ./vitrine up --port 9080 --admin-port 9200 --web-port 9100 --purge-port 9090 --mail-port 9025
    """
    from app.ops import seeding
    from app.settings import read_settings

    options = {f"VITRINE_{name.upper()}": value for name, value in given.items() if value is not None}
    if edge is not None:
        options["VITRINE_EDGE"] = str(edge).lower()
    os.environ.update(options)
    settings = read_settings(os.environ)
    seeding.check(seed)
    if detach:
        from app.ops.detach import start

        start(settings, seed)
    else:
        from app.ops.up import run

        run(settings, seed=seed, verbose=verbose)


@click.command()
def down() -> None:
    """Stop the shop of this folder, and only what it started.

    Example: ./vitrine down
    """
    from app.ops.down import stop
    from app.ops.surroundings import this_home

    click.echo(stop(this_home()))


@click.command()
@as_json
def status(json: bool) -> None:
    """Show whether the shop runs, and its processes. Exit status 1 when it does not.

    Example: ./vitrine status --json
    """
    from app.ops import state
    from app.ops.surroundings import this_home

    home = this_home()
    found = state.running(home)
    rows = [{"process": name, "pid": mark.pid} for name, mark in found.children.items()] if found else []
    if json:
        url = found.url if found else None
        show(
            {
                "running": bool(found),
                "serving": bool(found and found.serving),
                "url": url,
                "home": str(home.root),
                "processes": rows,
            }
        )
    elif found:
        click.echo(f"{'Serving' if found.serving else 'Starting'} {found.url}, data in {home.root}")
        table(rows, "No process runs.")
    else:
        click.echo(f"Not running. ./vitrine up starts it, with data in {home.root}")
    if not found:
        raise SystemExit(1)
