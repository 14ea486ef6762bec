"""kernel/sysfs.py: one value a file."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.sysfs import numbered, parse_cpu_list, parse_int, read_cpu_list, read_int


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        (b"\n", []),
        (b"0\n", [0]),
        (b"0-3\n", [0, 1, 2, 3]),
        (b"0-1,4,6-7\n", [0, 1, 4, 6, 7]),
        (b"2,0-1,1-2", [0, 1, 2]),
    ],
)
def test_lists_of_cpus_are_spelled_out(text: bytes, cpus: list[int]) -> None:
    assert parse_cpu_list(text, "online") == cpus


@pytest.mark.parametrize("text", [b"x", b"3-1", b"-1", b"0-", b"0,,1", b"1 2", b"0-99999999", b"65536", b"\xff"])
def test_malformed_lists_are_named(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/sys/devices/system/cpu/online:1: "):
        parse_cpu_list(text, "/sys/devices/system/cpu/online")


@given(st.binary() | st.text("0123456789-,\n").map(str.encode))
def test_any_bytes_are_a_list_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        assert len(parse_cpu_list(text, "online")) <= 65536


def test_numbers_may_be_negative(host) -> None:
    assert read_int(host({"/sys/class/net/eth0/speed": "-1\n"}), "/sys/class/net/eth0/speed") == -1


@pytest.mark.parametrize("text", [b"", b"x", b"1 2", b"1.5", b"9" * 5000])
def test_what_is_no_number_is_named(text: bytes) -> None:
    with pytest.raises(ParseError, match="is no number"):
        parse_int(text, "file")


def test_what_is_not_there_is_none(host) -> None:
    assert read_int(host({}), "/sys/nothing") is None
    assert read_cpu_list(host({}), "/sys/nothing") is None


def test_entries_are_in_the_order_of_their_numbers() -> None:
    assert numbered(["cpu10", "cpu2", "cpufreq", "cpu", "node1", "cpu٣", "cpu1"], "cpu") == [1, 2, 10]
    assert numbered(None, "cpu") == []
