"""``Arrivals``: keeps the registry what the kernel has. Groups come and go by inotify and by re-listing.

Who is in a group may be an engine's to say, and engines block: they are asked in the pool, and the answer comes back
to the work thread. Everything else here belongs to the work thread.
"""

import logging
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future

from msgspec.structs import replace

from cadvcli.kernel.cgroup import Cgroup, list_cgroups
from cadvcli.manager.container import Container
from cadvcli.manager.discovery import Watcher
from cadvcli.manager.manager import Manager
from cadvcli.manager.scheduler import TICK_NS
from cadvcli.manager.work import WorkThread
from cadvcli.model.identity import Identity

log = logging.getLogger(__name__)

#: What an engine's list of containers tells of one that changes while it lives.
_MOVING = ("name", "aliases", "state", "health")

START_SECONDS = 3.0  # for the engines to say who is there; who is not known by then comes later


class Arrivals:
    """The comings and goings of one manager's containers. ``came`` is called with each new one."""

    def __init__(
        self, manager: Manager, work: WorkThread, pool: Executor, came: Callable[[Container], None]
    ) -> None:
        self._manager = manager
        self._work = work
        self._pool = pool
        self._came = came
        self._watcher = Watcher(manager.host, manager.hierarchies)
        self._asking: set[str] = set()  #: groups whose engine is being asked
        self._answers = threading.Event()  #: set when none is any more
        self._doubtful: set[str] = set()  #: groups that one of v1's trees has lost
        self._relist_ns = 0

    def watch(self) -> None:
        """Hear of what comes and goes from now on. Called before the work thread begins."""
        self._watcher.watch_all()
        self._relist_ns = self._next_relist()
        self._work.on_readable(self._watcher.fd, self._heard)

    def find(self) -> None:
        """Find what is there, and wait a while for the engines to say who that is. Called by another thread."""
        self._work.submit(self._find_all()).result()
        if self._asking:
            self._answers.wait(START_SECONDS)

    def close(self) -> None:
        """End all watches."""
        self._watcher.close()

    def tick(self, now_ns: int) -> int:
        """Start what is due; when to look again."""
        if now_ns >= self._relist_ns:
            self._relist_ns = self._next_relist()
            self._work.submit(self._find_all())
        if self._doubtful:
            self._settle_doubts()
        return min(self._relist_ns, now_ns + TICK_NS // 2) if self._doubtful else self._relist_ns

    def _next_relist(self) -> int:
        return self._manager.clock.boot_ns() + self._manager.settings.global_housekeeping_interval_ns

    def _heard(self) -> None:
        """inotify has something."""
        came, went, lost = self._watcher.changes()
        for name in sorted(came):
            if name not in self._manager.registry:
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
            container = self._manager.registry.get(name)
            if container is None or not container.cgroup.exists():
                self._doubtful.discard(name)
                if container is not None:
                    self._manager.remove(container)
            elif all(self._manager.host.exists(path) for path in container.cgroup.dirs()):
                self._doubtful.discard(name)  # made again since

    def _ask(self, name: str) -> None:
        """Find out who is in a new group; in the pool if an engine has to be asked."""
        if name in self._asking:
            return
        if all(runtime.claims(name) is None or runtime.name == "raw" for runtime in self._manager.runtimes):
            self._come(name, self._manager.identify(name))
            return
        self._asking.add(name)
        self._answers.clear()
        future = self._pool.submit(self._manager.identify, name)
        future.add_done_callback(lambda done: self._work.submit(self._answered(name, done)))

    def _answered(self, name: str, future: "Future[Identity | None]") -> Generator[None, None, None]:
        """The engine has told who is in a group: it comes now, or is known better than before."""
        self._asking.discard(name)
        identity = None if future.cancelled() or future.exception() else future.result()
        container = self._manager.registry.get(name)
        if container is None:
            self._come(name, identity)
        elif identity is not None:
            self._rename(container, identity)
        if not self._asking:
            self._answers.set()
        yield

    def _come(self, name: str, identity: Identity | None) -> None:
        """A group is known: register it and take its first sample."""
        if identity is None or name in self._manager.registry:
            return
        if not Cgroup(self._manager.host, self._manager.hierarchies, name).exists():
            return
        container = self._manager.add(name, identity)
        self._manager.created(container)
        self._came(container)

    def _find_all(self) -> Generator[None, None, None]:
        """Compare the registry with the cgroup trees; heals whatever inotify missed, and names that were guessed."""
        names = list_cgroups(self._manager.host, self._manager.hierarchies)
        yield
        for container in list(self._manager.registry):
            if container.name not in names:
                self._manager.remove(container)
            elif not container.identity.complete:
                self._ask(container.name)
        for name in sorted(names):
            if name not in self._manager.registry:
                self._ask(name)
                yield
        self._manager.device_names.forget()  # a disk that was unplugged gives its numbers to the next one
        listed = self._pool.submit(self._manager.listed, names)
        listed.add_done_callback(lambda done: self._work.submit(self._told(done)))

    def _told(self, future: "Future[dict[tuple[str, str], Identity]]") -> Generator[None, None, None]:
        """The engines have told of all their containers: take over what changes while one lives."""
        known = {} if future.cancelled() or future.exception() else future.result()
        for container in list(self._manager.registry):
            was = container.identity
            now = known.get((was.runtime, was.id or was.name))
            if now is not None and was.complete:
                # "Up 5 minutes (Paused)" hides the health, which stands last.
                moving = _MOVING[:-1] if now.state == "paused" else _MOVING
                self._rename(container, replace(was, **{field: getattr(now, field) for field in moving}))
            yield

    def _rename(self, container: Container, identity: Identity) -> None:
        if identity != container.identity:
            self._manager.registry.remove(container)
            container.rename(identity)
            self._manager.registry.add(container)
