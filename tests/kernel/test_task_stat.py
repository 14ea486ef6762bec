"""The state of a task."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.task_stat import parse_state


@pytest.mark.parametrize(
    ("text", "state"), [(b"7 (sh) S 1 7", "S"), (b"7 (a) R (b) D 1 7", "D"), (b"7 (\xff) I 2 0\n", "I")]
)
def test_the_state_follows_the_name_whatever_that_is(text: bytes, state: str) -> None:
    assert parse_state(text, "x") == state


@pytest.mark.parametrize("text", [b"", b"7 sh S", b"7 (sh)", b"7 (sh) Sleeping 1"])
def test_anything_else_is_malformed(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^x:1: "):
        parse_state(text, "x")


@given(st.binary())
def test_any_bytes_are_a_state_or_a_parse_error(text: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_state(text, "x")
