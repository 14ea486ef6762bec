"""Durations and sizes as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import UsageError
from cadvcli.units import format_duration, parse_bytes, parse_duration


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("10s", 10_000_000_000),
        ("1m30s", 90_000_000_000),
        ("1.5h", 5_400_000_000_000),
        ("250ms", 250_000_000),
        ("2", 2_000_000_000),
        ("0.1", 100_000_000),
        (".5", 500_000_000),
        ("5.", 5_000_000_000),
        ("0", 0),
        ("0s", 0),
        ("1d", 86_400_000_000_000),
        ("1h0m0.000000001s", 3_600_000_000_001),
        ("7us", 7_000),
        ("7µs", 7_000),
        ("7μs", 7_000),  # the Greek letter, which Go takes beside the micro sign
        (" 3s ", 3_000_000_000),
    ],
)
def test_duration_in_nanoseconds(text, ns):
    assert parse_duration(text) == ns


@pytest.mark.parametrize("text", ["", " ", "s", ".", ".s", "-1s", "+1s", "1x", "1 s", "1e3", "1s2", "s1", "\u0661s"])
def test_what_is_no_duration_is_a_usage_error(text):
    with pytest.raises(UsageError, match="not a duration: write 10s"):
        parse_duration(text)


def test_a_duration_longer_than_64_bits_of_nanoseconds_is_a_usage_error():
    assert parse_duration("106751d") == 106751 * 86_400_000_000_000
    with pytest.raises(UsageError, match="longer than 292 years"):
        parse_duration("106752d")


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_formatted_duration_reads_back(ns):
    assert parse_duration(format_duration(ns)) == ns


@given(st.text())
def test_any_text_is_a_duration_or_a_usage_error(text):
    with suppress(UsageError):
        assert parse_duration(text) >= 0


@pytest.mark.parametrize(
    ("ns", "text"),
    [(0, "0s"), (90_000_000_000, "1m30s"), (500_000_000, "500ms"), (3_600_000_000_000, "1h"), (1, "1ns")],
)
def test_duration_as_text(ns, text):
    assert format_duration(ns) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1024", 1024),
        ("1k", 1024),
        ("1K", 1024),
        ("64MiB", 64 * 1024**2),
        ("64MB", 64_000_000),
        ("64 mb", 64_000_000),
        ("1.5GiB", 1536 * 1024**2),
        ("2b", 2),
    ],
)
def test_size_in_bytes(text, size):
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "-1", "1XB", "1.2.3", "one"])
def test_what_is_no_size_is_a_usage_error(text):
    with pytest.raises(UsageError, match="not a size"):
        parse_bytes(text)
