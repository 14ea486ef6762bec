"""kernel/pressure.py: pressure stall information."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.pressure import Stall, parse_pressure, totals

BOTH = b"""\
some avg10=0.09 avg60=0.02 avg300=12.34 total=263262
full avg10=0.00 avg60=0.01 avg300=99.99 total=122211
"""


def test_both_lines_with_percent_and_microseconds() -> None:
    assert parse_pressure(BOTH, "io.pressure") == {
        "some": Stall(0.09, 0.02, 12.34, 263262),
        "full": Stall(0.0, 0.01, 99.99, 122211),
    }


def test_kernels_before_5_13_have_no_full_line_for_cpu() -> None:
    assert set(parse_pressure(BOTH.split(b"\n")[0] + b"\n", "cpu.pressure")) == {"some"}


def test_an_empty_file_says_nothing() -> None:
    assert parse_pressure(b"", "cpu.pressure") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"none avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", 1),
        (BOTH.replace(b"total=122211", b"total=-1"), 2),
        (BOTH.replace(b"avg60=0.01", b"avg60=nan"), 2),
        (BOTH + b"\n", 3),
        (BOTH.replace(b"total=122211\n", b"total=" + b"9" * 5000), 2),
        (BOTH.replace(b"263262\n", b"263262 "), 1),
        (b"\0", 1),
    ],
)
def test_the_line_that_is_none_is_named(text: bytes, line: int) -> None:
    with pytest.raises(ParseError, match=rf"^io\.pressure:{line}: .* is no line of a pressure file$"):
        parse_pressure(text, "io.pressure")


def test_averages_that_fade_are_no_change() -> None:
    assert totals(BOTH) == totals(BOTH.replace(b"avg10=0.09", b"avg10=0.00"))
    assert totals(BOTH) != totals(BOTH.replace(b"263262", b"263263"))


@given(st.one_of(st.binary(max_size=200), st.text("some avg10=. total9\n", max_size=200).map(str.encode)))
def test_any_bytes_give_stalls_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        assert set(parse_pressure(text, "f")) <= {"some", "full"}
    totals(text)
