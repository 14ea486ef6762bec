"""smaps_rollup of a process."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.smaps import parse_referenced

TEXT = b"5580-7ffd ---p 00000000 00:00 0    [rollup]\nRss:    3000 kB\nReferenced:         2048 kB\nAnonymous:  8 kB\n"


def test_kilobytes_become_bytes() -> None:
    assert parse_referenced(TEXT, "x") == 2 << 20


def test_without_the_line_it_is_malformed() -> None:
    with pytest.raises(ParseError, match=r"^x:1: no line Referenced"):
        parse_referenced(b"Rss: 5 kB\n", "x")


@given(st.binary())
def test_any_bytes_are_a_number_or_a_parse_error(text: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_referenced(text, "x")
