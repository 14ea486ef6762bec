"""``Manager``: what is alive now, and its samples. All that outlets may ask.

A one-shot command uses it without a thread: ``discover()``, ``sample()``, and the questions. ``serve``, ``watch`` and
streams use ``manager.daemon.Daemon``, which adds the work thread, inotify and housekeeping.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec.structs import replace

from cadvcli.collectors import default_kinds
from cadvcli.errors import CadvcliError, RuntimeUnavailable, UnknownContainer
from cadvcli.host import Host
from cadvcli.kernel.block import DeviceNames
from cadvcli.kernel.cgroup import Cgroup, list_cgroups, read_hierarchies
from cadvcli.manager.container import Container, Surroundings
from cadvcli.manager.events import EventStore
from cadvcli.manager.history import Reading
from cadvcli.manager.oom import OomKills
from cadvcli.manager.plan import Plan
from cadvcli.manager.process import read_net_namespace
from cadvcli.manager.registry import Registry
from cadvcli.manager.sampler import Descriptors, Gone
from cadvcli.manager.settings import Settings
from cadvcli.manager.spec import read_spec
from cadvcli.model.clock import SECOND, Clock, rfc3339
from cadvcli.model.container import ContainerSpec
from cadvcli.model.events import (
    CREATION,
    DELETION,
    ContainerDeletionEventData,
    Event,
    EventData,
    EventFilter,
)
from cadvcli.model.identity import Identity
from cadvcli.model.sample import Sample
from cadvcli.model.stats import ContainerStats, Health
from cadvcli.runtimes.runtime import Runtime

log = logging.getLogger(__name__)

#: How old a spec may be before its files are read again.
SPEC_AGE_NS = 5 * SECOND


class Manager:
    """The containers of one machine."""

    def __init__(
        self,
        host: Host,
        settings: Settings | None = None,
        runtimes: Sequence[Runtime] = (),
        clock: Clock | None = None,
    ) -> None:
        self.host = host
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.runtimes = runtimes
        self.hierarchies = read_hierarchies(host)
        self.registry = Registry()
        self.store = EventStore(self.settings.event_storage_age_limit, self.settings.event_storage_event_limit)
        kinds = self.settings.kinds or default_kinds()
        self.device_names = DeviceNames(host)
        self.plan = Plan(kinds, self.hierarchies.version, self.device_names, self.settings.knobs)
        self._around = Surroundings(
            host,
            self.plan,
            Descriptors.allowed(self.settings.max_descriptors),
            self.settings.storage_duration_ns,
            read_net_namespace(host, 1),
        )
        self.oom = OomKills(host, self.hierarchies, self.plan, self.registry, self.clock)
        self._troubled: dict[str, set[str]] = {}  #: what has been said of a container

    # -- finding out what is there

    def discover(self) -> None:
        """Register every group that there is now, asking each engine once for all of its containers.

        Called again, it adds what has come since and forgets what has gone.
        """
        names = list_cgroups(self.host, self.hierarchies)
        for container in [one for one in self.registry if one.name not in names]:
            self.remove(container)
        new = sorted(name for name in names if name not in self.registry)
        known = self.listed(new)
        for name in new:
            identity = self.identify(name, known)
            if identity is not None:
                self.add(name, identity)

    def identify(self, name: str, known: dict[tuple[str, str], Identity] | None = None) -> Identity | None:
        """Who the container in this group is, None if the group is nobody's. Asks the engine unless it is ``known``."""
        for runtime in self.runtimes:
            container_id = runtime.claims(name)
            if container_id is not None:
                listed = known.get((runtime.name, container_id)) if known else None
                identity = listed or runtime.describe(container_id, name)
                if identity is not None:
                    return identity
        return None

    def listed(self, names: Iterable[str]) -> dict[tuple[str, str], Identity]:
        """What the engines say of all their containers. An engine none of these groups is of is not asked."""
        found = {}
        for runtime in self.runtimes:
            if runtime.name == "raw" or not any(runtime.claims(name) for name in names):
                continue
            try:
                for identity in runtime.list():
                    found[runtime.name, identity.id or identity.name] = identity
            except RuntimeUnavailable as error:
                log.debug("%s", error)
        return found

    def add(self, name: str, identity: Identity) -> Container:
        """Register who is in a group."""
        container = Container(self._around, Cgroup(self.host, self.hierarchies, name), identity)
        container.interval_ns = self.settings.housekeeping_interval_ns
        self.registry.add(container)
        return container

    def remove(self, container: Container, exit_code: int = -1) -> None:
        """The container ended: forget it, and say so."""
        if self.registry.get(container.name) is not container:
            return
        self.oom.went(container)
        self.registry.remove(container)
        container.end()
        self.plan.forget(container.name)
        self._troubled.pop(container.name, None)
        data = EventData(container_deletion=ContainerDeletionEventData(exit_code=exit_code))
        self._happened(container, DELETION, self.clock.wall_ns(), data)

    def created(self, container: Container) -> None:
        """Say that a container is there, at the time at which it was made."""
        made_ns = container.identity.created_ns or container.made_ns() or self.clock.wall_ns()
        self._happened(container, CREATION, made_ns, EventData())

    def _happened(self, container: Container, event_type: str, wall_ns: int, data: EventData) -> None:
        event = Event(
            container_name=container.name,
            wall_ns=wall_ns,
            event_type=event_type,
            data=data,
            name=container.identity.name,
            runtime=container.identity.runtime,
        )
        self.store.add(event, self.clock.wall_ns())

    # -- samples

    def sample(self, names: Collection[str] | None = None) -> None:
        """Take a sample of each container, or of those named, now."""
        for container in list(self.registry):
            if names is None or container.name in names:
                self.take(container)

    def take(self, container: Container) -> bool | None:
        """Take one sample. Whether anything changed since the last one; None if there is no sample to be had."""
        before = container.history.newest
        try:
            reading = container.read(self.clock)
        except Gone:
            self.remove(container)
            return None
        except CadvcliError as error:
            self._say_once(container, f"no sample: {error}")
            return None
        self.oom.sampled(container, before, reading)
        return before is None or (
            before.slots is not reading.slots and self.plan.changed(before.slots, reading.slots)
        )

    def _say_once(self, container: Container, text: str) -> None:
        said = self._troubled.setdefault(container.name, set())
        if text not in said:
            said.add(text)
            log.warning("%s: %s", container.name, text)

    # -- questions

    def containers(self) -> list[Container]:
        """All containers that are alive, by name, ``/`` first."""
        return list(self.registry)

    def container(self, name: str) -> Container:
        """The container with this cgroup path. UnknownContainer in cAdvisor's words."""
        container = self.registry.get(name)
        if container is None:
            raise UnknownContainer(f'unknown container "{name}"')
        return container

    def by_alias(self, namespace: str, alias: str) -> Container:
        """The container with this alias or unique beginning of one. UnknownContainer in cAdvisor's words."""
        return self.registry.by_alias(namespace, alias)

    def spec(self, container: Container) -> ContainerSpec:
        """Limits and names of the container; its files are read again when that was longer ago than a few seconds."""
        now = self.clock.boot_ns()
        if container.spec is None or now - container.spec_boot_ns > SPEC_AGE_NS:
            made_ns = container.made_ns()

            def tell(error: CadvcliError) -> None:
                self._say_once(container, f"no limit from {error}")

            container.spec = read_spec(container.cgroup, container.identity, self.plan.kinds, made_ns, tell)
            container.spec_boot_ns = now
        return container.spec

    def history(
        self, container: Container, count: int = -1, start_ns: int | None = None, end_ns: int | None = None
    ) -> list[Sample]:
        """The newest ``count`` samples (-1: all kept) between two wall-clock times, oldest first."""
        return [self.decode(container, reading) for reading in container.history.readings(count, start_ns, end_ns)]

    def latest(self, container: Container) -> Sample | None:
        """The newest sample, None before the first."""
        reading = container.history.newest
        return None if reading is None else self.decode(container, reading)

    def decode(self, container: Container, reading: Reading) -> Sample:
        """What a Reading means. The sections of the newest one are kept, so that asking again costs a shell alone."""
        kept = container.decoded
        if kept is not None and kept[0] is reading.slots:
            parts = kept[1]
        else:
            parts = self.plan.decode(reading.slots, container.name, container.where)
            newest = container.history.newest
            if newest is not None and newest.slots is reading.slots:
                container.decoded = (reading.slots, parts)
        shell = _shell(parts, reading.wall_ns, container.identity.health, self.oom.before(container.name))
        return Sample(reading.wall_ns, reading.boot_ns, shell)

    def events(self, wanted: EventFilter) -> list[Event]:
        """What happened, oldest first."""
        return self.store.query(wanted)

    def watch(self, watcher: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``watcher`` with each event from now on; the answer ends that."""
        return self.store.watch(watcher)

    def close(self) -> None:
        """Give back all descriptors and connections."""
        for container in self.registry:
            container.end()
        for runtime in self.runtimes:
            runtime.close()


def _shell(parts: ContainerStats, wall_ns: int, health: str | None, killed_before: int) -> ContainerStats:
    """The sections with what is no kernel file's around them: the time of one sample, kills in earlier groups."""
    kills = None if parts.oom_events is None else parts.oom_events + killed_before
    return replace(parts, timestamp=rfc3339(wall_ns), health=Health(status=health or ""), oom_events=kills)
