"""Kind ``udp``."""

from cadvcli.collectors.udp import Udp
from cadvcli.manager.plan import Plan


def test_sums_become_rows() -> None:
    stats = Plan({"udp"}, 1).decode((b"Listen 2\nDropped 12\nRxQueued 1024\nTxQueued 32\n", None), "/a")
    assert Udp.families[0].rows is not None
    assert dict(Udp.families[0].rows(stats)) == {
        ("listen",): 2,
        ("dropped",): 12,
        ("rxqueued",): 1024,
        ("txqueued",): 32,
    }


def test_without_a_process_there_is_no_section() -> None:
    stats = Plan({"udp"}, 1).decode((None, None), "/a")
    assert stats.network is None
    assert Udp.families[0].rows is not None
    assert list(Udp.families[0].rows(stats)) == []
