"""``Reading`` and ``History``: what a container's kernel files said, and for how long that is kept.

Readings are bytes; nothing here knows what they mean. A sample of an idle container costs 16 bytes, its two times:
its slots are the very tuple of the sample before. Of a busy one all but the newest, 16 at most, lie in blocks of 16
under zlib level 1 (12:1, 13 µs a sample): 120 samples of 2.3 kB take 36 to 57 kB instead of 277.
"""

import marshal
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

#: What each source said, in the order of the Plan; None: it was not there.
Slots = tuple[bytes | None, ...]

BLOCK = 16


class Reading(NamedTuple):
    """One sample as it was read: when, on both clocks, and what each source said. It never changes."""

    wall_ns: int
    boot_ns: int
    slots: Slots


class _Run:
    """The same slots ``count`` times in a row."""

    __slots__ = ("count", "slots")

    def __init__(self, slots: Slots) -> None:
        self.count = 1
        self.slots = slots


class _Block(NamedTuple):
    """Sixteen runs, packed, and how many samples they are."""

    samples: int
    packed: bytes

    def unpack(self) -> list[tuple[int, Slots]]:
        runs: list[tuple[int, Slots]] = marshal.loads(zlib.decompress(self.packed))
        return runs


def _pack(runs: list[_Run]) -> _Block:
    # marshal writes an object that several tuples share once, so what stood still is stored once a block.
    packed = zlib.compress(marshal.dumps([(run.count, run.slots) for run in runs]), 1)
    return _Block(sum(run.count for run in runs), packed)


class History:
    """The Readings of one container, oldest first: the newest two, and all less than ``keep_ns`` before the newest."""

    __slots__ = ("_blocks", "_boots", "_gone", "_keep_ns", "_runs", "_walls")

    def __init__(self, keep_ns: int) -> None:
        self._keep_ns = keep_ns
        self._walls = array("q")
        self._boots = array("q")
        self._blocks: deque[_Block] = deque()
        self._runs: deque[_Run] = deque()
        self._gone = 0  #: how many samples of the oldest block or run are evicted already

    def __len__(self) -> int:
        return len(self._boots)

    @property
    def newest(self) -> Reading | None:
        """The last Reading, None before the first."""
        return Reading(self._walls[-1], self._boots[-1], self._runs[-1].slots) if self._boots else None

    def append(self, reading: Reading) -> None:
        """Keep a Reading that is newer than all others, and drop what has become too old."""
        # Joined, not appended to: append would reserve a sixteenth more than the 16 bytes.
        self._walls = self._walls + array("q", (reading.wall_ns,))
        self._boots = self._boots + array("q", (reading.boot_ns,))
        if self._runs and self._runs[-1].slots is reading.slots:
            self._runs[-1].count += 1
        else:
            self._runs.append(_Run(reading.slots))
            if len(self._runs) > BLOCK:
                self._blocks.append(_pack([self._runs.popleft() for _ in range(BLOCK)]))
        # The boot clock never jumps back, so the oldest samples stand first whatever the wall clock did.
        # Two always stay: a rate is made of the newest and the one before, however late that was.
        expired = bisect_right(self._boots, reading.boot_ns - self._keep_ns, hi=max(0, len(self._boots) - 2))
        if expired:
            self._evict(expired)

    def readings(self, count: int = -1, start_ns: int | None = None, end_ns: int | None = None) -> list[Reading]:
        """The newest ``count`` (-1: all) between two wall-clock times, both inclusive, oldest first."""
        first = 0 if start_ns is None else bisect_left(self._walls, start_ns)
        last = len(self._walls) if end_ns is None else bisect_right(self._walls, end_ns)
        if count >= 0:
            first = max(first, last - count)
        if first >= last:
            return []
        slots = self._slots(first)
        return [Reading(self._walls[i], self._boots[i], next(slots)) for i in range(first, last)]

    def _slots(self, first: int) -> Iterator[Slots]:
        """The slots of each sample from the ``first`` kept one on; blocks before it are not unpacked."""
        skip = first + self._gone
        for block in self._blocks:
            if skip >= block.samples:
                skip -= block.samples
                continue
            for count, slots in block.unpack():
                taken = max(0, count - skip)
                skip -= count - taken
                yield from (slots,) * taken
        for run in self._runs:
            taken = max(0, run.count - skip)
            skip -= run.count - taken
            yield from (run.slots,) * taken

    def _evict(self, expired: int) -> None:
        del self._walls[:expired], self._boots[:expired]
        self._gone += expired
        while self._blocks and self._gone >= self._blocks[0].samples:
            self._gone -= self._blocks.popleft().samples
        while not self._blocks and self._gone >= self._runs[0].count:
            self._gone -= self._runs.popleft().count
