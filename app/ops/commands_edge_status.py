"""edge status, warm: the whole edge at a glance, and filling it."""

from __future__ import annotations

import time

import rich_click as click

from app.ops.commands_edge import edge
from app.ops.output import as_json, show

PAUSE = 2.0  # seconds between two looks of --watch


@edge.command("status")
@click.option("--watch", is_flag=True, help="Look again every two seconds, until Ctrl-C.")
@as_json
def edge_status(watch: bool, json: bool) -> None:
    """Show every edge node, what it owes, and the hit ratio by route. Exit status 1 when something is wrong, said first.

    Wrong is: a node that is away, fenced, without a healthy web instance or with other rules than this code's; changes or
    purges that wait for more than VITRINE_FENCE_SECONDS; a measured purge of more than a second; more than 1 % of 5xx; a page
    that sets a cookie. Objects, storage and visits are those of the node on this machine.

    Examples:

      ./vitrine edge status

      ./vitrine edge status --json
    """
    from app.ops import edge_status, status_words
    from app.ops.purging import must_have_edge
    from app.ops.surroundings import this_home, this_shop

    shop = this_shop()
    must_have_edge(shop)
    for found in edge_status.run(shop, this_home()):
        if watch:
            click.clear()
        show(found) if json else status_words.say(found)
        if not watch:
            raise SystemExit(1 if found.wrong else 0)
        time.sleep(PAUSE)
