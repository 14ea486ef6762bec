"""``Container``: a cgroup that is alive, who it is, and the Readings of it that are kept."""

from collections.abc import Callable
from typing import NamedTuple

from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup
from cadvcli.manager.history import History, Reading, Slots
from cadvcli.manager.plan import Plan
from cadvcli.manager.process import MainProcess
from cadvcli.manager.sampler import Descriptors, Sampler
from cadvcli.manager.spec import created_ns
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.container import ContainerSpec
from cadvcli.model.identity import Identity
from cadvcli.model.stats import ContainerStats

#: Who is sampled less often than this gives its descriptors back.
KEEP_OPEN_NS = 8 * SECOND
#: For how long containers in one network namespace share a Reading of it: they are sampled in one sweep.
_SHARED_NS = SECOND // 20


class Network(NamedTuple):
    """What was read of one file of a network namespace, and when."""

    boot_ns: int
    text: bytes | None


class Surroundings:
    """What all containers of one manager share: the plan, the budget of descriptors, the network namespaces."""

    def __init__(self, host: Host, plan: Plan, budget: Descriptors, keep_ns: int, host_namespace: str | None) -> None:
        self.host = host
        self.plan = plan
        self.budget = budget
        self.keep_ns = keep_ns
        self.host_namespace = host_namespace
        self.networks: dict[tuple[str, str], Network] = {}


class Container:
    """One container or plain group."""

    __slots__ = (
        "_around",
        "_cgroup",
        "_made_ns",
        "_now_ns",
        "_process",
        "_sampler",
        "decoded",
        "due_tick",
        "findings",
        "history",
        "identity",
        "interval_ns",
        "spec",
        "spec_boot_ns",
    )

    def __init__(self, around: Surroundings, cgroup: Cgroup, identity: Identity) -> None:
        self._around = around
        self._cgroup = cgroup
        self.identity = identity
        self.history = History(around.keep_ns)
        self._process = MainProcess(around.host, cgroup, identity.pid)
        self._sampler = Sampler(self, around.plan, around.budget)
        self._now_ns = 0
        self._made_ns: int | None = None
        #: The sections of the newest Reading that was decoded, kept for whoever asks next.
        self.decoded: tuple[Slots, ContainerStats] | None = None
        self.spec: ContainerSpec | None = None
        self.spec_boot_ns = 0
        #: The last results of sources that have a clock of their own, by name.
        self.findings: dict[str, bytes] = {}
        self.interval_ns = 0  #: the manager's: time between samples now
        self.due_tick = -1  #: the scheduler's: when the next one is due

    def __repr__(self) -> str:
        return f"<Container {self.name} {self.identity.name}>"

    @property
    def name(self) -> str:
        """The cgroup path, which is cAdvisor's canonical name."""
        return self._cgroup.name

    @property
    def cgroup(self) -> Cgroup:
        """The group's files."""
        return self._cgroup

    @property
    def host(self) -> Host:
        """The machine's files."""
        return self._around.host

    @property
    def newest_boot_ns(self) -> int | None:
        """When the newest sample was taken, on the boot clock; None before the first."""
        newest = self.history.newest
        return newest.boot_ns if newest else None

    def pids(self) -> list[int]:
        """The processes in the group and the groups below it."""
        return self._cgroup.all_procs()

    def main_pid(self) -> int | None:
        """The process that speaks for it now, None if it has none."""
        return self._process.pid if self._process.open() else None

    def made_ns(self) -> int | None:
        """When its group was made, None if that can't be told."""
        if self._made_ns is None:
            self._made_ns = created_ns(self._cgroup)
        return self._made_ns

    def read(self, clock: Clock) -> Reading:
        """Take a sample and keep it. Raises Gone when the group is."""
        last = self.newest_boot_ns
        self._now_ns = clock.boot_ns()
        reading = self._sampler.read(clock)
        self.history.append(reading)
        if last is not None and reading.boot_ns - last > KEEP_OPEN_NS:
            self.close()
        return reading

    def rename(self, identity: Identity) -> None:
        """Take over what the engine says of it now."""
        if identity.pid != self.identity.pid:
            self._process.close()
            self._process.pid = identity.pid
        self.identity = identity

    def close(self) -> None:
        """Give all descriptors back; a later read opens them anew."""
        self._sampler.close()
        self._process.close()

    def end(self) -> None:
        """It ended, or nobody samples it any more."""
        self._sampler.end()
        self._process.close()

    def proc(self, file: str) -> bytes | None:
        """A file of /proc/PID of the main process; a plain group has none."""
        return self._process.read(file) if self._has_main_process() else None

    def found(self, source: str) -> bytes | None:
        """The last result of a source that has a clock of its own, None before the first."""
        return self.findings.get(source)

    def net(self, file: str, digest: Callable[[bytes], bytes] | None = None) -> bytes | None:
        """A file of /proc/PID/net in the container's own network namespace, None if it has none of its own.

        All containers of one namespace share one Reading. Whether it is its own is told by the namespace's link,
        else by the engine's network mode; where neither tells, the traffic is nobody's.
        """
        if self._cgroup.is_root:
            return self._net(file, digest)
        if not self._has_main_process() or not self._process.open():
            return None
        namespace = self._process.namespace
        if namespace is None:
            own = self.identity.network_mode not in ("", "host")
            return self._net(file, digest) if own else None
        if namespace == self._around.host_namespace or self.identity.network_mode == "host":
            return None
        known = self._around.networks.get((namespace, file))
        if known is None or self._now_ns - known.boot_ns > _SHARED_NS:
            known = Network(self._now_ns, self._net(file, digest))
            if len(self._around.networks) > 10_000:
                self._around.networks.clear()
            self._around.networks[(namespace, file)] = known
        return known.text

    def where(self, source: str) -> str:
        """The path of a source's file, for a message. A group's file has a dot in its name, a process's has none."""
        if source.startswith("/"):
            return source
        if "." in source:
            return self._cgroup.path(source) or source
        return f"/proc/{self._process.pid}/{source}"

    def _net(self, file: str, digest: Callable[[bytes], bytes] | None) -> bytes | None:
        text = self._process.read("net/" + file)
        return digest(text) if digest is not None and text is not None else text

    def _has_main_process(self) -> bool:
        return self._cgroup.is_root or self.identity.runtime != "raw"
