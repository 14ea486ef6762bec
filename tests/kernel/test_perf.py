"""``perf_event_open``: names, what a group says, and the real kernel's software events."""

import contextlib
import errno
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError, PermissionDenied
from cadvcli.kernel.perf import Attr, Count, generic, open_event, parse_count, read_count, refusal, start
from tests import perf_events


@pytest.mark.parametrize(
    ("name", "attr"),
    [
        ("cycles", Attr(0, 0)),
        ("instructions", Attr(0, 1)),
        ("PERF_COUNT_HW_REF_CPU_CYCLES", Attr(0, 9)),
        ("cpu-clock", Attr(1, 0)),
        ("cs", Attr(1, 3)),
        ("PERF_COUNT_SW_PAGE_FAULTS_MAJ", Attr(1, 6)),
        ("L1-dcache-loads", Attr(3, 0)),
        ("LLC-load-misses", Attr(3, 2 | 1 << 16)),
        ("dTLB-prefetches", Attr(3, 3 | 2 << 8)),
        ("CPU_CLOCK", None),
        ("", None),
    ],
)
def test_generic_events_have_the_same_name_everywhere(name: str, attr: Attr | None) -> None:
    assert generic(name) == attr


def test_a_group_tells_two_times_and_a_number_for_each_event() -> None:
    assert parse_count(struct.pack("=5Q", 2, 30, 10, 7, 8), "x") == Count(30, 10, (7, 8))
    assert parse_count(b"", "x") is None


@given(st.binary())
def test_any_bytes_are_a_group_or_a_parse_error(raw: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_count(raw, "x")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "perf event cycles: not permitted; run as root or with CAP_PERFMON, or set "),
        (errno.ENOENT, "perf event cycles: this CPU or kernel doesn't count it"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EINVAL, "group"),
        (errno.ENOSYS, "architecture"),
        (errno.EBADF, os.strerror(errno.EBADF)),
    ],
)
def test_a_refusal_says_what_helps(number: int, words: str) -> None:
    error = refusal("cycles", OSError(number, os.strerror(number)))
    assert words in str(error)
    assert isinstance(error, PermissionDenied) == (number == errno.EACCES)


def test_the_kernel_counts_a_group_of_software_events() -> None:
    if reason := perf_events.why_not():
        pytest.skip(reason)
    cpu = min(os.sched_getaffinity(0))
    leader = open_event(Attr(1, 0), cpu)
    second = open_event(Attr(1, 3), cpu, leader=leader)
    try:
        assert read_count(leader, 2) == Count(0, 0, (0, 0)), "it stands still until it is started"
        start(leader)
        while not (count := read_count(leader, 2)) or not count.values[0]:
            pass
        assert count.running_ns == count.enabled_ns > 0
        assert len(count.values) == 2
    finally:
        os.close(second)
        os.close(leader)


def test_an_event_that_nobody_has_is_an_os_error() -> None:
    with pytest.raises(OSError, match=r".+"):
        open_event(Attr(4_000_000_000, 0), 0)
