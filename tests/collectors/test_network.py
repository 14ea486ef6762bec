"""Kind ``network``."""

import pytest

from cadvcli.collectors.network import Network
from tests.decoding import complaint, decoded, rows

HEAD = b"Inter-| Receive | Transmit\n face |bytes ...\n"


def net_dev(*names: str) -> dict[str, bytes]:
    """A net/dev with these interfaces; the counters of the nth are n, n + 10 and so on."""
    lines = []
    for n, name in enumerate(names, 1):
        lines.append(f"{name}: {n} {n + 10} {n + 20} {n + 30} 0 0 0 0 {n + 40} {n + 50} {n + 60} {n + 70} 0 0 0 0\n")
    return {"net/dev": HEAD + "".join(lines).encode()}


def test_the_section_repeats_the_first_interface() -> None:
    network = decoded("network", 2, net_dev("eth0", "eth1")).network
    assert network is not None
    assert [link.name for link in network.interfaces] == ["eth0", "eth1"]
    first = network.interfaces[0]
    assert (first.rx_bytes, first.rx_packets, first.rx_errors, first.rx_dropped) == (1, 11, 21, 31)
    assert (first.tx_bytes, first.tx_packets, first.tx_errors, first.tx_dropped) == (41, 51, 61, 71)
    assert (network.name, network.rx_bytes, network.rx_dropped, network.tx_dropped) == ("eth0", 1, 31, 71)


def test_v1_reads_the_same() -> None:
    assert decoded("network", 1, net_dev("eth0")) == decoded("network", 2, net_dev("eth0"))


@pytest.mark.parametrize("name", ["lo", "veth42f4e61", "VETH1", "docker0", "docker_gwbridge", "nerdctl0"])
def test_loopback_and_the_hosts_ends_are_left_out(name: str) -> None:
    network = decoded("network", 2, net_dev(name)).network
    assert network is not None
    assert (network.interfaces, network.name, network.rx_bytes) == ([], "", 0)


@pytest.mark.parametrize("name", ["eth0", "lowpan0", "local1", "br-1a2b", "podman0", "cni0", "w\N{SNOWMAN}"])
def test_other_interfaces_count_whatever_they_begin_with(name: str) -> None:
    network = decoded("network", 2, net_dev("lo", name)).network
    assert network is not None
    assert [link.name for link in network.interfaces] == [name]


def test_without_a_namespace_of_its_own_there_is_no_section() -> None:
    stats = decoded("network", 2, {})
    assert stats.network is None
    assert all(rows(family.name, stats) == {} for family in Network.families)


def test_metrics_by_interface() -> None:
    stats = decoded("network", 2, net_dev("lo", "eth0"))
    told = {
        "receive_bytes_total": 2,
        "receive_packets_total": 12,
        "receive_errors_total": 22,
        "receive_packets_dropped_total": 32,
        "transmit_bytes_total": 42,
        "transmit_packets_total": 52,
        "transmit_errors_total": 62,
        "transmit_packets_dropped_total": 72,
    }
    assert len(told) == len(Network.families)
    for name, number in told.items():
        assert rows("container_network_" + name, stats) == {"eth0": number}, name


def test_a_malformed_file_is_named() -> None:
    files = {"net/dev": net_dev("lo")["net/dev"] + b"eth0: 1 2\n"}
    assert complaint("network", 2, files) == "net/dev:4: 'eth0: 1 2' is no interface with 16 counters"
