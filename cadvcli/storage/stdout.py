"""Driver ``stdout``: one line a sample on standard output.

Layout ``cadvisor`` is the line of cAdvisor's driver, with its keys always in the same order, the sample's own time in
``timestamp`` and the machine's name in ``host``, where cAdvisor has its random order, the time of printing and the
address of a server that it doesn't use. ``jsonl`` is the flat naming of ``cadvcli stats -o jsonl`` and the key
``machine``; ``influx`` is line protocol, several lines a sample.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from cadvcli.storage import ACCEPTED, Outcome, Record
from cadvcli.storage.line_protocol import lines
from cadvcli.storage.measurements import Measurement, measurements
from cadvcli.text import encode_json, printable

SUMMARY = "Lines on standard output: cAdvisor's own, JSON, or Influx line protocol"

STDOUT = 1


class Stdout:
    """Writes to a file descriptor, whole lines at once."""

    where = "standard output"
    batch_bytes = 1 << 20

    def __init__(self, layout: Callable[[Record], bytes], fd: int = STDOUT) -> None:
        self.encode = layout
        self.rich = layout is json_line
        self._fd = fd

    def send(self, batch: Sequence[bytes]) -> Outcome:
        """Write the lines. A reader that left is a BrokenPipeError, a full disk an OSError: no later try helps."""
        rest = memoryview(b"".join(batch))
        while rest:
            rest = rest[os.write(self._fd, rest):]
        return ACCEPTED

    def close(self) -> None:
        """Nothing to let go of: the descriptor is the process's."""


def cadvisor_line(record: Record, host: str | None = None) -> bytes:
    """``cName=web host=h1 timestamp=… memory_usage=…``: unsigned integers, ns and bytes."""
    values = {"timestamp": record.sample.wall_ns, **dict(_values(list(measurements(record.sample.stats))))}
    pairs = " ".join(f"{key}={value}" for key, value in values.items())
    return f"cName={_word(record.container_name)} host={_word(host or record.machine)} {pairs}\n".encode()


def _values(found: Sequence[Measurement]) -> Iterator[tuple[str, int]]:
    """Keys and values as cAdvisor's stdout and statsd drivers name them: labels are part of the key."""
    for name, labels, value in found:
        yield _key(name, dict(labels)), value
        if name == "cpu_usage_total":
            yield "cpu_cumulative_usage", value
    for name in ("fs_limit", "fs_usage"):
        if values := [each.value for each in found if each.name == name]:
            yield f"fs_summary.{name}", sum(values)


def _key(name: str, labels: Mapping[str, str]) -> str:
    match name:
        case "fs_usage" | "fs_limit":
            return f"{_word(labels['device'])}.{name}"
        case "memory_failure":
            return f"{name}.{labels['scope']}.{labels['failure_type']}"
        case _:
            return ".".join((name, *map(_word, labels.values())))


def _word(text: str) -> str:
    """``text`` without what would end the word or the line."""
    return printable(text).replace(" ", "\\x20")


def influx_lines(record: Record) -> bytes:
    """What driver ``influxdb`` would send."""
    return lines(record.sample.stats, record.container_name, record.machine, record.sample.wall_ns)


def json_line(record: Record) -> bytes:
    """The container's row as one JSON object on a line."""
    from cadvcli.model.column import Subject
    from cadvcli.model.row import row

    subject = Subject(
        identity=record.identity,
        cgroup=record.cgroup,
        spec=record.spec,
        newest=record.sample,
        previous=record.previous,
        machine_memory_bytes=record.machine_memory_bytes,
    )
    return encode_json({**row(subject), "machine": record.machine}) + b"\n"


LAYOUTS: Mapping[str, Callable[[Record], bytes]] = {
    "cadvisor": cadvisor_line,
    "jsonl": json_line,
    "influx": influx_lines,
}


def open_driver(options: Mapping[str, Any], machine: str) -> Stdout:
    """The driver in one of the layouts."""
    layout = LAYOUTS[options["format"]]
    if layout is cadvisor_line and options["host"]:
        layout = partial(cadvisor_line, host=options["host"])
    return Stdout(layout)
