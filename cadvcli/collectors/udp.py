"""Kind ``udp``: UDP sockets, drops and queues in the container's network namespace. Off by default.

Reads /proc/PID/net/udp and udp6, counted while read. Queues are bytes.
https://docs.kernel.org/networking/proc_net_tcp.html (the udp tables have the same columns, and drops as the last)
"""

from collections.abc import Callable

from cadvcli.collectors.network import section
from cadvcli.collectors.source import Collector, Raw, Source
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.kernel.sockets import count_udp
from cadvcli.model.network import NetworkStats, UdpStat
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family, Rows

_FIELDS = ("Listen", "Dropped", "RxQueued", "TxQueued")


def _rows(table: Callable[[NetworkStats], UdpStat]) -> Callable[[ContainerStats], Rows]:
    def rows(stats: ContainerStats) -> Rows:
        sums = table(stats.network) if stats.network else None
        return [((name.lower(),), getattr(sums, name)) for name in _FIELDS] if sums else []

    return rows


def _stat(text: bytes | None, path: str) -> UdpStat:
    if text is None:
        return UdpStat()
    sums = parse_keyed(text, path)
    return UdpStat(**{name: sums.get(name.encode()) for name in _FIELDS})


class Udp(Collector):
    """UDP sockets of one network namespace."""

    kind = "udp"
    default = False
    v1 = v2 = (
        Source(name="net/udp", read=lambda target: target.net("udp", count_udp)),
        Source(name="net/udp6", read=lambda target: target.net("udp6", count_udp)),
    )
    families = (
        Family(
            name="container_network_udp_usage_total",
            type="gauge",
            help="UDP sockets over IPv4, datagrams dropped, and bytes waiting in their queues.",
            labels=("udp_state",),
            rows=_rows(lambda network: network.udp),
        ),
        Family(
            name="container_network_udp6_usage_total",
            type="gauge",
            help="UDP sockets over IPv6, datagrams dropped, and bytes waiting in their queues.",
            labels=("udp_state",),
            rows=_rows(lambda network: network.udp6),
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``network.udp`` and ``network.udp6``."""
        udp, udp6 = raw
        if udp is None and udp6 is None:
            return
        network = section(stats)
        network.udp, network.udp6 = _stat(udp, "net/udp"), _stat(udp6, "net/udp6")

    decode_v1 = decode_v2
