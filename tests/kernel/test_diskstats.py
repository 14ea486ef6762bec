"""kernel/diskstats.py: what each block device has done."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.diskstats import DiskStats, parse_diskstats, read_diskstats

VDA = b" 254       0 vda 4563 683 610930 6416 11884 8128 6420528 38574 0 23892 47232 1027 0 19987552 694 1937 1547\n"


def test_columns_are_named_as_the_kernel_documents_them() -> None:
    assert parse_diskstats(VDA)[254, 0] == DiskStats(
        name="vda",
        reads_completed=4563,
        reads_merged=683,
        sectors_read=610930,
        read_ms=6416,
        writes_completed=11884,
        writes_merged=8128,
        sectors_written=6420528,
        write_ms=38574,
        io_in_progress=0,
        io_ms=23892,
        weighted_io_ms=47232,
        discards_completed=1027,
        discards_merged=0,
        sectors_discarded=19987552,
        discard_ms=694,
        flushes_completed=1937,
        flush_ms=1547,
    )


def test_kernel_without_discards_and_flushes_leaves_them_unknown() -> None:
    stats = parse_diskstats(b"259 0 nvme0n1p1 1 2 3 4 5 6 7 8 9 10 11\n")[259, 0]
    assert (stats.name, stats.weighted_io_ms, stats.discards_completed, stats.flush_ms) == ("nvme0n1p1", 11, None, None)


def test_columns_of_a_newer_kernel_are_passed_over() -> None:
    assert parse_diskstats(VDA.rstrip() + b" 99 98\n") == parse_diskstats(VDA)


@pytest.mark.parametrize(
    "line",
    [b"254", b"254 0", b"254 0 vda", b"254 0 vda 1 2 3", b"x 0 vda" + b" 1" * 11, b"254 0 vda" + b" x" * 11],
)
def test_malformed_line_is_named_by_its_number(line: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/proc/diskstats:2: "):
        parse_diskstats(VDA + line + b"\n")


@given(st.binary() | st.lists(st.sampled_from([b"1", b" ", b"vda", b"\n", b"-", b"1 1 a" + b" 1" * 11])).map(b"".join))
def test_any_bytes_are_counters_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_diskstats(text)


def test_no_proc_is_none(host) -> None:
    assert read_diskstats(host({})) is None


def test_against_the_disks_of_this_machine() -> None:
    stats = read_diskstats(Host("/"))
    assert stats is not None
    assert {device.name for device in stats.values()} >= set(Host("/").listdir("/sys/block") or ()) - {"sr0", "fd0"}
