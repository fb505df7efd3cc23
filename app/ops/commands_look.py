"""routes, edge, mail, bench: looking inside a shop."""

from __future__ import annotations

import rich_click as click

from app.ops.output import as_json, show, table


@click.command()
@click.option("--admin", is_flag=True, help="The admin's routes instead of the shop's.")
@as_json
def routes(admin: bool, json: bool) -> None:
    """List every route: methods, path, name, and how long the edge keeps it.

    Example: ./vitrine routes --json
    """
    from app.ops.routes import routes_of
    from app.ops.surroundings import this_shop

    this_shop()
    rows = routes_of(admin=admin)
    show(rows) if json else table(rows, "There are no routes.")


@click.group()
def edge() -> None:
    """The Varnish in front: its configuration is made from the routes and settings."""


@edge.command("render")
def edge_render() -> None:
    """Print the VCL this shop runs with.

    Example: ./vitrine edge render > shop.vcl
    """
    from app.ops.rendering import vcl_of
    from app.ops.surroundings import this_shop

    click.echo(vcl_of(this_shop()))


@edge.command("check")
def edge_check() -> None:
    """Let varnishd compile the VCL, without running it.

    Example: ./vitrine edge check
    """
    from app.ops.rendering import vcl_of
    from app.ops.surroundings import this_shop
    from app.ops.varnish import compiles

    compiles(vcl_of(this_shop()))
    click.echo("The VCL compiles.")


@click.group()
def mail() -> None:
    """Mails the local sink has kept."""


@mail.command("list")
@click.option("--to", help="Only mails to this address.")
@as_json
def mail_list(to: str | None, json: bool) -> None:
    """List the kept mails, newest first.

    Example: ./vitrine mail list --to ada@example.com
    """
    from app.ops.mailbox import letters
    from app.ops.surroundings import this_home

    rows = [letter.head() for letter in letters(this_home().mail) if to is None or to in letter.to]
    if json:
        show(rows)
    else:
        table([{key: row[key] for key in ("id", "at", "to", "subject")} for row in rows], "No mail was kept yet.")


@mail.command("show")
@click.argument("id", required=False)
@click.option("--raw", is_flag=True, help="The mail as it came in.")
@as_json
def mail_show(id: str | None, raw: bool, json: bool) -> None:
    """Show one mail, by the id that `mail list` prints; without one the newest.

    Examples:

      ./vitrine mail show

      ./vitrine mail show 1764 --json
    """
    from app.ops.mailbox import letter_of
    from app.ops.surroundings import this_home

    letter = letter_of(this_home().mail, id)
    if raw:
        click.echo(letter.raw(), nl=False)
    elif json:
        show(letter.whole())
    else:
        click.echo(letter.readable())


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, args: tuple[str, ...]) -> None:
    """Measure something; prints a table with ratios taken in one run.

    Example: ./vitrine bench pages
    """
    from app.ops.benches import run

    run(name, args)
