"""Subcommand ``watch``: a live screen of what containers use, or a stream of their lifecycle events."""

import sys
from typing import Any

from cadvcli.cli import cells
from cadvcli.cli.local import complain
from cadvcli.cli.output import write

HELP = """Watch containers live, or stream their events.

On a terminal this draws a screen with the greatest user of CPU first; h there lists the keys that sort, filter, pause
and so on. Network and block I/O are per second there, the rest reads as in stats. Containers that start or stop show at
once.

With --events it prints a line for each container that starts or ends, as JSON where standard output is no terminal; it
is implied there. The event types are cAdvisor's: containerCreation, containerDeletion, oom and oomKill.

    cadvcli watch
    cadvcli watch 'shop-*' --interval 5s
    cadvcli watch --events | jq -r 'select(.event_type == "containerDeletion").name'
    cadvcli watch --events web --count 1 --timeout 1m

NAME words choose among the containers that come later, too.
"""


def run(settings: Any) -> int | None:
    """Draw the screen until a person or a signal ends it, or print events."""
    if settings.columns == ("help",):
        write(cells.columns_help())
        return None
    is_terminal = sys.stdout.isatty()
    if settings.events or settings.format is not None or not is_terminal:
        from cadvcli.cli.watch_events import stream

        if not (settings.events or settings.format):
            complain(["standard output is no terminal: streaming events, as --events does"])
        stream(settings, settings.format or ("table" if is_terminal else "jsonl"))
        return None
    from cadvcli.cli.watch_loop import draw

    return draw(settings)
