"""``Unseen``: OOM kills that no group tells any more, because the group ended of them.

The count of what lies above goes on. On v2 a parent's memory.events counts all that happened below it, also in groups
that are gone; on v1 it is /proc/vmstat, for all groups of the machine. What is missing between that and the groups
that are alive was killed in one that ended. Where two ended at once it can't be told in which, and nobody is given it.
"""

from cadvcli.collectors.oom_event import MACHINE_FILE, V1_FILE, V2_FILE
from cadvcli.errors import CadvcliError
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup, Hierarchies, children, list_cgroups
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.manager.registry import Registry


class Unseen:
    """Keeps, for each parent, how much of its count is explained by groups that are gone."""

    def __init__(self, host: Host, hierarchies: Hierarchies, registry: Registry) -> None:
        self._host = host
        self._hierarchies = hierarchies
        self._registry = registry
        self._counts: dict[str, int] = {}  #: of each parent, when it was last explained
        self._explained: dict[str, int] = {}  #: by groups that are gone
        self._doubtful: set[str] = set()  #: parents below which two groups ended at once

    def began(self, name: str) -> None:
        """A group is known from now on. What happened before is nobody's."""
        parent = self._parent(name)
        if parent not in self._counts:
            self.explain(parent)

    def explain(self, parent: str) -> None:
        """Take what is missing below a parent for that of groups that nobody knew; not while one is going."""
        count = self._count_of_parent(parent)
        living = self._living(parent, "")
        if count is None or living is None:
            return
        self._counts[parent], self._explained[parent] = count, count - living
        self._doubtful.discard(parent)

    def follows(self, name: str) -> bool:
        """Whether the group's count is one that others are told by."""
        return name in self._counts

    def missing(self, name: str, last: int) -> int:
        """How many were killed in a group that is gone, after its count was ``last``."""
        parent = self._parent(name)
        self._counts.pop(name, None)
        before = self._counts.get(parent)
        if before is None:
            return 0
        count = self._count_of_parent(parent)
        if count is None or count == before:
            self._explained[parent] += last
            return 0
        living = self._living(parent, name)
        if living is None or parent in self._doubtful:
            self._doubtful.add(parent)
            self.explain(parent)
            return 0
        missing = max(0, count - living - self._explained[parent] - last)
        self._counts[parent], self._explained[parent] = count, count - living
        return missing

    def _parent(self, name: str) -> str:
        return "/" if self._hierarchies.version == 1 else name.rpartition("/")[0] or "/"

    def _count_of_parent(self, parent: str) -> int | None:
        if parent != "/":
            return self._count(parent)
        text = self._host.read(MACHINE_FILE)
        return None if text is None else parse_keyed(text, MACHINE_FILE).get(b"oom_kill")

    def _living(self, parent: str, gone: str) -> int | None:
        """The kills in all groups directly below; None if one besides ``gone`` ends at this moment."""
        if self._hierarchies.version == 1:
            names = list_cgroups(self._host, self._hierarchies)
            known = {container.name for container in self._registry}
        else:
            names = set(children(Cgroup(self._host, self._hierarchies, parent)))
            known = {container.name for container in self._registry if self._parent(container.name) == parent} - {"/"}
        if known - names - {gone}:
            return None
        counts = [self._count(name) for name in names - {gone}]
        return None if None in counts else sum(count for count in counts if count)

    def _count(self, name: str) -> int | None:
        """The group's own number, 0 where it has none, None if it is gone."""
        file = V1_FILE if self._hierarchies.version == 1 else V2_FILE
        group = Cgroup(self._host, self._hierarchies, name)
        try:
            text = group.read(file)
            if text is not None:
                return parse_keyed(text, file).get(b"oom_kill", 0)
        except CadvcliError:
            return 0
        return 0 if group.exists() else None
