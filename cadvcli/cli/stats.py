"""Subcommand ``stats``: what containers use now, by two samples a window apart; with --interval again and again."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from cadvcli.cli import cells
from cadvcli.cli.cells import CELLS, Cell, Shown
from cadvcli.cli.listing import memory_bytes, pick
from cadvcli.cli.local import complain, manager_of
from cadvcli.cli.measured import KINDS, TOTAL, measured, total
from cadvcli.cli.output import Records, flush, terminal, write
from cadvcli.errors import UnknownContainer
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.model.clock import SECOND
from cadvcli.model.column import Column, Subject
from cadvcli.model.row import COLUMNS, Row, row

HELP = """Show what containers use now.

CPU% is of one core: 200% are two whole ones. THR% is the share of CPU periods in which a limit held the container back.
MEM is what it can't do without, the file cache that lies idle left out, and MEM% that by its limit, or by the machine's
memory where it has none. NET I/O is received and sent, BLOCK I/O read and written, all since its start, as in docker
stats; --columns net_rate,block_rate shows both per second. PSI is the share of the last ten seconds, in percent, in
which something in it waited for CPU, memory and disks. A dash is what is unknown, or no limit.

    cadvcli stats
    cadvcli stats web 'shop-*' --interval 2s --count 10
    cadvcli stats --columns name,cpu,mem,rx_rate,tx_rate
    cadvcli stats -o json | jq '.[] | {name, cpu_usage_ratio}'

Rates are over --window, and with --interval from one round to the next. Who uses the most CPU is first; a terminal also
gets a total. JSON, CSV and TSV have all keys, see --columns help; what is unknown or unlimited is null in JSON and
empty in the others.
"""

TABLE = ("name", "cpu", "thr", "mem", "limit", "mem_ratio", "swap", "net", "block", "pids", "psi")
WIDE = (*TABLE[:3], "cpus", *TABLE[3:8], "net_rate", "block", "block_rate", "pids", "pids_limit", "psi", "id", "path")


class Form(NamedTuple):
    """What is to be shown."""

    form: str
    cells: Sequence[Cell]  #: of a table
    keys: Sequence[str]  #: of everything else
    columns: Sequence[Column]  #: that must be known for it


def run(settings: Any) -> int | None:
    """Print what the containers use."""
    if settings.columns == ("help",):
        write(cells.columns_help())
        return None
    interval_ns = settings.interval or (SECOND if settings.count else None)
    with closing(manager_of(settings, KINDS, 2 * max(settings.window, interval_ns or 0))) as manager:
        return _show(settings, manager, interval_ns)


def _show(settings: Any, manager: Manager, interval_ns: int | None) -> int | None:
    form = _form(settings)
    said: set[str] = set()
    if form.form in ("table", "wide"):
        for number, subjects in enumerate(_rounds(manager, settings, form, interval_ns, said)):
            _write_block(subjects, form, manager, whole=settings.no_trunc, apart=number > 0)
    else:
        with Records(form.form, form.keys) as records:
            for subjects in _rounds(manager, settings, form, interval_ns, said):
                records.write(row(subject, cells.columns_of(form.keys)) for subject, _ in _by_cpu(subjects, form))
    return UnknownContainer.exit_code if said else None


def _form(settings: Any) -> Form:
    asked = cells.chosen(settings.columns)
    if settings.format in ("table", "wide"):
        shown = asked or [CELLS[name] for name in (WIDE if settings.format == "wide" else TABLE)]
        keys = cells.keys_of(shown)
    else:
        shown = asked
        keys = cells.keys_of(asked) if asked else [column.key for column in COLUMNS]
    return Form(settings.format, shown, keys, cells.columns_of(dict.fromkeys([*keys, *_NEEDED])))


#: What order and total need, shown or not.
_NEEDED = ("name", "id", "cgroup", "cpu_usage_ratio", "memory_working_set_bytes")


def _rounds(
    manager: Manager, settings: Any, form: Form, interval_ns: int | None, said: set[str]
) -> Iterator[list[Subject]]:
    """What is known at the end of the window, then at each interval; lines about unknown names go to ``said``."""
    found = _found(manager, settings, said)
    manager.sample({one.name for one in found})
    due_ns = manager.clock.boot_ns() + settings.window
    # What doesn't move is read while the window passes; the answers are kept for a few seconds.
    memory = memory_bytes(manager.host)
    for one in found:
        measured(one, (), manager, form.keys, memory)
    _wait(manager, due_ns)
    number = 0
    while True:
        manager.sample({one.name for one in found})
        alive = [one for one in found if manager.registry.get(one.name) is one]
        yield [measured(one, manager.history(one, 2), manager, form.keys, memory) for one in alive]
        number += 1
        if interval_ns is None or number == settings.count:
            return
        due_ns += interval_ns
        _wait(manager, due_ns)
        found = _found(manager, settings, said)


def _found(manager: Manager, settings: Any, said: set[str]) -> list[Container]:
    """The containers that are meant, as of now."""
    manager.discover()
    selection = pick(settings.names, manager, raw=settings.raw)
    complain(line for line in selection.missing if line not in said)
    said.update(selection.missing)
    return selection.found


def _wait(manager: Manager, due_ns: int) -> None:
    time.sleep(max(0, due_ns - manager.clock.boot_ns()) / SECOND)


def _by_cpu(subjects: Sequence[Subject], form: Form) -> list[tuple[Subject, Row]]:
    """The rows, the greatest user of CPU first, and those of which that is unknown behind all others."""

    def order(pair: tuple[Subject, Row]) -> tuple[float, str]:
        used = pair[1]["cpu_usage_ratio"]
        return (-used if isinstance(used, int | float) else 1, pair[0].identity.name)

    return sorted(((subject, row(subject, form.columns)) for subject in subjects), key=order)


def _write_block(subjects: Sequence[Subject], form: Form, manager: Manager, *, whole: bool, apart: bool) -> None:
    """A table, with a line of totals if a person reads it."""
    now_ns = manager.clock.wall_ns()
    ordered = _by_cpu(subjects, form)
    lines = [Shown(found, subject.identity, now_ns, whole) for subject, found in ordered]
    screen = terminal()
    if screen.is_terminal and not lines and not apart:
        complain(["no containers are running: --raw shows plain cgroups"])
    if screen.is_terminal and len(lines) > 1:
        memory = subjects[0].machine_memory_bytes
        together = total([line.row for line in lines], [line.identity for line in lines], memory)
        lines.append(Shown(together, TOTAL, now_ns, whole))
    write(("\n" if apart else "") + cells.draw(form.cells, lines, None if whole else screen.width))
    flush()
