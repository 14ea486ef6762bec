"""Kind ``advtcp``: TCP counters of the container's network namespace, as the kernel counts them. Off by default.

Reads the Tcp lines of /proc/PID/net/snmp and the TcpExt lines of /proc/PID/net/netstat. A counter that this kernel
lacks is absent. https://docs.kernel.org/networking/snmp_counter.html
"""

from cadvcli.collectors.network import section
from cadvcli.collectors.source import Collector, Raw, Source
from cadvcli.kernel.snmp import parse_snmp
from cadvcli.model.network import TcpAdvancedStat
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family, Rows

#: Our fields by the kernel's names in lower case: a few are written otherwise (TCPFACKReorder, OfoPruned).
_FIELDS = {name.lower(): name for name in TcpAdvancedStat.__struct_fields__}


def _rows(stats: ContainerStats) -> Rows:
    counters = stats.network.tcp_advanced if stats.network else None
    return [((name,), getattr(counters, field)) for name, field in _FIELDS.items()] if counters else []


class AdvTcp(Collector):
    """TCP counters of one network namespace."""

    kind = "advtcp"
    default = False
    v1 = v2 = (
        Source(name="net/snmp", read=lambda target: target.net("snmp")),
        Source(name="net/netstat", read=lambda target: target.net("netstat")),
    )
    families = (
        Family(
            name="container_network_advance_tcp_stats_total",
            type="gauge",
            help="The kernel's TCP counters, by name.",
            labels=("tcp_state",),
            rows=_rows,
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``network.tcp_advanced``."""
        found: dict[str, int] = {}
        for text, protocol, path in zip(raw, ("Tcp", "TcpExt"), ("net/snmp", "net/netstat"), strict=True):
            if text is not None:
                counters = parse_snmp(text, path).get(protocol, {})
                found.update((_FIELDS[name.lower()], n) for name, n in counters.items() if name.lower() in _FIELDS)
        if found:
            section(stats).tcp_advanced = TcpAdvancedStat(**found)

    decode_v1 = decode_v2
