"""Netlink TASKSTATS."""

import contextlib
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.taskstats import TaskStates, Taskstats, parse_reply, parse_states, request
from tests.cgroups import ASLEEP, Cgroups


def test_a_message_is_understood_as_it_was_made() -> None:
    assert parse_reply(request(31, 4, 1, b"abcde")) == {1: b"abcde"}


def test_a_refusal_has_no_attributes() -> None:
    assert parse_reply(request(2, 0, 1, b"")) is None


def test_five_numbers_and_whatever_a_later_kernel_adds() -> None:
    assert parse_states(struct.pack("=6Q", 1, 2, 3, 4, 5, 6)) == TaskStates(1, 2, 3, 4, 5)


@pytest.mark.parametrize("message", [b"", request(31, 4, 1, b"abcd")[:-2]])
def test_a_message_cut_short_is_malformed(message: bytes) -> None:
    with pytest.raises(ParseError):
        parse_reply(message)


@given(st.binary(max_size=80))
def test_any_bytes_are_attributes_or_a_parse_error(message: bytes) -> None:
    with contextlib.suppress(ParseError):
        for value in (parse_reply(message) or {}).values():
            parse_states(value)


@pytest.mark.real
def test_the_kernel_tells_of_a_group(cgroups: Cgroups) -> None:
    if cgroups.hierarchies.version == 2:
        pytest.skip("cgroup v2: the kernel counts tasks of v1 groups alone")
    taskstats = Taskstats.open()
    assert taskstats is not None
    group = cgroups.make("asleep", *ASLEEP)
    directory = os.open(group.path("cpu.shares").parent, os.O_RDONLY)
    try:
        states = taskstats.states(directory)
        while states is not None and sum(states[:4]) != 1:  # until it has moved itself in
            states = taskstats.states(directory)
        assert states is not None
    finally:
        os.close(directory)
    with open("/proc/self/stat") as elsewhere:
        assert taskstats.states(elsewhere.fileno()) is None
