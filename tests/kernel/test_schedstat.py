"""schedstat of a task."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.schedstat import Schedstat, parse_schedstat


def test_three_numbers() -> None:
    assert parse_schedstat(b"1234 56 7\n", "x") == Schedstat(1234, 56, 7)


@pytest.mark.parametrize("text", [b"", b"1 2", b"1 2 3 4", b"1 2 many"])
def test_anything_else_is_malformed(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^x:1: "):
        parse_schedstat(text, "x")


@given(st.binary())
def test_any_bytes_are_three_numbers_or_a_parse_error(text: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_schedstat(text, "x")
