"""``OomKills``: kills as events, and as a count that goes on when a container of the same name starts again.

The kernel counts per group, and its count ends with the group. Here the counts of groups that are gone are kept by
runtime and name, with the kills that ended them: those missing in what lies above (``oom_unseen``), those in the
kernel's log, and at least one where the engine says that the container was killed for lack of memory. Each kill is one
``oom`` and one ``oomKill`` event. /dev/kmsg names the process, if it may be read.
"""

import logging
from collections.abc import Callable

from cadvcli.collectors.oom_event import MACHINE_FILE, V1_FILE, V2_FILE
from cadvcli.errors import CadvcliError, HostError, ParseError
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Hierarchies, children
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.kernel.kmsg import KernelLog, Kill
from cadvcli.manager.container import Container
from cadvcli.manager.history import Reading, Slots
from cadvcli.manager.oom_unseen import Unseen
from cadvcli.manager.plan import Plan
from cadvcli.manager.registry import Registry
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.events import OOM, OOM_KILL, EventData, OomKillEventData
from cadvcli.model.identity import Identity

log = logging.getLogger(__name__)

#: For how long a kill that was told without a name may be the one that the kernel's log tells of.
_LATE_NS = 2 * SECOND
#: How many counts of containers that are gone are kept; the oldest go first.
_MOST = 10_000
_LOCAL_FILE = "memory.events.local"

#: Adds an event to the store.
Happened = Callable[[Container, str, int, EventData], None]


class OomKills:
    """The kills of one manager's containers.

    Nothing is done without ``happened``, which a manager that lives on sets; ``ask`` is called with each container that
    ended without a kill that is known of.
    """

    def __init__(
        self, host: Host, hierarchies: Hierarchies, plan: Plan, registry: Registry, clock: Clock
    ) -> None:
        self.on = "oom_event" in plan.kinds
        self.happened: Happened | None = None
        self.ask: Callable[[Container], None] | None = None
        self._log: KernelLog | None = None
        self._work: WorkThread | None = None
        self._v1 = hierarchies.version == 1
        self._registry = registry
        self._clock = clock
        self._start_ns = clock.wall_ns()
        self._unseen = Unseen(host, hierarchies, registry)
        names = [source.name for source in plan.sources]
        self._slot = names.index(V1_FILE if self._v1 else V2_FILE) if self.on else 0
        self._machine_slot = names.index(MACHINE_FILE) if self.on else 0
        self._seen: dict[str, int] = {}  #: the group's count in the newest sample
        self._local: dict[str, int] = {}  #: of these, in the group alone
        self._before: dict[str, int] = {}  #: kills in groups that had this container's name before
        self._ended: dict[tuple[str, str], int] = {}  #: by runtime and name, of containers that are gone
        self._named: dict[str, int] = {}  #: kills that the log told of and the count has not shown yet
        self._unnamed: dict[str, tuple[int, int]] = {}  #: the opposite, and until when the log may tell of them

    def before(self, name: str) -> int:
        """The kills in earlier lives of the container that is in this group."""
        return self._before.get(name, 0)

    def listen(self, host: Host, work: WorkThread) -> None:
        """Hear of kills from the kernel's log from now on, where it may be read."""
        self._log = KernelLog.open(host) if self.on else None
        if self._log is not None:
            self._work = work
            work.on_readable(self._log.fd, self.read_log)

    def close(self) -> None:
        """Listen no longer."""
        if self._log is not None and self._work is not None:
            self._work.forget(self._log.fd)
            self._log.close()
            self._log = None

    # -- samples

    def sampled(self, container: Container, old: Reading | None, new: Reading) -> None:
        """Look whether anybody was killed since the last sample. Nothing is parsed while nothing changes."""
        if not self.on or self.happened is None:
            return
        text = self._text(container, new.slots)
        if old is not None and text is self._text(container, old.slots):
            return
        try:
            count = 0 if text is None else parse_keyed(text, V2_FILE).get(b"oom_kill", 0)
        except ParseError:  # decoding tells of it
            return
        name = container.name
        if name not in self._seen:
            self._begin(container, count)
        elif count < self._seen[name]:  # another group with the same path, made before the end of this was heard of
            self._end(container)
            self._begin(container, 0)
        risen = count > self._seen.get(name, 0)
        self._seen[name] = count
        if risen and name != "/":
            self._rise(container, self._rise_of_local(container, count))
        if risen and self._unseen.follows(name):
            self._unseen.explain(name)

    def _begin(self, container: Container, count: int) -> None:
        """The first sample. Kills in a group that was made before we began are no news."""
        self._unseen.began(container.name)
        ended = self._ended.pop(_key(container.identity), 0)
        if ended:
            self._before[container.name] = ended
        made_ns = container.made_ns()
        if count and (made_ns is None or made_ns < self._start_ns):
            self._local[container.name] = self._count_of_group_alone(container, count)

    def _rise_of_local(self, container: Container, count: int) -> int:
        before = self._local.get(container.name, 0)
        self._local[container.name] = now = self._count_of_group_alone(container, count)
        return now - before

    def _count_of_group_alone(self, container: Container, count: int) -> int:
        """v2 counts what happened below too, which is an event of the group where it happened."""
        if self._v1:
            return count
        try:
            text = container.cgroup.read(_LOCAL_FILE)
            if text is not None:
                return parse_keyed(text, _LOCAL_FILE).get(b"oom_kill", 0)
            return 0 if children(container.cgroup) else count  # before Linux 5.2
        except CadvcliError:
            return count

    def _text(self, container: Container, slots: Slots) -> bytes | None:
        return slots[self._machine_slot if container.name == "/" else self._slot]

    # -- ends

    def went(self, container: Container) -> None:
        """The group is gone: keep its count by name, and ask the engine if nothing tells of a kill in it."""
        if self.on and self.happened is not None and not self._end(container) and self.ask is not None:
            self.ask(container)

    def _end(self, container: Container) -> int:
        """Keep the count of a group that is gone; how many were killed in it."""
        name = container.name
        self.read_log()
        last = self._seen.pop(name, 0)
        try:
            unseen = self._unseen.missing(name, last)
        except CadvcliError:
            unseen = 0
        unseen = max(unseen, self._named.get(name, 0))
        self._rise(container, unseen)
        self._local.pop(name, None)
        self._named.pop(name, None)
        self._keep(_key(container.identity), self._before.pop(name, 0) + last + unseen)
        return last + unseen

    def engine_says(self, container: Container) -> None:
        """The engine knows of a kill in a container that is gone, and nothing else did."""
        key = _key(container.identity)
        again = next((one for one in self._registry if one.name in self._seen and _key(one.identity) == key), None)
        if again is None:
            self._keep(key, self._ended.get(key, 0) + 1)
        else:
            self._before[again.name] = self.before(again.name) + 1
        self._rise(container, 1)

    def _keep(self, key: tuple[str, str], count: int) -> None:
        if count:
            self._ended.pop(key, None)
            self._ended[key] = count
            if len(self._ended) > _MOST:
                del self._ended[next(iter(self._ended))]

    # -- events

    def read_log(self) -> None:
        """Take over what the kernel's log tells by now."""
        if self._log is None:
            return
        try:
            kills = self._log.kills()
        except HostError as error:
            log.warning("killed processes have no names any more: %s", error)
            self.close()
            return
        for kill in kills:
            self._recorded(kill)

    def _recorded(self, kill: Kill) -> None:
        data = OomKillEventData(pid=kill.pid, process_name=kill.process, constraint=kill.constraint)
        number, until_ns = self._unnamed.pop(kill.group, (0, 0))
        if number and self._clock.boot_ns() < until_ns:
            if number > 1:
                self._unnamed[kill.group] = (number - 1, until_ns)
            return
        container = self._registry.get(kill.group)
        if container is not None and kill.group != "/":
            self._named[kill.group] = self._named.get(kill.group, 0) + 1
        group = kill.group
        while container is None and group:
            group = group.rpartition("/")[0]
            container = self._registry.get(group or "/")
        if container is not None:
            self._tell(container, data)

    def _rise(self, container: Container, kills: int) -> None:
        """So many more were killed: an event for each that the log has not told of."""
        if kills <= 0:
            return
        self.read_log()
        named = self._named.pop(container.name, 0)
        if named > kills:
            self._named[container.name] = named - kills
        unnamed = max(0, kills - named)
        if unnamed and self._log is not None:
            self._unnamed[container.name] = (unnamed, self._clock.boot_ns() + _LATE_NS)
        for _ in range(unnamed):
            self._tell(container, OomKillEventData(pid=0, process_name="", constraint="CONSTRAINT_MEMCG"))

    def _tell(self, container: Container, data: OomKillEventData) -> None:
        assert self.happened is not None
        now_ns = self._clock.wall_ns()
        self.happened(container, OOM, now_ns, EventData())
        self.happened(container, OOM_KILL, now_ns, EventData(oom=data))


def _key(identity: Identity) -> tuple[str, str]:
    return identity.runtime, identity.name
