"""``WorkThread``: the one thread that sweeps, decodes, renders and encodes, in turn.

A job is a generator that yields often, at every container, and returns its result. Jobs take turns by slices of a
millisecond, so a sweep beside a 20 MB answer takes twice its time and not the answer's. Nothing that blocks in the
kernel belongs here. https://docs.python.org/3/library/select.html#poll-objects
"""

import logging
import os
import select
import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, TypeVar

from cadvcli.model.clock import Clock

T = TypeVar("T")
Job = Generator[None, None, T]

log = logging.getLogger(__name__)

SLICE_NS = 1_000_000
_MS = 1_000_000


class WorkThread:
    """Runs jobs until it is stopped. ``timer`` is called at every turn with the boot time and says when again."""

    def __init__(self, clock: Clock, timer: Callable[[int], int | None]) -> None:
        self._clock = clock
        self._timer = timer
        self._jobs: deque[tuple[Job[Any], Future[Any]]] = deque()
        self._stopping = False
        self._ended = False
        self._lock = threading.Lock()  # around the descriptor: who wakes us late must not write to somebody else's
        self._poll = select.poll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self.on_readable(self._wake, self._woken)
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the slice that runs now; jobs that are not done are cancelled."""
        self._stopping = True
        self.wake()
        self._thread.join()
        with self._lock:
            self._ended = True
            os.close(self._wake)
        while self._jobs:
            job, future = self._jobs.popleft()
            job.close()
            future.cancel()

    def submit(self, job: Job[T]) -> "Future[T]":
        """Let a job take part from now on; callable from every thread. The Future gets its result or its error.

        After ``stop`` it is cancelled: an engine may answer that late.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                job.close()
                future.cancel()
            else:
                self._jobs.append((job, future))
                os.eventfd_write(self._wake, 1)
        return future

    def on_readable(self, fd: int, action: Callable[[], None]) -> None:
        """Call ``action`` on this thread whenever there is something to read from ``fd``."""
        self._readers[fd] = action
        self._poll.register(fd, select.POLLIN)

    def forget(self, fd: int) -> None:
        """The opposite; before the descriptor is closed."""
        del self._readers[fd]
        self._poll.unregister(fd)

    def wake(self) -> None:
        """Make the thread look at its jobs and times now."""
        with self._lock:
            if not self._ended:
                os.eventfd_write(self._wake, 1)

    def _woken(self) -> None:
        os.eventfd_read(self._wake)

    def _run(self) -> None:
        while not self._stopping:
            now = self._clock.boot_ns()
            due = self._timer(now)
            # Rounded up: poll counts whole milliseconds, and waking early would spin.
            idle_ms = -1 if due is None else max(0, -((now - due) // _MS))
            for fd, _ in self._poll.poll(0 if self._jobs else idle_ms):
                if fd in self._readers:  # one action may have been the end of another
                    self._safely(self._readers[fd])
            if self._jobs:
                self._slice()

    def _slice(self) -> None:
        """Run the job at the front for a millisecond, then put it behind the others."""
        job, future = self._jobs.popleft()
        if future.cancelled():
            job.close()
            return
        end = self._clock.boot_ns() + SLICE_NS
        try:
            while self._clock.boot_ns() < end:
                next(job)
        except StopIteration as done:
            future.set_result(done.value)
        except BaseException as error:  # whoever waits for the job gets it
            future.set_exception(error)
        else:
            self._jobs.append((job, future))

    def _safely(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception:
            log.exception("work thread")
