"""What a table shows of a row: short names, titles, and how each value reads for a person.

A cell is a key of the flat naming, or several that belong together: ``net`` is what came in and what went out. The
same words choose columns in every format; in JSON, CSV and TSV a cell stands for its keys.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cadvcli.cli.output import Heading, table
from cadvcli.cli.wording import (
    NOTHING,
    Life,
    PublishedPort,
    iec,
    local_time,
    pair,
    percent,
    port_list,
    si,
    si_rate,
    status,
)
from cadvcli.errors import UsageError, unknown
from cadvcli.model.clock import parse_rfc3339
from cadvcli.model.column import Column
from cadvcli.model.identity import Identity
from cadvcli.model.row import (
    ALIASES,
    BY_KEY,
    BYTES,
    BYTES_PER_SECOND,
    COLUMNS,
    CORES,
    LIST,
    RATIO,
    SECONDS,
    TEXT,
    TIME,
    TRUTH,
    Row,
)

ID_DIGITS = 12
COMMAND_CHARACTERS = 20


class Shown(NamedTuple):
    """A row as it is to be shown: with the time it is shown at, and whether ids and commands stay whole."""

    row: Row
    identity: Identity
    now_ns: int
    whole: bool = False


class Cell(NamedTuple):
    """A column of a table."""

    name: str
    title: str
    keys: tuple[str, ...]
    text: Callable[[Shown], str | None]
    right: bool = False

    @property
    def sampled(self) -> bool:
        """Whether it takes a sample."""
        return any(BY_KEY[key].sampled for key in self.keys)


def _time(value: Any) -> int | None:
    return parse_rfc3339(value) if isinstance(value, str) else None


def _name(shown: Shown) -> str | None:
    """The name; a container that nobody names goes by the beginning of its id."""
    name = shown.row["name"]
    return _shortened(name, shown.whole or name != shown.identity.id)


def _status(shown: Shown) -> str:
    row = shown.row
    if shown.identity.runtime == "raw":
        return NOTHING
    started_ns, finished_ns = _time(row["started"]), _time(row["finished"])
    if started_ns is None and finished_ns is None and shown.identity.status:
        return shown.identity.status
    exit_code, health = row["exit_code"], row["health"]
    life = Life(
        shown.identity.state,
        started_ns,
        finished_ns,
        exit_code if isinstance(exit_code, int) else None,
        health if isinstance(health, str) else None,
    )
    return status(life, shown.now_ns)


def _id(shown: Shown) -> str | None:
    return _shortened(shown.row["id"], shown.whole)


def _image_id(shown: Shown) -> str | None:
    return _shortened(shown.row["image_id"], shown.whole)


def _shortened(value: Any, whole: bool) -> str | None:
    return value if whole or not isinstance(value, str) else value.removeprefix("sha256:")[:ID_DIGITS]


def _ports(shown: Shown) -> str:
    return port_list(
        PublishedPort(port.container_port, port.host_ip, port.host_port, port.protocol)
        for port in shown.identity.ports
    )


def _command(shown: Shown) -> str:
    text = shown.identity.command
    if not text:
        return NOTHING
    return f'"{text}"' if shown.whole or len(text) <= COMMAND_CHARACTERS else f'"{text[: COMMAND_CHARACTERS - 1]}…"'


def _limits(shown: Shown) -> str:
    row, parts = shown.row, []
    if row["cpu_limit_ratio"] is not None:
        parts.append(f"{row['cpu_limit_ratio']:g} CPU")
    if row["memory_limit_bytes"] is not None:
        parts.append(iec(_number(row["memory_limit_bytes"])))
    if row["pids_limit"] is not None:
        parts.append(f"{row['pids_limit']} pids")
    return ", ".join(parts) or NOTHING


def _pair(first: str, second: str, text: Callable[[float | None], str]) -> Callable[[Shown], str]:
    return lambda shown: pair(text(_number(shown.row[first])), text(_number(shown.row[second])))


def _psi(shown: Shown) -> str:
    waits = [_number(shown.row[key]) for key in PSI]
    if all(wait is None for wait in waits):
        return NOTHING
    return "/".join(NOTHING if wait is None else f"{wait * 100:.0f}" for wait in waits)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


def _labels(shown: Shown) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(shown.identity.labels.items())) or NOTHING


def _interfaces(shown: Shown) -> str:
    interfaces = shown.row["interfaces"]
    if not isinstance(interfaces, list):
        return NOTHING
    return ", ".join(
        f"{one['name']} {pair(si(_number(one['receive_bytes_total'])), si(_number(one['transmit_bytes_total'])))}"
        for one in interfaces
    ) or NOTHING  # fmt: skip


def _plain(column: Column) -> Callable[[Shown], str | None]:
    """How a value of this unit reads for a person."""
    scale = iec if column.key.startswith("memory_") else si
    as_text: dict[str, Callable[[Any], str]] = {
        BYTES: scale,
        BYTES_PER_SECOND: si_rate,
        RATIO: percent,
        CORES: lambda value: f"{value:g}",
        SECONDS: lambda value: f"{value:.3f}",
        TIME: lambda value: local_time(parse_rfc3339(value)),
        TRUTH: lambda value: "yes" if value else "no",
    }
    reads = as_text.get(column.unit, str)

    def text(shown: Shown) -> str | None:
        value = shown.row[column.key]
        return None if value is None or value == "" else reads(value)

    return text


PSI = ("psi_cpu_some_avg10_ratio", "psi_memory_some_avg10_ratio", "psi_io_some_avg10_ratio")
RX_TX = ("network_receive_bytes_total", "network_transmit_bytes_total")
RX_TX_RATE = ("network_receive_bytes_per_second", "network_transmit_bytes_per_second")
IO = ("io_read_bytes_total", "io_write_bytes_total")
IO_RATE = ("io_read_bytes_per_second", "io_write_bytes_per_second")

#: Cells that read otherwise than their unit says, or have a shorter title than their key.
_OWN = (
    Cell("name", "NAME", ("name",), _name),
    Cell("status", "STATUS", ("state", "health", "exit_code", "started", "finished"), _status),
    Cell("id", "ID", ("id",), _id),
    Cell("image_id", "IMAGE ID", ("image_id",), _image_id),
    Cell("ports", "PORTS", ("ports",), _ports),
    Cell("command", "COMMAND", ("command",), _command),
    Cell("labels", "LABELS", ("labels",), _labels),
    Cell("limits", "LIMITS", ("cpu_limit_ratio", "memory_limit_bytes", "pids_limit"), _limits),
    Cell("cpu", "CPU%", ("cpu_usage_ratio",), lambda shown: percent(_number(shown.row["cpu_usage_ratio"])), True),
    Cell("net", "NET I/O", RX_TX, _pair(*RX_TX, si), True),
    Cell("net_rate", "NET I/O RATE", RX_TX_RATE, _pair(*RX_TX_RATE, si_rate), True),
    Cell("block", "BLOCK I/O", IO, _pair(*IO, si), True),
    Cell("block_rate", "BLOCK I/O RATE", IO_RATE, _pair(*IO_RATE, si_rate), True),
    Cell("psi", "PSI", PSI, _psi, True),
    Cell("interfaces", "INTERFACES", ("interfaces",), _interfaces),
)
_TITLES = {"thr": "THR%", "mem_ratio": "MEM%"}


def _cells() -> dict[str, Cell]:
    """Every cell by each of its names: the short one and the key."""
    found = {}
    short = {key: name for name, key in ALIASES.items()}
    for column in COLUMNS:
        name = short.get(column.key, column.key)
        title = _TITLES.get(name, name.upper().replace("_", " "))
        cell = Cell(name, title, (column.key,), _plain(column), column.unit not in (TEXT, LIST, TIME, TRUTH))
        found[column.key] = found[name] = cell
    for cell in _OWN:
        found[cell.name] = cell
        if len(cell.keys) == 1:
            found[cell.keys[0]] = cell
    return found


CELLS = _cells()


def chosen(words: Iterable[str], *, sampled: bool = True) -> list[Cell]:
    """The cells that ``--columns`` names. Without ``sampled`` those that take a sample are refused."""
    cells = []
    for word in words:
        cell = CELLS.get(word.lower())
        if cell is None:
            raise unknown("column", word, CELLS)
        if cell.sampled and not sampled:
            raise UsageError(f"column '{word}' takes a sample, and this command takes none: see 'cadvcli stats'")
        cells.append(cell)
    return cells


def keys_of(cells: Iterable[Cell]) -> list[str]:
    """The keys that these cells are made of, each once."""
    return list(dict.fromkeys(key for cell in cells for key in cell.keys))


def columns_of(keys: Iterable[str]) -> list[Column]:
    """The columns with these keys."""
    return [BY_KEY[key] for key in keys]


def draw(cells: Sequence[Cell], rows: Iterable[Shown], width: int | None = None) -> str:
    """The rows as a table."""
    return table(headings(cells), [[cell.text(shown) for cell in cells] for shown in rows], width)


def headings(cells: Iterable[Cell]) -> list[Heading]:
    """What stands above the cells."""
    return [Heading(cell.title, cell.right) for cell in cells]


def columns_help(*, sampled: bool = True) -> str:
    """What ``--columns help`` prints: every column with its names, its unit and the files it comes from."""
    short: Mapping[str, str] = {key: name for name, key in ALIASES.items()}
    rows = [
        (short.get(column.key, NOTHING), column.key, column.unit, column.v1 or NOTHING, column.v2, column.help)
        for column in COLUMNS
        if sampled or not column.sampled
    ]
    together = [cell for cell in _OWN if len(cell.keys) > 1 and (sampled or not cell.sampled)]
    lines = table([Heading(title) for title in ("SHORT", "KEY", "UNIT", "CGROUP V1", "CGROUP V2", "MEANING")], rows)
    return lines + "\n" + table([Heading("SHORT"), Heading("KEYS")], [(c.name, ", ".join(c.keys)) for c in together])
