"""memory.numa_stat of v1 and v2."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.numa_stat import parse_numa_stat


def test_both_forms() -> None:
    assert parse_numa_stat(b"total=9 N0=8 N1=1\nhierarchical_file=7 N0=7\n", "x") == {
        "total": {0: 8, 1: 1},
        "hierarchical_file": {0: 7},
    }
    assert parse_numa_stat(b"anon N0=4096 N1=0\n", "x") == {"anon": {0: 4096, 1: 0}}


@pytest.mark.parametrize("line", [b"anon 4096", b"anon X0=1", b"anon N0=", b"anon N0=many"])
def test_a_malformed_line_is_told_by_its_number(line: bytes) -> None:
    with pytest.raises(ParseError, match=r"memory\.numa_stat:2: "):
        parse_numa_stat(b"file N0=1\n" + line + b"\n", "memory.numa_stat")


@given(st.binary())
def test_any_bytes_are_a_table_or_a_parse_error(text: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_numa_stat(text, "x")
