"""kernel/net_dev.py: the interfaces of a network namespace."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.net_dev import Interface, parse_net_dev

HEAD = b"""\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
"""
COUNTERS = b" 773562672   45662    1    2    3     4          5         6  3463682   32117    7   8   9  10  11  12\n"


def interface(name: str) -> Interface:
    return Interface(
        name=name,
        rx_bytes=773562672,
        rx_packets=45662,
        rx_errors=1,
        rx_dropped=2,
        tx_bytes=3463682,
        tx_packets=32117,
        tx_errors=7,
        tx_dropped=8,
    )


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"  eth0:", "eth0"),
        (b"    lo:", "lo"),
        (b"veth42f4e61:", "veth42f4e61"),
        (b"eth0:1:", "eth0:1"),
        (b"  w\xff:", "w\udcff"),
        ("  ä:".encode(), "ä"),
    ],
)
def test_an_interface_with_its_counters(start: bytes, name: str) -> None:
    assert parse_net_dev(HEAD + start + COUNTERS, "net/dev") == [interface(name)]


def test_old_kernels_leave_no_blank_after_the_colon() -> None:
    assert parse_net_dev(HEAD + b"  eth0:" + COUNTERS.lstrip(), "net/dev") == [interface("eth0")]


def test_the_kernels_order_is_kept_and_a_namespace_may_have_none() -> None:
    rows = b"".join(name + COUNTERS for name in (b"lo:", b"eth1:", b"eth0:"))
    assert [link.name for link in parse_net_dev(HEAD + rows, "net/dev")] == ["lo", "eth1", "eth0"]
    assert parse_net_dev(HEAD, "net/dev") == []
    assert parse_net_dev(b"", "net/dev") == []


@pytest.mark.parametrize(
    "row",
    [b"eth0\n", b"eth0: 1 2 3\n", b"eth0" + COUNTERS, b"eth0:" + COUNTERS.replace(b"45662", b"4x"), b"\0\n"],
)
def test_the_line_that_is_no_interface_is_named(row: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/proc/7/net/dev:4: .* is no interface with 16 counters$"):
        parse_net_dev(HEAD + b"lo:" + COUNTERS + row, "/proc/7/net/dev")


@given(st.one_of(st.binary(max_size=200), st.text("0123:  eth\n", max_size=200).map(str.encode)))
def test_any_bytes_give_interfaces_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_net_dev(HEAD + text, "f")
    with suppress(ParseError):
        parse_net_dev(text, "f")
