"""migrate, seed, staff: what the databases hold."""

from __future__ import annotations

import rich_click as click

from app.ops.output import as_json, ask, show, table

ROLES = ("owner", "merchant", "orders", "reader")  # app/admin/roles.py says what each may do


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what is missing; exit status 1 when something is.")
@as_json
def migrate(dry_run: bool, json: bool) -> None:
    """Bring the shared database and every shard to this code's version.

    Examples:

      ./vitrine migrate

      ./vitrine migrate --dry-run
    """
    import asyncio

    from app.db import migrate as migrations
    from app.ops.surroundings import running_shop

    shop = running_shop()
    told = asyncio.run(migrations.pending(shop) if dry_run else migrations.migrate(shop))
    if json:
        show({"pending" if dry_run else "migrated": told})
    elif dry_run:
        click.echo("\n".join(told) or "Every schema is at this version.")
    else:
        click.echo(f"Migrated {', '.join(told)}." if told else "Every schema is at this version.")
    if dry_run and told:
        raise SystemExit(1)


@click.command()
@click.argument("what", default="demo", metavar="demo|N")
def seed(what: str) -> None:
    """Fill the catalogue: the demo shop, or a big one of N products.

    Examples:

      ./vitrine seed demo

      ./vitrine seed 100000
    """
    import asyncio

    from app.ops import seeding
    from app.ops.surroundings import running_shop

    seeding.check(what)
    asyncio.run(seeding.seed_with_progress(running_shop(), what))


@click.group()
def staff() -> None:
    """Who may sign in to the admin."""


@staff.command("add")
@click.argument("email")
@click.option("--name", help="The name shown in the admin; by default the part before the @.")
@click.option(
    "--password", envvar="STAFF_PASSWORD", help="By default it is asked for, or made up when nobody can answer."
)
@click.option("--role", type=click.Choice(ROLES), default="owner", show_default=True, help="What they may do.")
@as_json
def staff_add(email: str, name: str | None, password: str | None, role: str, json: bool) -> None:
    """Add a person.

    Examples:

      ./vitrine staff add ada@example.com --name "Ada Byron" --role merchant
    """
    import asyncio
    import sys

    from app.ops import staff as people
    from app.ops.surroundings import running_shop

    person = people.check(email, name)
    made_up = password is None and not sys.stdin.isatty()
    if password is None:
        password = people.made_up() if made_up else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    asyncio.run(people.add(running_shop(), person, password, role))
    if json:
        show({"email": person.email, "name": person.name, "role": role, "password": password if made_up else None})
    else:
        click.echo(f"{person.name} can sign in as {person.email}" + (f" with {password}" if made_up else ""))


@staff.command("list")
@as_json
def staff_list(json: bool) -> None:
    """List who may sign in, with their roles.

    Example:

      ./vitrine staff list
    """
    import asyncio

    from app.ops import staff as people
    from app.ops.surroundings import running_shop

    found = asyncio.run(people.listed(running_shop()))
    if json:
        show(found)
    else:
        rows = [{name: each[name] for name in ("email", "name", "role")} for each in found]
        table(rows, "Nobody yet: ./vitrine staff add")


@staff.command("change")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do from their next click on.")
@as_json
def staff_change(email: str, role: str, json: bool) -> None:
    """Give a person another role.

    Example:

      ./vitrine staff change ada@example.com --role orders
    """
    import asyncio

    from app.ops import staff as people
    from app.ops.surroundings import running_shop

    asyncio.run(people.change(running_shop(), email, role))
    show({"email": email, "role": role}) if json else click.echo(f"{email} has the role {role} now")


@staff.command("remove")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def staff_remove(email: str, yes: bool, json: bool) -> None:
    """Take a person's account away; they are signed out at once.

    Example:

      ./vitrine staff remove ada@example.com --yes
    """
    import asyncio

    from app.ops import staff as people
    from app.ops.surroundings import running_shop

    if not yes:
        ask(f"{email} is signed out and can't sign in any more.")
    asyncio.run(people.remove(running_shop(), email))
    show({"email": email, "removed": True}) if json else click.echo(f"{email} can't sign in any more")
