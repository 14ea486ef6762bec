"""Kind ``network``: bytes and packets by interface, as the container's own network namespace counts them.

Reads net/dev of a process in the group; for the root group of init. Loopback is left out everywhere, and so are
the host's ends of container links (veth*, docker*, nerdctl*), as cAdvisor does. A group that shares the host's
namespace has no traffic of its own, so it has no such section.
https://docs.kernel.org/filesystems/proc.html#networking-info-in-proc-net
"""

from collections.abc import Callable

from msgspec.structs import asdict

from cadvcli.collectors.source import Collector, Raw, Source
from cadvcli.kernel.net_dev import parse_net_dev
from cadvcli.model.network import InterfaceStats, NetworkStats, TcpAdvancedStat, TcpStat, UdpStat
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family, Rows

_HOST_ENDS = ("veth", "docker", "nerdctl")

#: What the kinds tcp, udp and advtcp have not filled in; shared, since a sample never changes.
_NO_TCP, _NO_UDP, _NO_TCP_ADVANCED = TcpStat(), UdpStat(), TcpAdvancedStat()


def _interfaces(value: Callable[[InterfaceStats], int]) -> Callable[[ContainerStats], Rows]:
    def rows(stats: ContainerStats) -> Rows:
        return [((link.name,), value(link)) for link in stats.network.interfaces] if stats.network else []

    return rows


def _family(name: str, text: str, value: Callable[[InterfaceStats], int]) -> Family:
    return Family(
        name="container_network_" + name, type="counter", help=text, labels=("interface",), rows=_interfaces(value)
    )


def section(stats: ContainerStats) -> NetworkStats:
    """The section ``network``, which four kinds fill in; made by whichever of them comes first."""
    if stats.network is None:
        stats.network = NetworkStats(
            name="",
            rx_bytes=0,
            rx_packets=0,
            rx_errors=0,
            rx_dropped=0,
            tx_bytes=0,
            tx_packets=0,
            tx_errors=0,
            tx_dropped=0,
            tcp=_NO_TCP,
            tcp6=_NO_TCP,
            udp=_NO_UDP,
            udp6=_NO_UDP,
            tcp_advanced=_NO_TCP_ADVANCED,
        )
    return stats.network


class Network(Collector):
    """Traffic of one network namespace."""

    kind = "network"
    v1 = v2 = (Source(name="net/dev", read=lambda target: target.net("dev")),)
    families = (
        _family("receive_bytes_total", "Bytes received.", lambda link: link.rx_bytes),
        _family("receive_packets_total", "Packets received.", lambda link: link.rx_packets),
        _family("receive_packets_dropped_total", "Received packets thrown away.", lambda link: link.rx_dropped),
        _family("receive_errors_total", "Errors while receiving.", lambda link: link.rx_errors),
        _family("transmit_bytes_total", "Bytes sent.", lambda link: link.tx_bytes),
        _family("transmit_packets_total", "Packets sent.", lambda link: link.tx_packets),
        _family("transmit_packets_dropped_total", "Packets to be sent thrown away.", lambda link: link.tx_dropped),
        _family("transmit_errors_total", "Errors while sending.", lambda link: link.tx_errors),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``network`` and its interfaces; without net/dev the section stays away."""
        (text,) = raw
        if text is None:
            return
        links = [
            InterfaceStats(**asdict(link))
            for link in parse_net_dev(text, "net/dev")
            if link.name != "lo" and not link.name.lower().startswith(_HOST_ENDS)
        ]
        network = section(stats)
        network.interfaces = links
        for field, value in asdict(links[0]).items() if links else ():
            setattr(network, field, value)

    decode_v1 = decode_v2
