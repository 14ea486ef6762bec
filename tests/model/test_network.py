"""The network section of a sample."""

import msgspec

from cadvcli.model.network import InterfaceStats, NetworkStats, TcpAdvancedStat, TcpStat, UdpStat

LINK = InterfaceStats(
    name="eth0",
    rx_bytes=1,
    rx_packets=2,
    rx_errors=0,
    rx_dropped=0,
    tx_bytes=3,
    tx_packets=4,
    tx_errors=0,
    tx_dropped=0,
)


def test_there_are_99_tcp_counters_named_as_the_kernel_does() -> None:
    assert len(TcpAdvancedStat.__struct_fields__) == 99
    assert TcpAdvancedStat.__struct_fields__[:2] == ("RtoAlgorithm", "RtoMin")


def test_the_first_interface_stands_beside_the_list_on_the_wire() -> None:
    sockets = {"tcp": TcpStat(), "tcp6": TcpStat(), "udp": UdpStat(), "udp6": UdpStat()}
    network = NetworkStats(
        **msgspec.structs.asdict(LINK), interfaces=[LINK], tcp_advanced=TcpAdvancedStat(), **sockets
    )
    wire = msgspec.json.decode(msgspec.json.encode(network))
    assert list(wire)[:2] == ["name", "rx_bytes"]
    assert wire["interfaces"] == [msgspec.to_builtins(LINK)]
    assert wire["tcp"]["Established"] is None
