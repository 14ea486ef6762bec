"""A sample as JSON, made in two steps: its sections once, then the answer that a version of the API wants of them.

Our Structs hold None where the kernel gave no number; the wire has no null for it, so 0 is written there, as cAdvisor
does. Floats without a fraction lose their ``.0`` as in Go. Both are done on the encoded bytes: building other Structs
would cost three times the encoding.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from cadvcli.model.container import ContainerSpec
from cadvcli.model.network import NetworkStats, UdpStat
from cadvcli.model.network import TcpAdvancedStat as TcpAdvanced
from cadvcli.model.stats import ContainerStats, CpuUsage, DiskIoStats, FsStats
from cadvcli.model.v2 import CpuInstStats, FilesystemStats
from cadvcli.web.go import encode

_encoder = msgspec.json.Encoder()

#: ``":null`` behind a key. The letter before the quote tells a key's end from a string's beginning, and a quote
#: inside a string has a backslash there. It stands behind the literal, which re finds without trying each byte.
_NULL = re.compile(rb'":null(?<=\w":null)')


class Interfaces(NamedTuple):
    """Section ``network`` in the parts of which the versions of the API take some."""

    first: bytes  #: the first interface's fields, flat
    each: bytes  #: ``"interfaces":[…]``, empty without any
    tcp: bytes  #: ``"tcp":{…},"tcp6":{…}``
    udp: bytes  #: ``"udp":{…},"udp6":{…},"tcp_advanced":{…}``


class Sections(NamedTuple):
    """One sample's sections, each ``"key":value`` or empty where the sample lacks it; without its time and health."""

    usage: CpuUsage  #: for the rates between samples
    cpu: bytes
    diskio: bytes
    memory: bytes
    hugetlb: bytes
    network: Interfaces | None
    filesystem: bytes
    only_filesystem: bytes  #: v2's form, where there is exactly one
    task_stats: bytes
    accelerators: bytes
    processes: bytes
    perf: bytes  #: ``"perf_stats":[…],"perf_uncore_stats":[…]``
    referenced_memory: bytes
    resctrl: bytes
    cpuset: bytes
    oom_events: bytes

    def size(self) -> int:
        """About how many bytes of memory it takes."""
        parts = [part for part in self if isinstance(part, bytes)] + list(self.network[:2] if self.network else ())
        return 600 + sum(map(len, parts))


def sections(stats: ContainerStats) -> Sections:
    """Encode everything of a sample that does not depend on who asks."""
    return Sections(
        usage=stats.cpu.usage,
        cpu=numbers_section("cpu", stats.cpu),
        diskio=diskio_section(stats.diskio) if stats.diskio else b"",
        memory=numbers_section("memory", stats.memory),
        hugetlb=b'"hugetlb":' + filled(encode(stats.hugetlb)) if stats.hugetlb else b"",
        network=_interfaces(stats.network) if stats.network else None,
        filesystem=b'"filesystem":' + filled(encode(stats.filesystem)) if stats.filesystem else b"",
        only_filesystem=_only_filesystem(stats.filesystem),
        task_stats=numbers_section("task_stats", stats.task_stats),
        accelerators=_lists(accelerators=stats.accelerators),
        # Go leaves these two out when they are 0; no number begins with a 0 but 0 itself.
        processes=numbers_section("processes", stats.processes)
        .replace(b',"threads_current":0', b"")
        .replace(b',"threads_max":0', b"")
        if stats.processes
        else b"",
        perf=_lists(perf_stats=stats.perf_stats, perf_uncore_stats=stats.perf_uncore_stats),
        referenced_memory=_count("referenced_memory", stats.referenced_memory),
        resctrl=numbers_section("resctrl", stats.resctrl),
        cpuset=numbers_section("cpuset", stats.cpuset),
        oom_events=_count("oom_events", stats.oom_events),
    )


def v1_sample(time: str, health: bytes, part: Sections) -> bytes:
    """A sample as v1's ``ContainerStats``. ``health`` is that section."""
    network = b'"network":{' + b",".join(filter(None, part.network)) + b"}" if part.network else b""
    rest = (part.perf, part.referenced_memory, part.resctrl, part.cpuset, part.oom_events, health)
    known = (part.cpu, part.diskio, part.memory, part.hugetlb, network, part.filesystem, part.task_stats)
    return sample_of(time, *known, part.accelerators, part.processes, *rest)


def v2_sample(time: str, spec: ContainerSpec, part: Sections, inst: CpuInstStats | None) -> bytes:
    """A sample as v2.1's ``ContainerStats``: what the spec says that the container has."""
    rates = b'"cpu_inst":' + _encoder.encode(inst) if inst and spec.has_cpu else b""
    network = b""
    if spec.has_network and part.network:
        # v2.1 never copies the UDP and advanced TCP counters.
        network = b'"network":{' + b",".join(filter(None, (part.network.each, part.network.tcp, NO_UDP))) + b"}"
    return sample_of(
        time,
        part.cpu if spec.has_cpu else b"",
        rates,
        part.diskio if spec.has_diskio else b"",
        part.memory if spec.has_memory else b"",
        (part.hugetlb or b'"hugetlb":null') if spec.has_hugetlb else b"",
        network,
        part.processes if spec.has_processes else b"",
        part.only_filesystem if spec.has_filesystem else b"",
        part.accelerators,
        part.perf,
        part.referenced_memory,
        part.resctrl,
    )


def filled(raw: bytes) -> bytes:
    """The JSON with 0 for every null that a key has; strings are left alone."""
    return _NULL.sub(b'":0', raw) if b"null" in raw else raw


def sample_of(time: str, *members: bytes) -> bytes:
    """The object of these members behind its time; empty ones are left out."""
    return b'{"timestamp":"' + time.encode() + b'",' + b",".join(filter(None, members)) + b"}"


def numbers_section(key: str, value: msgspec.Struct) -> bytes:
    """A member whose value holds no strings but fixed ones: there, plain replacing hits nothing else."""
    return b'"' + key.encode() + b'":' + _bare(_encoder.encode(value))


def _bare(raw: bytes) -> bytes:
    return raw.replace(b'":null', b'":0').replace(b".0,", b",").replace(b".0}", b"}")


def _count(key: str, value: int | None) -> bytes:
    return f'"{key}":{value}'.encode() if value else b""


def _lists(**lists: Sequence[msgspec.Struct]) -> bytes:
    """The members that have any."""
    found = [b'"' + key.encode() + b'":' + filled(encode(values)) for key, values in lists.items() if values]
    # As Go writes a whole float; in a string the quotes would have a backslash.
    return b",".join(found).replace(b'"scaling_ratio":1.0,', b'"scaling_ratio":1,')


def diskio_section(stats: DiskIoStats) -> bytes:
    """Section ``diskio``."""
    # The tables hold device names but no null and no float, and psi, which is the last member, no string.
    tables, key, psi = encode(stats).rpartition(b'"psi":')
    return b'"diskio":' + tables + key + _bare(psi)


def _interfaces(stats: NetworkStats) -> Interfaces:
    first = b'"name":' + encode(stats.name) + b"," + _flat(stats)
    each = b'"interfaces":' + encode(stats.interfaces) if stats.interfaces else b""
    tcp = numbers_section("tcp", stats.tcp) + b"," + numbers_section("tcp6", stats.tcp6)
    idle = stats.udp == _UDP and stats.udp6 == _UDP and stats.tcp_advanced == _ADVANCED
    return Interfaces(first, each, tcp, NO_UDP if idle else _udp(stats.udp, stats.udp6, stats.tcp_advanced))


_FLAT = ("rx_bytes", "rx_packets", "rx_errors", "rx_dropped", "tx_bytes", "tx_packets", "tx_errors", "tx_dropped")


def _flat(stats: NetworkStats) -> bytes:
    return ",".join([f'"{name}":{getattr(stats, name)}' for name in _FLAT]).encode()


def _udp(udp: UdpStat, udp6: UdpStat, advanced: TcpAdvanced) -> bytes:
    return b",".join(
        [numbers_section("udp", udp), numbers_section("udp6", udp6), numbers_section("tcp_advanced", advanced)]
    )


#: What stands there while nobody counts them: 3 kB of zeros that all samples share.
_UDP, _ADVANCED = UdpStat(), TcpAdvanced()
NO_UDP = _udp(_UDP, _UDP, _ADVANCED)


def _only_filesystem(filesystems: list[FsStats]) -> bytes:
    if len(filesystems) != 1:
        return b""
    (only,) = filesystems
    found = FilesystemStats(
        total_usage_bytes=only.usage or 0, base_usage_bytes=only.base_usage or 0, inode_usage=only.inodes or 0
    )
    return b'"filesystem":' + _encoder.encode(found)
