"""Durations and sizes as people write them: ``1m30s`` to int nanoseconds and back, ``64MiB`` to int bytes."""

import re
from collections.abc import Iterator

from cadvcli.errors import UsageError

NS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
}
_LONGEST_NS = 2**63 - 1  # Go's time.Duration, and any signed 64-bit consumer, ends here: 292 years
_NUMBER = r"([0-9]{1,18})?(?:\.([0-9]{0,18}))?"
_DURATION = re.compile(rf"{_NUMBER}(ns|us|µs|μs|ms|s|m|h|d)")


def parse_duration(text: str) -> int:
    """Nanoseconds of ``10s``, ``1m30s``, ``1.5h``, ``250ms`` or bare seconds like ``2`` and ``0.5``; never negative."""
    total = 0
    for whole, fraction, unit in _terms(text):
        # Whole numbers all the way: 0.1 s are 100,000,000 ns exactly.
        scale = NS["us" if unit in ("µs", "μs") else unit]
        total += int(whole or 0) * scale + int(fraction or 0) * scale // 10 ** len(fraction)
    if total > _LONGEST_NS:
        raise UsageError(f"'{text}' is longer than 292 years")
    return total


def _terms(text: str) -> Iterator[tuple[str, str, str]]:
    """Whole digits, fraction digits and unit of each part of a duration."""
    word = text.strip()
    if bare := re.fullmatch(_NUMBER, word):
        word += "s" if bare[1] or bare[2] else ""
    at = 0
    while at < len(word):
        part = _DURATION.match(word, at)
        if part is None or not (part[1] or part[2]):
            break
        yield part[1] or "", part[2] or "", part[3]
        at = part.end()
    if at < len(word) or not word:
        raise UsageError(f"'{text}' is not a duration: write 10s, 1m30s, 250ms or bare seconds")


def format_duration(ns: int) -> str:
    """The shortest text of whole units that ``parse_duration`` reads back: ``1m30s``, ``500ms``, ``0s``."""
    if ns == 0:
        return "0s"
    parts = []
    for unit in ("h", "m", "s", "ms", "us", "ns"):
        count, ns = divmod(ns, NS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


BYTES = {
    "": 1,
    "b": 1,
    **{letter: 1024**power for power, letter in enumerate("kmgtpe", start=1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgtpe", start=1)},
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgtpe", start=1)},
}


def parse_bytes(text: str) -> int:
    """Bytes of ``64MiB`` and ``64m`` (of 1024, as Docker has it), ``64MB`` (of 1000) or bare ``1024``."""
    found = re.fullmatch(rf"{_NUMBER}\s*([a-zA-Z]*)", text.strip())
    scale = BYTES.get(found[3].lower()) if found and (found[1] or found[2]) else None
    if found is None or scale is None:
        raise UsageError(f"'{text}' is not a size: write 64MiB, 64MB, 64m or bytes")
    fraction = found[2] or ""
    size: int = int(found[1] or 0) * scale + int(fraction or 0) * scale // 10 ** len(fraction)
    return size
