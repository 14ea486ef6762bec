"""Kind ``tcp``."""

from cadvcli.collectors.tcp import Tcp
from cadvcli.kernel.sockets import count_tcp
from cadvcli.manager.plan import Plan
from tests.kernel.test_sockets import HEAD, LISTENING, TALKING


def test_states_become_rows() -> None:
    stats = Plan({"tcp"}, 2).decode((count_tcp(HEAD + LISTENING + TALKING), None), "/a")
    assert stats.network is not None
    assert (stats.network.tcp.Listen, stats.network.tcp.Established, stats.network.tcp.Closing) == (1, 1, 0)
    family, of_ipv6 = Tcp.families
    assert family.rows is not None
    assert of_ipv6.rows is not None
    assert dict(family.rows(stats))["listen",] == 1
    assert set(dict(of_ipv6.rows(stats)).values()) == {None}, "a kernel without IPv6 has no table"


def test_without_a_process_there_is_no_section() -> None:
    assert Plan({"tcp"}, 2).decode((None, None), "/a").network is None


def test_what_other_network_kinds_filled_in_stays() -> None:
    plan = Plan({"tcp", "network"}, 2)
    slots = {"net/dev": b"h\nh\n eth0: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n", "net/tcp": count_tcp(HEAD + LISTENING)}
    stats = plan.decode(tuple(slots.get(source.name) for source in plan.sources), "/a")
    assert stats.network is not None
    assert (stats.network.rx_bytes, stats.network.tcp.Listen) == (1, 1)
