"""PMUs: what counts events, each a folder of ``/sys/bus/event_source/devices``.

``type`` is its number for perf_event_open, ``events/NAME`` has terms such as ``event=0x04,umask=0x03``, ``format/TERM``
tells which bits a term is (``config:0-7,32``). An uncore PMU counts for the whole socket and has a ``cpumask`` with the
CPUs it is asked on, one for each. https://docs.kernel.org/admin-guide/abi-testing.html (…-event_source-devices-…)
"""

import re

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show
from cadvcli.kernel.perf import Attr
from cadvcli.kernel.sysfs import read_cpu_list, read_int

DEVICES = "/sys/bus/event_source/devices"
_FORMAT = re.compile(rb"(config[12]?):([0-9]{1,2}(?:-[0-9]{1,2})?(?:,[0-9]{1,2}(?:-[0-9]{1,2})?)*)")
_PLAIN = re.compile(r"[\w.:-]+", re.ASCII)


class Pmu(Struct, frozen=True, kw_only=True):
    """One PMU. ``cpus`` are those that an uncore PMU is asked on; None: it counts on each CPU."""

    name: str
    type: int
    cpus: list[int] | None = None


def read_pmus(host: Host) -> list[Pmu]:
    """The machine's PMUs by name."""
    found = []
    for name in sorted(host.listdir(DEVICES) or ()):
        number = read_int(host, f"{DEVICES}/{name}/type")
        if number is not None:
            found.append(Pmu(name=name, type=number, cpus=read_cpu_list(host, f"{DEVICES}/{name}/cpumask")))
    return found


def read_event(host: Host, pmu: Pmu, text: str) -> Attr | None:
    """The event that a PMU knows by this name, or by ``event=0x04,umask=0x03``; None if it knows none."""
    terms = text
    if "=" not in text:
        if not _PLAIN.fullmatch(text) or text.startswith("."):
            return None
        known = host.text(f"{DEVICES}/{pmu.name}/events/{text}")
        if known is None:
            return None
        terms = known
    configs = {"config": 0, "config1": 0, "config2": 0}
    for term in terms.split(","):
        word, _, number = term.strip().partition("=")
        value = parse_term(number or "1", f"{DEVICES}/{pmu.name}/events/{text}")
        if word in configs:
            configs[word] |= value
            continue
        path = f"{DEVICES}/{pmu.name}/format/{word}"
        layout = host.read(path) if _PLAIN.fullmatch(word) else None
        if layout is None:
            return None
        field, bits = parse_format(layout, path)
        configs[field] |= spread(value, bits)
    return Attr(pmu.type, configs["config"], configs["config1"], configs["config2"])


def parse_term(text: str, path: str) -> int:
    """The number of a term, in any base that C writes."""
    try:
        # C writes octal as 017, Python as 0o17.
        octal = len(text) > 1 and text[0] == "0" and text.isdigit()
        value = int(text, 8) if octal else int(text, 0)
    except ValueError:
        value = -1
    if not 0 <= value < 1 << 64:
        raise ParseError(path, 1, f"{show(text.encode('utf-8', 'replace'))} is no number")
    return value


def parse_format(text: bytes, path: str) -> tuple[str, list[int]]:
    """The field of the event and its bits, the lowest first, of ``config:0-7,32``."""
    match = _FORMAT.fullmatch(text.strip())
    if not match:
        raise ParseError(path, 1, f"{show(text)} tells no bits")
    bits: list[int] = []
    for part in match[2].split(b","):
        first, _, last = part.partition(b"-")
        bits += range(int(first), int(last or first) + 1)
    if not bits or max(bits) > 63:
        raise ParseError(path, 1, f"{show(text)} tells no bits")
    return match[1].decode(), bits


def spread(value: int, bits: list[int]) -> int:
    """The value's bits at these places."""
    return sum((value >> index & 1) << bit for index, bit in enumerate(bits))
