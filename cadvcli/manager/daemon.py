"""``Daemon``: a Manager that lives on. It hears of containers, samples them in time, and answers from one thread.

Threads: the work thread does all of it, in turn; a small pool asks engines, which block. Every method here but
``start``, ``stop``, ``run`` and what a Manager's questions answer belongs to the work thread.
"""

import logging
import threading
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from msgspec.structs import replace

from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup, list_cgroups
from cadvcli.manager.container import Container
from cadvcli.manager.discovery import Watcher
from cadvcli.manager.disk import DiskUsage
from cadvcli.manager.manager import Manager
from cadvcli.manager.scheduler import TICK_NS, Scheduler
from cadvcli.manager.settings import Settings
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import Clock
from cadvcli.model.identity import Identity
from cadvcli.model.sample import Sample
from cadvcli.runtimes.runtime import Runtime

T = TypeVar("T")

#: What an engine's list of containers tells of one that changes while it lives.
_MOVING = ("name", "aliases", "state", "health")

log = logging.getLogger(__name__)

START_SECONDS = 3.0  # for the engines to say who is there; who is not known by then comes later
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
        self._watcher = Watcher(host, self.hierarchies)
        self._wanted: dict[str, Container] = {}  #: to be sampled, in this order; all requests share it
        self._asking: set[str] = set()  #: groups whose engine is being asked
        self._answers = threading.Event()  #: set when none is any more
        self._doubtful: set[str] = set()  #: groups that one of v1's trees has lost
        self._subscriptions: list[_Subscription] = []
        self._relist_ns = 0
        self._housekeeping = True
        self.disk = DiskUsage(self, self._work, self._pool)

    # -- life

    def start(self, *, housekeeping: bool = True) -> None:
        """Find what is there, then keep at it. Without ``housekeeping`` only what is asked for is sampled."""
        self._housekeeping = housekeeping
        self._watcher.watch_all()
        self._relist_ns = self.clock.boot_ns() + self.settings.global_housekeeping_interval_ns
        self._work.on_readable(self._watcher.fd, self._heard)
        self._work.start()
        self.run(self._find_all()).result()
        if self._asking:
            self._answers.wait(START_SECONDS)

    def stop(self) -> None:
        """End the thread and give everything back."""
        self._work.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._watcher.close()
        self.disk.close()
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
        if now_ns >= self._relist_ns:
            self._relist_ns = now_ns + self.settings.global_housekeeping_interval_ns
            self._work.submit(self._find_all())
        for subscription in self._subscriptions:
            if now_ns >= subscription.due_ns and not subscription.running:
                subscription.running = True
                subscription.due_ns = max(subscription.due_ns + subscription.interval_ns, now_ns)
                self._work.submit(self._deliver(subscription))
        if self._doubtful:
            self._settle_doubts()
        times = [self._relist_ns, self.disk.tick(now_ns), *(s.due_ns for s in self._subscriptions if not s.running)]
        if self._doubtful:
            times.append(now_ns + TICK_NS // 2)
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

    # -- what comes and goes

    def _heard(self) -> None:
        """inotify has something."""
        came, went, lost = self._watcher.changes()
        for name in sorted(came):
            if name not in self.registry:
                self._ask(name)
        for name in sorted(went):
            self._doubtful.add(name)
        if went:
            self._settle_doubts()
        if lost:
            log.info("inotify lost events; the cgroup tree is listed anew")
            self._relist_ns = 0

    def _settle_doubts(self) -> None:
        """A group is gone when the last of v1's trees has lost it, a moment after the first."""
        for name in list(self._doubtful):
            container = self.registry.get(name)
            if container is None or not container.cgroup.exists():
                self._doubtful.discard(name)
                if container is not None:
                    self._remove(container)
            elif all(self.host.exists(path) for path in container.cgroup.dirs()):
                self._doubtful.discard(name)  # made again since

    def _ask(self, name: str) -> None:
        """Find out who is in a new group; in the pool if an engine has to be asked."""
        if name in self._asking:
            return
        if all(runtime.claims(name) is None or runtime.name == "raw" for runtime in self.runtimes):
            self._come(name, self.identify(name))
            return
        self._asking.add(name)
        self._answers.clear()
        future = self._pool.submit(self.identify, name)
        future.add_done_callback(lambda done: self._work.submit(self._answered(name, done)))

    def _answered(self, name: str, future: "Future[Identity | None]") -> Generator[None, None, None]:
        """The engine has told who is in a group: it comes now, or is known better than before."""
        self._asking.discard(name)
        identity = None if future.cancelled() or future.exception() else future.result()
        container = self.registry.get(name)
        if container is None:
            self._come(name, identity)
        elif identity is not None:
            self._rename(container, identity)
        if not self._asking:
            self._answers.set()
        yield

    def _come(self, name: str, identity: Identity | None) -> None:
        """A group is known: register it and take its first sample."""
        if identity is None or name in self.registry:
            return
        if not Cgroup(self.host, self.hierarchies, name).exists():
            return
        container = self._add(name, identity)
        self._created(container)
        self._keep_house(container)

    def _find_all(self) -> Generator[None, None, None]:
        """Compare the registry with the cgroup trees; heals whatever inotify missed, and names that were guessed."""
        names = list_cgroups(self.host, self.hierarchies)
        yield
        for container in list(self.registry):
            if container.name not in names:
                self._remove(container)
            elif not container.identity.complete:
                self._ask(container.name)
        for name in sorted(names):
            if name not in self.registry:
                self._ask(name)
                yield
        self.device_names.forget()  # a disk that was unplugged gives its numbers to the next one
        listed = self._pool.submit(self._listed, names)
        listed.add_done_callback(lambda done: self._work.submit(self._told(done)))

    def _told(self, future: "Future[dict[tuple[str, str], Identity]]") -> Generator[None, None, None]:
        """The engines have told of all their containers: take over what changes while one lives."""
        known = {} if future.cancelled() or future.exception() else future.result()
        for container in list(self.registry):
            was = container.identity
            now = known.get((was.runtime, was.id or was.name))
            if now is not None and was.complete:
                # "Up 5 minutes (Paused)" hides the health, which stands last.
                moving = _MOVING[:-1] if now.state == "paused" else _MOVING
                self._rename(container, replace(was, **{field: getattr(now, field) for field in moving}))
            yield

    def _rename(self, container: Container, identity: Identity) -> None:
        if identity != container.identity:
            self.registry.remove(container)
            container.rename(identity)
            self.registry.add(container)


def _older(container: Container, limit_ns: int) -> bool:
    newest = container.newest_boot_ns
    return newest is None or newest < limit_ns
