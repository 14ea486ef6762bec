"""Kind ``tcp``: TCP sockets by state in the container's network namespace, IPv4 and IPv6. Off by default.

Reads /proc/PID/net/tcp and tcp6, which costs the kernel a walk over all sockets of the namespace; counted while read.
https://docs.kernel.org/networking/proc_net_tcp.html
"""

from collections.abc import Callable

from cadvcli.collectors.network import section
from cadvcli.collectors.source import Collector, Raw, Source
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.kernel.sockets import TCP_STATES, count_tcp
from cadvcli.model.network import NetworkStats, TcpStat
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family, Rows


def _rows(table: Callable[[NetworkStats], TcpStat]) -> Callable[[ContainerStats], Rows]:
    def rows(stats: ContainerStats) -> Rows:
        counts = table(stats.network) if stats.network else None
        return [((name.lower(),), getattr(counts, name)) for name in TCP_STATES.values()] if counts else []

    return rows


def _stat(text: bytes | None, path: str) -> TcpStat:
    if text is None:
        return TcpStat()
    counts = parse_keyed(text, path)
    return TcpStat(**{name: counts.get(name.encode()) for name in TCP_STATES.values()})


class Tcp(Collector):
    """TCP sockets of one network namespace."""

    kind = "tcp"
    default = False
    v1 = v2 = (
        Source(name="net/tcp", read=lambda target: target.net("tcp", count_tcp)),
        Source(name="net/tcp6", read=lambda target: target.net("tcp6", count_tcp)),
    )
    families = (
        Family(
            name="container_network_tcp_usage_total",
            type="gauge",
            help="TCP sockets over IPv4 by state.",
            labels=("tcp_state",),
            rows=_rows(lambda network: network.tcp),
        ),
        Family(
            name="container_network_tcp6_usage_total",
            type="gauge",
            help="TCP sockets over IPv6 by state.",
            labels=("tcp_state",),
            rows=_rows(lambda network: network.tcp6),
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``network.tcp`` and ``network.tcp6``."""
        tcp, tcp6 = raw
        if tcp is None and tcp6 is None:
            return
        network = section(stats)
        network.tcp, network.tcp6 = _stat(tcp, "net/tcp"), _stat(tcp6, "net/tcp6")

    decode_v1 = decode_v2
