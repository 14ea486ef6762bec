"""Subcommand ``containers``: which containers there are. No sample is taken; only pids.current is read."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from msgspec.structs import replace

from cadvcli.cli import cells, listing
from cadvcli.cli.cells import CELLS, Cell, Shown
from cadvcli.cli.listing import Known, Listed
from cadvcli.cli.local import complain, manager_of
from cadvcli.cli.output import Records, terminal, write
from cadvcli.cli.tree import ancestors, branches
from cadvcli.errors import UnknownContainer, UsageError
from cadvcli.manager.manager import Manager
from cadvcli.model.column import Size, Subject
from cadvcli.model.identity import raw
from cadvcli.model.row import SIZES, UNSAMPLED, row
from cadvcli.text import printable

HELP = """List containers.

The newest is first. Stopped ones are shown with --all, or when they are named. Plain cgroups, which no engine owns, are
shown with --raw, or when they are named.

STATUS and PORTS read as in docker ps. A dash is what is unknown, or no limit. LIMITS are of CPU, memory and tasks.

    cadvcli containers --all
    cadvcli containers 'shop-*' -o wide
    cadvcli containers --size --timeout 1m
    cadvcli containers port:8080 --quiet
    cadvcli containers --tree --raw

--size walks through what each has written and logged; ≥ stands before what was found when the time was over.

JSON, CSV and TSV have the same keys as those of stats, without the measured ones; --columns help lists them.
"""

TABLE = ("name", "status", "restarts", "image", "pids", "runtime")
WIDE = ("name", "id", "status", "restarts", "image", "pids", "runtime", "ports", "command", "limits", "path")


def run(settings: Any) -> int | None:
    """Print the containers."""
    if settings.columns == ("help",):
        write(cells.columns_help(sampled=False))
        return None
    with closing(manager_of(settings, ("pids",))) as manager:
        return show(settings, manager)


def show(settings: Any, manager: Manager) -> int | None:
    """Print the manager's containers; the exit status."""
    if settings.tree and settings.format not in ("table", "wide"):
        raise UsageError(f"--tree draws a table: leave out --format {settings.format}")
    if settings.size and settings.quiet:
        raise UsageError("--quiet prints ids only: leave out --size")
    asked = cells.chosen(settings.columns, sampled=False)
    manager.discover()
    selection, trouble = listing.pick_any(settings.names, manager, raw=settings.raw, stopped=settings.all)
    if settings.all:
        complain(trouble)
    sizes = _sizes(selection.found, manager, settings) if settings.size else None
    if settings.quiet:
        _write_ids(_newest_first(listing.unsampled(one, manager, ()) for one in selection.found), settings.no_trunc)
    elif settings.format in ("table", "wide"):
        shown = asked or [CELLS[name] for name in (WIDE if settings.format == "wide" else TABLE)]
        _write_table(selection.found, shown, manager, settings, sizes)
    else:
        keys = cells.keys_of(asked) if asked else [column.key for column in UNSAMPLED]
        keys += () if sizes is None else [column.key for column in SIZES]
        columns = cells.columns_of(keys)
        subjects = _newest_first(_subjects(selection.found, manager, keys, sizes))
        with Records(settings.format, keys) as records:
            records.write(row(subject, columns) for subject in subjects)
    if not selection.found and not settings.names and terminal().is_terminal:
        stopped = "" if settings.all else "--all shows stopped ones, "
        complain([f"no containers {'here' if settings.all else 'are running'}: {stopped}--raw shows plain cgroups"])
    complain(selection.missing)
    return UnknownContainer.exit_code if selection.missing else None


def _sizes(found: Sequence[Known], manager: Manager, settings: Any) -> Mapping[str, Size]:
    from cadvcli.cli.sizes import Sizes

    return Sizes(manager, settings.timeout).of(found)


def _subjects(
    found: Iterable[Known], manager: Manager, keys: Sequence[str], sizes: Mapping[str, Size] | None
) -> list[Subject]:
    subjects = [listing.unsampled(one, manager, keys) for one in found]
    return [replace(one, size=sizes.get(one.identity.id or "")) for one in subjects] if sizes else subjects


def _newest_first(subjects: Iterable[Subject]) -> list[Subject]:
    """Containers by the time they were made, plain groups behind them by path."""
    every = sorted(subjects, key=lambda subject: subject.identity.name)
    owned = [subject for subject in every if subject.identity.runtime != "raw"]
    plain = [subject for subject in every if subject.identity.runtime == "raw"]
    return sorted(owned, key=lambda subject: subject.identity.created_ns or 0, reverse=True) + plain


def _write_ids(subjects: Sequence[Subject], whole: bool) -> None:
    for subject in subjects:
        container_id = subject.identity.id
        short = container_id if container_id is None or whole else container_id[: cells.ID_DIGITS]
        write(f"{printable(short or subject.identity.name)}\n")


def _write_table(
    found: Sequence[Known],
    shown: Sequence[Cell],
    manager: Manager,
    settings: Any,
    sizes: Mapping[str, Size] | None = None,
) -> None:
    if sizes is not None:
        from cadvcli.cli.sizes import CELL, total

        shown = [*shown, CELL]
    if settings.tree:
        found, shown = _as_tree(found, shown, manager)
    keys = [*cells.keys_of(shown), "name", "cgroup"]
    columns = cells.columns_of(dict.fromkeys(keys))
    now_ns = manager.clock.wall_ns()
    subjects = _subjects(found, manager, keys, sizes)
    lines = [
        Shown(row(subject, columns), subject.identity, now_ns, settings.no_trunc)
        for subject in (subjects if settings.tree else _newest_first(subjects))
    ]
    write(cells.draw(shown, lines, None if settings.no_trunc else terminal().width))
    if sizes is not None:
        write(total(sizes, manager))


def _as_tree(
    found: Sequence[Known], shown: Sequence[Cell], manager: Manager
) -> tuple[Sequence[Known], Sequence[Cell]]:
    """The groups found and those above them in the order of the tree, and the cells with one that draws its twigs.

    A container without a group has no place in it.
    """
    known: dict[str, Known] = {one.name: one for one in manager.containers()}
    lines = branches(name for one in found if one.name for name in (one.name, *ancestors(one.name)))
    ordered = [known.get(name) or Listed(raw(name), name) for _, name in lines]
    names = {}
    for (twig, name), one in zip(lines, ordered, strict=True):
        plain = one.identity.runtime == "raw"
        names[name] = twig + (name.rpartition("/")[2] or "/" if plain else one.identity.name)
    drawn = Cell("name", "NAME", ("name",), lambda line: names.get(str(line.row["cgroup"])))
    return ordered, [drawn if cell.name == "name" else cell for cell in shown]
