"""``Sender``: one driver's queue and thread. Putting never waits: a backend that is slow or away costs only memory.

A batch stays first in line until the backend has accepted or refused every record of it. While the backend is away
the next try comes after 0.5 s, then ever later up to 30 s, or when the backend said; what no longer fits in the bound
is dropped from the old end, counted and said once.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence

from msgspec import Struct

from cadvcli.model.clock import SECOND
from cadvcli.storage import Driver, Outcome

log = logging.getLogger(__name__)

LIMIT_BYTES = 64 << 20
FIRST_PAUSE_NS = SECOND // 2
LONGEST_PAUSE_NS = 30 * SECOND


class Counts(Struct):
    """What became of the records put so far; what is in none of these is still waiting."""

    accepted: int = 0
    rejected: int = 0
    dropped: int = 0
    retries: int = 0  #: attempts that ended in waiting


def deliver(driver: Driver, batch: Sequence[bytes]) -> Outcome:
    """Send a batch; one that the backend refuses as a whole is halved until only the bad records are rejected."""
    outcome = driver.send(batch)
    if not outcome.split or len(batch) < 2:
        return outcome
    middle = len(batch) // 2
    first, second = deliver(driver, batch[:middle]), deliver(driver, batch[middle:])
    return Outcome(
        retry=[*first.retry, *(middle + at for at in second.retry)],
        rejected={**first.rejected, **{middle + at: why for at, why in second.rejected.items()}},
        reason=second.reason or first.reason,
        after_ns=second.after_ns or first.after_ns,
    )


def batches(records: Iterable[bytes], limit_bytes: int) -> Iterable[list[bytes]]:
    """The records in lists of at most so many bytes; one that is longer goes alone, an empty one not at all."""
    batch: list[bytes] = []
    room = limit_bytes
    for record in records:
        if batch and len(record) > room:
            yield batch
            batch, room = [], limit_bytes
        if record:
            batch.append(record)
            room -= len(record)
    if batch:
        yield batch


class Sender:
    """Sends what is put, in order, from a thread of its own."""

    def __init__(
        self,
        driver: Driver,
        ended: threading.Event | None = None,
        limit_bytes: int = LIMIT_BYTES,
        first_pause_ns: int = FIRST_PAUSE_NS,
    ) -> None:
        self.counts = Counts()
        #: Set when nothing more can ever be sent; ``error`` says why. It may be one that is set for other reasons too.
        self.ended = ended or threading.Event()
        self.error: BaseException | None = None
        #: Why the backend doesn't take anything now, "" while it does.
        self.trouble = ""
        self._driver = driver
        self._limit_bytes = limit_bytes
        self._first_pause_ns = first_pause_ns
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._sending = 0
        self._changed = threading.Condition()
        self._deadline_ns: int | None = None
        self._rejecting = False
        self._last_tries = False
        self._thread = threading.Thread(target=self._run, name=f"send to {driver.where}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, records: Iterable[bytes]) -> None:
        """Line up encoded records; never waits for the backend."""
        with self._changed:
            for record in records:
                if record:
                    self._queue.append(record)
                    self._bytes += len(record)
            self._bound()
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many records are neither accepted, rejected nor dropped."""
        with self._changed:
            return len(self._queue) + self._sending

    def drain(self, timeout_ns: int) -> int:
        """Send what is left, for at most this long, and end. Returns how many records were left over."""
        with self._changed:
            self._deadline_ns = time.monotonic_ns() + timeout_ns
            self._changed.notify_all()
        self._thread.join(timeout_ns / SECOND)
        if not self._thread.is_alive():
            self._driver.close()
        done, left = self.counts, self.waiting
        log.info(
            "%s: %d samples accepted, %d refused, %d dropped, %d left",
            self._driver.where, done.accepted, done.rejected, done.dropped, left,
        )
        return left

    def _run(self) -> None:
        pause_ns = self._first_pause_ns
        while batch := self._next():
            try:
                outcome = deliver(self._driver, batch)
            except Exception as error:
                # One driver's failure stops neither sampling nor other drivers. A reader that left, or a disk that is
                # full, is the end of this one; anything else would be a mistake of ours, and repeating won't mend it.
                self._end(batch, error)
                return
            self._settle(batch, outcome)
            if not outcome.retry:
                pause_ns = self._first_pause_ns
                continue
            self.counts.retries += 1
            if not self._pause(outcome.after_ns or round(pause_ns * random.uniform(0.8, 1.2))):
                return
            pause_ns = min(2 * pause_ns, LONGEST_PAUSE_NS)

    def _next(self) -> list[bytes]:
        """The next batch, taken out of the queue; waits for one. Empty: it is time to end."""
        with self._changed:
            while not self._queue and self._deadline_ns is None:
                self._changed.wait()
            if self._deadline_ns is not None and (not self._queue or time.monotonic_ns() > self._deadline_ns):
                return []
            batch = next(iter(batches(self._queue, self._driver.batch_bytes)))
            for record in batch:
                self._queue.popleft()
                self._bytes -= len(record)
            self._sending = len(batch)
            return batch

    def _settle(self, batch: Sequence[bytes], outcome: Outcome) -> None:
        """Count what became of a batch and put back what must go again, in its old place."""
        with self._changed:
            for at in sorted(outcome.retry, reverse=True):
                self._queue.appendleft(batch[at])
                self._bytes += len(batch[at])
            self._sending = 0
            self.counts.rejected += len(outcome.rejected)
            self.counts.accepted += len(batch) - len(outcome.retry) - len(outcome.rejected)
            self._bound()
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        """Log what changed: away, back, refusing."""
        where = self._driver.where
        if outcome.retry and not self.trouble:
            log.warning("%s: %s; samples wait until it takes them", where, outcome.reason)
        if self.trouble and not outcome.retry:
            log.warning("%s: takes samples again", where)
        if outcome.rejected and not self._rejecting:
            why = next(iter(outcome.rejected.values()))
            log.warning("%s: refuses %d records: %s", where, len(outcome.rejected), why)
        self.trouble = outcome.reason if outcome.retry else ""
        self._rejecting = bool(outcome.rejected)

    def _bound(self) -> None:
        """Drop the oldest records beyond the bound. The newest one stays whatever its size."""
        while self._bytes > self._limit_bytes and len(self._queue) > 1:
            self._bytes -= len(self._queue.popleft())
            if not self.counts.dropped:
                mib = self._limit_bytes >> 20
                log.warning("%s: more than %d MiB wait: the oldest are dropped", self._driver.where, mib)
            self.counts.dropped += 1

    def _pause(self, pause_ns: int) -> bool:
        """Wait before the next try. False if the time for draining would be over by then."""
        with self._changed:
            # Draining that begins ends the pause, however long: one try at once, then short pauses.
            self._changed.wait_for(lambda: self._deadline_ns is not None, pause_ns / SECOND)
            if self._deadline_ns is None or not self._last_tries:
                self._last_tries = self._deadline_ns is not None
                return True
            if time.monotonic_ns() + self._first_pause_ns > self._deadline_ns:
                return False
            self._changed.wait_for(lambda: False, self._first_pause_ns / SECOND)
            return True

    def _end(self, batch: Sequence[bytes], error: Exception) -> None:
        self.error = error
        with self._changed:
            self._queue.extendleft(reversed(batch))
            self._sending = 0
        self.ended.set()
