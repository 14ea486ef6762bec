"""``Daemon``: a Manager that lives on. It samples containers in time, and answers from one thread.

Threads: the work thread does all of it, in turn; a small pool asks engines, which block. Every method here but
``start``, ``stop``, ``run`` and what a Manager's questions answer belongs to the work thread.
"""

import logging
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from cadvcli.host import Host
from cadvcli.manager.arrivals import Arrivals
from cadvcli.manager.container import Container
from cadvcli.manager.disk import DiskUsage
from cadvcli.manager.last_words import LastWords
from cadvcli.manager.manager import Manager
from cadvcli.manager.scheduler import Scheduler
from cadvcli.manager.settings import Settings
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import Clock
from cadvcli.model.sample import Sample
from cadvcli.runtimes.runtime import Runtime

T = TypeVar("T")

log = logging.getLogger(__name__)

Samples = list[tuple[Container, Sample]]


class _Subscription:
    """Somebody who wants the meaning of all samples every so often."""

    def __init__(self, interval_ns: int, callback: Callable[[Samples], None], due_ns: int) -> None:
        self.interval_ns = interval_ns
        self.callback = callback
        self.due_ns = due_ns
        self.running = False


class Daemon(Manager):
    """A Manager with a work thread."""

    def __init__(
        self,
        host: Host,
        settings: Settings | None = None,
        runtimes: Sequence[Runtime] = (),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(host, settings, runtimes, clock)
        self._work = WorkThread(self.clock, self._tick)
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="engine")
        self._scheduler = Scheduler()
        self._wanted: dict[str, Container] = {}  #: to be sampled, in this order; all requests share it
        self._subscriptions: list[_Subscription] = []
        self._housekeeping = True
        self._arrivals = Arrivals(self, self._work, self._pool, self._keep_house)
        self.disk = DiskUsage(self, self._work, self._pool)
        self._last_words = LastWords(runtimes, self._pool, self._work, self.oom.engine_says)
        self.oom.happened, self.oom.ask = self._happened, self._last_words.ask

    # -- life

    def start(self, *, housekeeping: bool = True) -> None:
        """Find what is there, then keep at it. Without ``housekeeping`` only what is asked for is sampled."""
        self._housekeeping = housekeeping
        self._arrivals.watch()
        self.oom.listen(self.host, self._work)
        self._work.start()
        self._arrivals.find()

    def stop(self) -> None:
        """End the thread and give everything back."""
        self._work.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._arrivals.close()
        self.disk.close()
        self.oom.close()
        self.close()

    def run(self, job: Generator[None, None, T]) -> "Future[T]":
        """Let a job take part in the work thread's turns; it yields often and returns its result."""
        return self._work.submit(job)

    # -- what outlets ask of the future

    def refresh(
        self, names: Collection[str] | None, max_age_ns: int, deadline_boot_ns: int | None = None
    ) -> Generator[None, None, None]:
        """Sample the containers whose newest sample is older than ``max_age_ns``; a job's ``yield from``.

        Requests share one list of what is wanted, so twenty of them make one sweep. It ends at the deadline;
        what isn't sampled by then is answered from the last sample.
        """
        limit = self.clock.boot_ns() - max(0, max_age_ns)
        mine = [c for c in list(self.registry) if (names is None or c.name in names) and _older(c, limit)]
        for container in mine:
            self._wanted[container.name] = container
        for container in mine:
            while _older(container, limit) and self.registry.get(container.name) is container:
                if container.name not in self._wanted:
                    break
                name = next(iter(self._wanted))
                self._keep_house(self._wanted.pop(name))
                yield
                if deadline_boot_ns is not None and self.clock.boot_ns() >= deadline_boot_ns:
                    return

    def each_sweep(self, interval_ns: int, callback: Callable[[Samples], None]) -> Callable[[], None]:
        """Call ``callback`` on the work thread with a fresh sample of every container each interval, from now on."""
        subscription = _Subscription(interval_ns, callback, self.clock.boot_ns())
        self._subscriptions.append(subscription)
        self._work.wake()

        def end() -> None:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)

        return end

    # -- the work thread's turns

    def _tick(self, now_ns: int) -> int | None:
        """Start what is due; when to look again. Called at every turn, so it does next to nothing itself."""
        if self._housekeeping:
            due = self._scheduler.due(now_ns)
            if due:
                self._work.submit(self._sweep(due))
        for subscription in self._subscriptions:
            if now_ns >= subscription.due_ns and not subscription.running:
                subscription.running = True
                subscription.due_ns = max(subscription.due_ns + subscription.interval_ns, now_ns)
                self._work.submit(self._deliver(subscription))
        waiting = (s.due_ns for s in self._subscriptions if not s.running)
        times = [self._arrivals.tick(now_ns), self.disk.tick(now_ns), self._last_words.tick(now_ns), *waiting]
        next_sample = self._scheduler.next_ns() if self._housekeeping else None
        return min(times) if next_sample is None else min(*times, next_sample)

    def _sweep(self, due: list[Container]) -> Generator[None, None, None]:
        for container in due:
            if self.registry.get(container.name) is container:
                self._keep_house(container)
                yield

    def _keep_house(self, container: Container) -> None:
        """Sample a container and decide when next: twice as late while nothing changes, at the base once it does."""
        self._wanted.pop(container.name, None)
        try:
            changed = self.take(container)
        except Exception:  # one container's failure never stops the others
            log.exception("%s", container.name)
            changed = None
        if self.registry.get(container.name) is not container:
            return
        base = self.settings.housekeeping_interval_ns
        if changed is False and self.settings.allow_dynamic_housekeeping:
            container.interval_ns = max(
                base, min(2 * container.interval_ns, self.settings.max_housekeeping_interval_ns)
            )
        elif changed:
            container.interval_ns = base
        self._scheduler.schedule(container, self.clock.boot_ns() + container.interval_ns)

    def _deliver(self, subscription: _Subscription) -> Generator[None, None, None]:
        """A fresh sample of everything for one subscriber."""
        try:
            yield from self.refresh(None, subscription.interval_ns // 2)
            found: Samples = []
            for container in list(self.registry):
                sample = self.latest(container)
                if sample is not None:
                    found.append((container, sample))
                yield
            if subscription in self._subscriptions:
                subscription.callback(found)
        except Exception:
            log.exception("a subscriber of samples failed")
        finally:
            subscription.running = False


def _older(container: Container, limit_ns: int) -> bool:
    return (container.newest_boot_ns or 0) < limit_ns
