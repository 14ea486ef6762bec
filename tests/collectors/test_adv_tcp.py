"""Kind ``advtcp``."""

from cadvcli.collectors.adv_tcp import AdvTcp
from cadvcli.manager.plan import Plan

SNMP = b"Ip: Forwarding\nIp: 1\nTcp: RtoMin MaxConn InSegs\nTcp: 200 -1 77\n"
NETSTAT = b"TcpExt: TCPSynRetrans OfoPruned TCPDelivered\nTcpExt: 3 4 5\nIpExt: InOctets\nIpExt: 9\n"


def test_counters_of_both_files_become_rows_in_lower_case() -> None:
    stats = Plan({"advtcp"}, 2).decode((SNMP, NETSTAT), "/a")
    rows = AdvTcp.families[0].rows
    assert rows is not None
    found = {name: value for (name,), value in rows(stats) if value is not None}
    assert found == {"rtomin": 200, "maxconn": -1, "insegs": 77, "tcpsynretrans": 3, "ofopruned": 4}


def test_a_malformed_file_leaves_no_half_of_the_figures() -> None:
    assert Plan({"advtcp"}, 2).decode((SNMP, b"TcpExt: a b\nTcpExt: 3\n"), "/a").network is None
