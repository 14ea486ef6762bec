"""kernel/keyed.py: one number, a list of numbers, and ``key value`` lines."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import UNLIMITED, parse_keyed, parse_number, parse_numbers, show


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"0\n", 0),
        (b"4096\n", 4096),
        (b"9223372036854771712\n", 9223372036854771712),
        (b"18446744073709551615", 18446744073709551615),
        (b"max\n", UNLIMITED),
        (b"-1\n", 0),
    ],
)
def test_one_number(text: bytes, number: int) -> None:
    assert parse_number(text, "memory.max") == number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "memory.max:1: '' is no number"),
        (b"many\n", "memory.max:1: 'many' is no number"),
        (b"1 2\n", "memory.max:1: '1 2' is no number"),
        (b"\xff\n", "memory.max:1: '\\ufffd' is no number"),
        (b"9" * 5000, "memory.max:1: '" + "9" * 40 + "' is no number"),
    ],
)
def test_what_is_no_number_is_named(text: bytes, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_number(text, "memory.max")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (b"", []),
        (b"\n", []),
        (b"14162452 11560806 \n", [14162452, 11560806]),
        (b"1\n22\n333\n", [1, 22, 333]),
    ],
)
def test_a_list_of_numbers_by_blanks_or_lines(text: bytes, numbers: list[int]) -> None:
    assert parse_numbers(text, "cgroup.procs") == numbers


def test_the_line_of_a_wrong_word_in_a_list_is_named() -> None:
    with pytest.raises(ParseError, match=r"^cgroup\.procs:3: '3x' is no number$"):
        parse_numbers(b"1\n2\n3x\n4\n", "cgroup.procs")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", {}),
        (b"high 0\nmax 73\n", {b"high": 0, b"max": 73}),
        (b"high 0\nmax 73", {b"high": 0, b"max": 73}),
        (b"user 5\r\nsystem 7\r\n", {b"user": 5, b"system": 7}),
        (b"\nuser 5\n\nsystem 7\n\n", {b"user": 5, b"system": 7}),
        (b"swap -4096\nrss 1\n", {b"swap": 0, b"rss": 1}),
    ],
)
def test_keys_and_their_numbers(text: bytes, found: dict[bytes, int]) -> None:
    assert parse_keyed(text, "memory.stat") == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"anon 1\nfile\nslab 3\n", "memory.stat:2: 'file' is no 'key number'"),
        (b"anon 1\nfile many\n", "memory.stat:2: 'file many' is no 'key number'"),
        (b"anon 1\nfile 1 2\nslab 3\n", "memory.stat:2: 'file 1 2' is no 'key number'"),
        (b"anon max\n", "memory.stat:1: 'anon max' is no 'key number'"),
        (b"\x1b[31m 1\n\x00\n", "memory.stat:2: '\\x00' is no 'key number'"),
    ],
)
def test_the_line_that_is_no_key_and_number_is_named(text: bytes, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_keyed(text, "memory.stat")
    assert str(caught.value) == message


def test_a_message_shows_at_most_forty_bytes_and_no_control_bytes() -> None:
    assert show(b"\x1b]0;title\x07" + b"x" * 100) == "'\\x1b]0;title\\x07" + "x" * 30 + "'"


KEYED = st.lists(st.tuples(st.from_regex(rb"[a-z_.]{1,12}", fullmatch=True), st.integers(0, 2**64 - 1)))


@given(KEYED)
def test_whatever_the_kernel_counts_comes_back(pairs: list[tuple[bytes, int]]) -> None:
    text = b"".join(b"%s %d\n" % pair for pair in pairs)
    assert parse_keyed(text, "memory.stat") == dict(pairs)


@given(st.one_of(st.binary(max_size=80), st.text("0123456789 -+_.\nmax", max_size=40).map(str.encode)))
def test_any_bytes_give_numbers_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        assert parse_number(text, "f") >= 0
    with suppress(ParseError):
        assert all(number >= 0 for number in parse_keyed(text, "f").values())
    with suppress(ParseError):
        parse_numbers(text, "f")
