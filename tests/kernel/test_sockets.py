"""Socket tables, counted."""

from hypothesis import given
from hypothesis import strategies as st

from cadvcli.kernel.sockets import count_tcp, count_udp

HEAD = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LISTENING = b"   0: 0100007F:B147 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13328 1 0\n"
TALKING = b" 123: 0100007F:B147 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 13329 1 0 20\n"
OF_IPV6 = (
    b"   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 "
    b"00:00000000 00000000     0        0 19876 1 0 100\n"
)
UDP = b"  77: 00000000:0035 00000000:0000 07 00000010:00000200 00:00000000 00000000     0        0 15000 2 0 {}  \n"


def test_sockets_are_counted_by_state() -> None:
    counts = count_tcp(HEAD + LISTENING + TALKING + TALKING).split(b"\n")
    assert b"Listen 1" in counts
    assert b"Established 2" in counts
    assert b"Closing 0" in counts
    assert len(counts) == 12


def test_ipv6_tables_have_the_same_form() -> None:
    assert b"Listen 1\n" in count_tcp(HEAD + OF_IPV6)


def test_udp_queues_are_not_swapped_as_cadvisor_does() -> None:
    assert count_udp(HEAD + UDP.replace(b"{}", b"5") + UDP.replace(b"{}", b"7")) == (
        b"Listen 2\nDropped 12\nRxQueued 1024\nTxQueued 32\n"
    )


def test_an_empty_namespace_has_none() -> None:
    assert count_udp(HEAD) == b"Listen 0\nDropped 0\nRxQueued 0\nTxQueued 0\n"


@given(st.binary())
def test_any_bytes_are_counted(text: bytes) -> None:
    assert count_tcp(text).count(b"\n") == 11
    assert count_udp(text).count(b"\n") == 4
