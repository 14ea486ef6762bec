"""Times: the two clocks, and RFC 3339 as Go writes it.

Rates, ages, due times and eviction use boot time, which never jumps and counts a suspend; output uses the wall
clock. Both are int nanoseconds.
"""

import time
from datetime import UTC, datetime
from typing import NamedTuple

SECOND = 1_000_000_000


class Clock:
    """The machine's clocks; a test brings its own."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970, as the wall clock has it now."""
        return time.time_ns()

    def boot_ns(self) -> int:
        """Nanoseconds since this machine started, suspended time included."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Moment(NamedTuple):
    """One moment on both clocks."""

    wall_ns: int
    boot_ns: int


_last_second = (-1, "")


def rfc3339(wall_ns: int) -> str:
    """``2026-11-23T18:28:37.823772151Z``: UTC, trailing zeros of the fraction cut as Go does."""
    global _last_second
    second, fraction = divmod(wall_ns, SECOND)
    known, text = _last_second
    if second != known:
        text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        _last_second = (second, text)
    if not fraction:
        return text + "Z"
    return f"{text}.{fraction:09d}".rstrip("0") + "Z"


def parse_rfc3339(text: str) -> int | None:
    """Wall-clock nanoseconds of an RFC 3339 time with up to nine fraction digits; None if it is none or unset."""
    head, dot, rest = text.partition(".")
    zone_at = next((i for i, c in enumerate(rest) if not c.isdigit()), len(rest)) if dot else 0
    fraction = rest[:zone_at]
    zone = rest[zone_at:] if dot else ""
    try:
        moment = datetime.fromisoformat(head + zone)
        nanos = int(fraction.ljust(9, "0")[:9]) if fraction else 0
    except ValueError:
        return None
    if moment.year == 1:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp()) * SECOND + nanos
