"""``Site``: what every answer is made from, and what the machine is, read now and then."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from cadvcli.machine.identity import Identity as MachineIdentity
from cadvcli.manager.daemon import Daemon
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.machine import MachineInfo
from cadvcli.web.answer import Answer, Scope, header
from cadvcli.web.samples import EncodedSamples

T = TypeVar("T")

log = logging.getLogger(__name__)

#: As cAdvisor's --update_machine_info_interval.
MACHINE_AGE_NS = 300 * SECOND
RETRY_NS = 10 * SECOND
#: How long an answer waits for the first reading.
FIRST_SECONDS = 2.0


class Machine:
    """What the machine is. Reading it asks every file system for its size, which may block: it is done in the pool."""

    def __init__(
        self, read: Callable[[], MachineInfo], identity: MachineIdentity, clock: Clock, pool: ThreadPoolExecutor
    ) -> None:
        self.identity = identity
        self._read = read
        self._clock = clock
        self._pool = pool
        self._info: MachineInfo | None = None
        self._due_ns: int | None = None
        self._reading: asyncio.Future[MachineInfo] | None = None
        self._failed = False

    async def info(self) -> MachineInfo | None:
        """What it was when it was last read; None as long as it could not be.

        Only the first reading is waited for, and not for ever: a dead NFS server answers no statvfs.
        """
        now = self._clock.boot_ns()
        if self._reading is None and (self._due_ns is None or now > self._due_ns):
            self._reading = asyncio.get_running_loop().run_in_executor(self._pool, self._read)
            self._reading.add_done_callback(self._done)
        if self._info is None and self._reading is not None:
            await asyncio.wait({self._reading}, timeout=FIRST_SECONDS)
        return self._info

    def _done(self, reading: "asyncio.Future[MachineInfo]") -> None:
        self._reading = None
        error = None if reading.cancelled() else reading.exception()
        if error is None and not reading.cancelled():
            self._info = reading.result()
        elif not self._failed:
            log.warning("the machine's facts can't be read: %s", error)
        self._failed = error is not None
        self._due_ns = self._clock.boot_ns() + (RETRY_NS if self._failed else MACHINE_AGE_NS)


class Site:
    """The daemon and all that answers share."""

    def __init__(self, manager: Daemon, machine: Machine, samples: EncodedSamples, pool: ThreadPoolExecutor) -> None:
        self.manager = manager
        self.machine = machine
        self.samples = samples
        self.pool = pool
        self.scrape_timeout_ns = 5 * SECOND
        self.prometheus_endpoint = "/metrics"

    async def run(self, job: Generator[None, None, T]) -> T:
        """What the job makes on the work thread."""
        return await asyncio.wrap_future(self.manager.run(job))

    def deadline_ns(self, scope: Scope) -> int:
        """Until when a sweep for this request may go on, on the boot clock.

        Prometheus says how long it waits for the whole answer; a fifth of that is left for writing it.
        """
        wait_ns = self.scrape_timeout_ns
        with suppress(ValueError, OverflowError):
            wait_ns = int(float(header(scope, b"x-prometheus-scrape-timeout-seconds")) * SECOND) * 4 // 5
        return self.manager.clock.boot_ns() + max(0, wait_ns)


class Endpoint(ABC):
    """Something that is served: an ASGI application that answers any method, as cAdvisor does."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @abstractmethod
    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """What this request gets."""

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request."""
        answer = await self.answer(scope, receive)
        await answer.send(scope, send, self.site.pool)
