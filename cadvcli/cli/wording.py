"""How a person reads numbers, times and states: in Docker's words and units, so that both can be compared.

Sizes and durations are those of github.com/docker/go-units, the status and ports those of ``docker ps``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cadvcli.model.clock import SECOND

#: What is unknown, unlimited or does not apply.
NOTHING = "-"

_IEC = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_SI = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")


def iec(size_bytes: float | None) -> str:
    """Four digits in powers of 1024, for memory: ``24.58MiB``."""
    return NOTHING if size_bytes is None else _scaled(size_bytes, 1024, 4, _IEC)


def si(size_bytes: float | None) -> str:
    """Three digits in powers of 1000, for what goes through a wire or to a disk: ``1.24kB``."""
    return NOTHING if size_bytes is None else _scaled(size_bytes, 1000, 3, _SI)


def si_rate(bytes_per_second: float | None) -> str:
    """As ``si``, per second."""
    return NOTHING if bytes_per_second is None else si(bytes_per_second) + "/s"


def _scaled(number: float, base: int, digits: int, units: Sequence[str]) -> str:
    for unit in units:
        # What would round up to the base, or to an exponent, belongs to the next unit (Docker prints 1e+03kB).
        text = f"{number:.{digits}g}"
        if float(text) < min(base, 10**digits) or unit == units[-1]:
            return text + unit
        number /= base
    raise AssertionError(units)


def percent(ratio: float | None) -> str:
    """``35.00%`` of 0.35."""
    return NOTHING if ratio is None else f"{ratio * 100:.2f}%"


def pair(first: str, second: str) -> str:
    """Two of one kind, ``1.2kB / 3.4kB``; one dash if both are unknown."""
    return NOTHING if first == second == NOTHING else f"{first} / {second}"


def duration(elapsed_ns: int) -> str:
    """About how long, as Docker says it: ``About a minute``, ``46 minutes``, ``3 weeks``."""
    seconds = max(0, elapsed_ns) // SECOND
    minutes = seconds // 60
    hours = (max(0, elapsed_ns) + 1800 * SECOND) // (3600 * SECOND)
    if seconds < 1:
        return "Less than a second"
    if seconds == 1:
        return "1 second"
    if seconds < 60:
        return f"{seconds} seconds"
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{seconds // 3600 // 24 // 365} years"


def local_time(wall_ns: int | None) -> str:
    """Local time with its offset: ``2026-11-23 19:28:37+01:00``."""
    if wall_ns is None:
        return NOTHING
    return datetime.fromtimestamp(wall_ns // SECOND).astimezone().isoformat(sep=" ")


class Life(NamedTuple):
    """What a STATUS is made of; times on the wall clock, None where unknown."""

    state: str | None
    started_ns: int | None = None
    finished_ns: int | None = None
    exit_code: int | None = None
    health: str | None = None


def status(life: Life, now_ns: int) -> str:
    """STATUS of ``docker ps``: ``Up 3 hours (healthy)``, ``Exited (137) 2 minutes ago``."""
    up = "Up" if life.started_ns is None else f"Up {duration(now_ns - life.started_ns)}"
    code = "" if life.exit_code is None else f" ({life.exit_code})"
    ago = "" if life.finished_ns is None else f" {duration(now_ns - life.finished_ns)} ago"
    match life.state:
        case "running":
            shown = {"starting": "health: starting", "none": None}.get(life.health or "none", life.health)
            return f"{up} ({shown})" if shown else up
        case "paused":
            return f"{up} (Paused)"
        case "restarting":
            return f"Restarting{code}{ago}"
        case "exited":
            return f"Exited{code}{ago}"
        case "removing":
            return "Removal In Progress"
        case None:
            return NOTHING
        case state:
            return state.capitalize()


class PublishedPort(NamedTuple):
    """A port as ``docker ps`` sorts and shows it; ``host_port`` 0 is not published."""

    container_port: int
    host_ip: str
    host_port: int
    protocol: str


def port_list(published: Iterable[PublishedPort]) -> str:
    """PORTS of ``docker ps``: ``0.0.0.0:8000-8001->8000-8001/tcp, 53/udp``; neighbours are drawn together."""
    runs: dict[tuple[str, str], list[list[int]]] = {}
    others = []
    for port in sorted(published):
        if port.host_port not in (0, port.container_port):
            others.append(f"{_at(port.host_ip, port.host_port)}->{port.container_port}/{port.protocol}")
            continue
        ip = port.host_ip or "0.0.0.0" if port.host_port else ""
        of_kind = runs.setdefault((ip, port.protocol), [])
        if of_kind and of_kind[-1][1] in (port.container_port, port.container_port - 1):
            of_kind[-1][1] = port.container_port
        else:
            of_kind.append([port.container_port, port.container_port])
    shown = []
    for (ip, protocol), spans in runs.items():
        for first, last in spans:
            span = str(first) if first == last else f"{first}-{last}"
            shown.append(f"{_at(ip, span)}->{span}/{protocol}" if ip else f"{span}/{protocol}")
    return ", ".join(shown + others) or NOTHING


def _at(ip: str, port: int | str) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip or '0.0.0.0'}:{port}"
