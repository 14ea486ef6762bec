"""Times as Go writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.model.clock import SECOND, Clock, Moment, parse_rfc3339, rfc3339


@pytest.mark.parametrize(
    ("wall_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1795458517 * SECOND + 823772151, "2026-11-23T18:28:37.823772151Z"),
        (1795458517 * SECOND + 823772000, "2026-11-23T18:28:37.823772Z"),
        (1795458517 * SECOND + 100000000, "2026-11-23T18:28:37.1Z"),
        (1795458517 * SECOND + 1, "2026-11-23T18:28:37.000000001Z"),
        (1795458517 * SECOND, "2026-11-23T18:28:37Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
    ],
)
def test_utc_with_the_trailing_zeros_cut(wall_ns: int, text: str) -> None:
    assert rfc3339(wall_ns) == text
    assert rfc3339(wall_ns) == text, "the second time from memory"
    assert parse_rfc3339(text) == wall_ns


@pytest.mark.parametrize(
    ("text", "wall_ns"),
    [
        ("2026-11-23T20:28:37.5+02:00", 1795458517 * SECOND + 500_000_000),
        ("2026-11-23T18:28:37+00:00", 1795458517 * SECOND),
        ("2026-11-23T13:58:37.25-04:30", 1795458517 * SECOND + 250_000_000),
        ("2026-11-23T18:28:37.1234567890123Z", 1795458517 * SECOND + 123_456_789),
        ("2026-11-23T18:28:37", 1795458517 * SECOND),
    ],
)
def test_other_offsets_and_more_digits_are_understood(text: str, wall_ns: int) -> None:
    assert parse_rfc3339(text) == wall_ns


@pytest.mark.parametrize(
    "text",
    ["", "0001-01-01T00:00:00Z", "yesterday", "2026-13-01T00:00:00Z", "2026-11-23T18:28:60Z", "2026-11-23T18:28:37.²Z"],
)
def test_what_is_no_time_or_was_never_set_is_none(text: str) -> None:
    assert parse_rfc3339(text) is None


@given(st.integers(0, 253_402_300_799 * SECOND))
def test_any_time_comes_back(wall_ns: int) -> None:
    assert parse_rfc3339(rfc3339(wall_ns)) == wall_ns


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_none(text: str) -> None:
    parse_rfc3339(text)
    parse_rfc3339("2026-11-23T18:28:37." + text)


def test_the_machines_clocks() -> None:
    clock = Clock()
    told = datetime.fromtimestamp(clock.wall_ns() / SECOND, UTC)
    assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)
    first = clock.boot_ns()
    assert clock.boot_ns() >= first > 0
    assert Moment(wall_ns=1, boot_ns=2) == (1, 2)
