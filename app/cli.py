"""`./vitrine`: every command of the shop, each in a small module that imports what it needs when it runs."""

from __future__ import annotations

import rich_click as click

from app.ops.commands_data import migrate, seed, staff
from app.ops.commands_edge_status import edge
from app.ops.commands_events import events
from app.ops.commands_look import bench, mail, routes
from app.ops.commands_orders import orders
from app.ops.commands_payments import payments
from app.ops.commands_promotions import promotions
from app.ops.commands_prove import check, qa, test
from app.ops.commands_purge import purge
from app.ops.commands_run import down, status, up
from app.ops.commands_stock import stock
from app.ops.sentence import as_sentence

click.rich_click.TEXT_MARKUP = "rich"
click.rich_click.SHOW_ARGUMENTS = True
click.rich_click.COMMAND_GROUPS = {
    "vitrine": [
        {"name": "Run", "commands": ["up", "down", "status"]},
        {"name": "Prove", "commands": ["test", "qa", "check", "bench"]},
        {"name": "Data", "commands": ["migrate", "seed", "staff"]},
        {"name": "Orders", "commands": ["events", "orders", "payments", "promotions", "stock"]},
        {"name": "Look inside", "commands": ["routes", "mail"]},
        {"name": "Edge", "commands": ["purge", "edge"]},
    ]
}


class Sentences(click.RichGroup):
    """A group in which what goes wrong as expected is one sentence and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        with as_sentence():
            return super().invoke(ctx)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A storefront whose HTML lives at the edge.

    `./vitrine up` runs it, `./vitrine test` proves it. Settings are VITRINE_* variables; `app/settings.py`
    explains each. Exit status: 0 done, 1 failed, 2 wrong input or setting.
    """


for command in (
    up,
    down,
    status,
    test,
    qa,
    check,
    bench,
    migrate,
    seed,
    staff,
    routes,
    mail,
    purge,
    edge,
    events,
    orders,
    payments,
    promotions,
    stock,
):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="vitrine")
