"""``DiskUsage``: measures file systems beside everything else, each on its own clock, and leaves the results behind.

The machine's file systems are asked in the pool, where one that is dead holds up nobody. What containers have written
is found out by the directory walker, a process of its own, one folder after the other. A result waits in the
container's ``findings`` until its next sample. All methods belong to the work thread.
"""

import logging
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from heapq import heappop, heappush
from itertools import count
from os import major, minor

from cadvcli.collectors.disk import SOURCE, Found, Use, encode_found
from cadvcli.errors import CadvcliError
from cadvcli.filesystems import Mounted, read_file_systems
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.walker import DONE, FAILED, WALKING, Answer, Walker, WalkerGone
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import SECOND
from cadvcli.model.events import CREATION, Event

log = logging.getLogger(__name__)

#: Time between two looks at the machine's file systems.
MACHINE_NS = 15 * SECOND
#: Time between two walks through one container, as cAdvisor has it, and the most after failures.
WALK_NS, MOST_NS = 60 * SECOND, 1200 * SECOND
#: A walk that took long is not done again before this many times as long.
REST = 5
#: What the walker may look at: a million files take fifty seconds.
INODES_PER_SECOND = 20_000


def machine_found(mounted: Iterable[Mounted], wall_ns: int) -> Found:
    """The file systems of the machine as the root group's slot has them; one that didn't tell its size is left out."""
    uses = []
    for partition, usage in mounted:
        if usage is not None:
            use = Use(
                device=partition.device,
                type=partition.kind.wire_type,
                major=partition.mount.major,
                minor=partition.mount.minor,
                capacity=usage.capacity_bytes,
                usage=usage.capacity_bytes - usage.free_bytes,
                available=usage.available_bytes,
                inodes=usage.inodes if partition.kind.has_inodes else None,
                inodes_free=usage.inodes_free if partition.kind.has_inodes else None,
            )
            uses.append(use)
    return Found(wall_ns=wall_ns, whole=True, uses=uses)


def holder(mounted: Iterable[Mounted], path: str, device: int) -> Mounted | None:
    """The file system that a folder lies in: by its device number, else by its path (btrfs numbers its subvolumes)."""
    above = None
    for one in mounted:
        mount = one.partition.mount
        if (mount.major, mount.minor) == (major(device), minor(device)):
            return one
        point = mount.mount_point.rstrip("/")
        if path.startswith(point + "/") and (above is None or len(point) >= len(above.partition.mount.mount_point)):
            above = one
    return above


class _Walked:
    """The walk through the folders of one container."""

    def __init__(self, container: Container, began_ns: int) -> None:
        identity = container.identity
        self.container = container
        self.began_ns = began_ns
        self.folders = [path for path in (identity.layer, identity.log_dir) if path]
        self.answers: list[Answer] = []


class DiskUsage:
    """The measurements of one daemon."""

    def __init__(self, manager: Manager, work: WorkThread, pool: Executor) -> None:
        self._host = manager.host
        self._registry = manager.registry
        self._clock = manager.clock
        self._wanted = "disk" in manager.plan.kinds
        self._work = work
        self._pool = pool
        self.start_walker: Callable[[], Walker] = Walker  #: called when the first folder is due
        self.mounted: list[Mounted] | None = None  #: the machine's file systems when they were last asked
        self._machine_ns: int | None = 0  #: when they are due; None while they are being asked
        self._said: set[str] = set()
        self._known: dict[str, Container] = {}
        self._due: list[tuple[int, int, Container]] = []
        self._numbers = count()
        self._walker: Walker | None = None
        self._current: _Walked | None = None
        self._asked = -1  #: the number of the question that is open
        self._pauses: dict[str, int] = {}  #: time until the next walk of a container whose last one failed
        if self._wanted:
            manager.watch(self._happened)

    def tick(self, now_ns: int) -> int:
        """Start what is due; when to look again at the latest. Called at every turn."""
        if not self._wanted:
            return now_ns + MACHINE_NS
        if self._machine_ns is not None and now_ns >= self._machine_ns:
            self._machine_ns = None
            future = self._pool.submit(read_file_systems, self._host, self._say_once)
            future.add_done_callback(lambda done: self._work.submit(self._machine_told(done)))
        if self._current is None and self.mounted is not None:
            self._walk_next(now_ns)
        next_ns = now_ns + MACHINE_NS if self._machine_ns is None else self._machine_ns
        if self._due and self._current is None and self.mounted is not None:
            next_ns = min(next_ns, self._due[0][0])
        return next_ns

    def close(self) -> None:
        """End the walker; after the work thread."""
        if self._walker is not None:
            self._walker.close()
            self._walker = None

    # -- the machine

    def _machine_told(self, future: "Future[list[Mounted]]") -> Generator[None, None, None]:
        self._machine_ns = self._clock.boot_ns() + MACHINE_NS
        if not future.cancelled():
            try:
                self.mounted = future.result()
            except CadvcliError as error:
                self._say_once(error)
                self.mounted = self.mounted or []
            root = self._registry.get("/")
            if root is None:  # asked before the cgroup tree was listed
                self._machine_ns = self._clock.boot_ns() + SECOND // 10
            elif self.mounted:
                root.findings[SOURCE] = encode_found(machine_found(self.mounted, self._clock.wall_ns()))
        yield
        for container in list(self._registry):  # the engine may have told of their folders since
            self._add(container)

    def _say_once(self, error: CadvcliError) -> None:
        if str(error) not in self._said:
            self._said.add(str(error))
            log.warning("file systems: %s", error)

    # -- containers

    def _happened(self, event: Event) -> None:
        container = self._registry.get(event.container_name) if event.event_type == CREATION else None
        if container is not None:
            self._add(container)

    def _add(self, container: Container) -> None:
        """Walk through its folders soon, if it has any and that isn't planned yet."""
        folders = container.identity.layer or container.identity.log_dir
        if folders and self._known.get(container.name) is not container:
            self._known[container.name] = container
            self._schedule(container, self._clock.boot_ns())

    def _schedule(self, container: Container, due_ns: int) -> None:
        heappush(self._due, (due_ns, next(self._numbers), container))
        self._work.wake()

    def _walk_next(self, now_ns: int) -> None:
        while self._due and self._due[0][0] <= now_ns and self._current is None:
            container = heappop(self._due)[2]
            if self._registry.get(container.name) is container:
                self._current = _Walked(container, now_ns)
                self._ask()
            else:
                self._forget(container)

    def _ask(self) -> None:
        """Let the walker go through the next folder."""
        walked = self._current
        if walked is None:
            return
        path = walked.folders[len(walked.answers)]
        self._asked += 1
        try:
            if self._walker is None:
                self._walker = self.start_walker()
                self._work.on_readable(self._walker.fd, self._heard)
            self._walker.ask(self._asked, self._host.path(path), INODES_PER_SECOND)
        except WalkerGone:
            self._lost()
        except OSError as error:
            log.warning("no directory walker: %s", error)
            self._over(walked, failed=True)

    def _heard(self) -> None:
        """The walker has said something."""
        if self._walker is None:
            return
        try:
            answers = self._walker.answers()
        except WalkerGone:
            self._lost()
            return
        walked = self._current
        for answer in answers:
            if walked is None or answer.number != self._asked or answer.state == WALKING:
                continue
            walked.answers.append(answer)
            if answer.state == FAILED:
                log.debug("%s: %s: %s", walked.container.name, walked.folders[len(walked.answers) - 1], answer.reason)
            if len(walked.answers) < len(walked.folders):
                self._ask()
            else:
                self._over(walked, failed=any(one.state == FAILED for one in walked.answers))

    def _lost(self) -> None:
        """The walker has ended: the next walk gets another one."""
        if self._walker is not None:
            self._work.forget(self._walker.fd)
            self._walker.close()
            self._walker = None
            log.warning("the directory walker ended before its time; another one is started when it is needed")
        if self._current is not None:
            self._over(self._current, failed=True)

    def _over(self, walked: _Walked, *, failed: bool) -> None:
        """All folders of a container are done: leave the result, and decide when next."""
        container, name = walked.container, walked.container.name
        self._current = None
        now_ns = self._clock.boot_ns()
        if failed:
            pause = self._pauses[name] = min(2 * self._pauses.get(name, WALK_NS), MOST_NS)
        else:
            self._pauses.pop(name, None)
            pause = max(WALK_NS, REST * (now_ns - walked.began_ns))
        if walked.answers and walked.answers[0].state == DONE:
            container.findings[SOURCE] = encode_found(self._found(walked))
        if self._registry.get(name) is container:
            self._schedule(container, now_ns + pause)
        else:
            self._forget(container)

    def _forget(self, container: Container) -> None:
        """The container is gone; perhaps there is another one with its name."""
        if self._known.get(container.name) is container:
            del self._known[container.name]
            self._pauses.pop(container.name, None)

    def _found(self, walked: _Walked) -> Found:
        first = walked.answers[0]
        layer = first if walked.container.identity.layer == walked.folders[0] else None
        one = holder(self.mounted or (), walked.folders[0], first.device)
        use = Use(
            device=one.partition.device if one else "",
            major=major(first.device),
            minor=minor(first.device),
            capacity=one.usage.capacity_bytes if one and one.usage else None,
            usage=sum(answer.bytes for answer in walked.answers if answer.state == DONE),
            base_usage=layer.bytes if layer else None,
            inodes=layer.inodes if layer else None,
        )
        return Found(wall_ns=self._clock.wall_ns(), whole=False, uses=[use])
