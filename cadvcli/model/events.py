"""Events as cAdvisor's API writes them, and what may be asked of their store."""

from collections.abc import Collection

from msgspec import Struct

from cadvcli.model.clock import rfc3339

OOM, OOM_KILL, CREATION, DELETION = "oom", "oomKill", "containerCreation", "containerDeletion"
TYPES = (OOM, OOM_KILL, CREATION, DELETION)


class OomKillEventData(Struct, frozen=True, kw_only=True):
    """Who was killed, and which limit it was: CONSTRAINT_MEMCG or the machine's."""

    pid: int
    process_name: str
    constraint: str


class ContainerDeletionEventData(Struct, frozen=True, kw_only=True):
    """What the main process ended with, -1 if nobody knows."""

    exit_code: int


class EventData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What belongs to one type of event."""

    oom: OomKillEventData | None = None
    container_deletion: ContainerDeletionEventData | None = None


class WireEvent(Struct, kw_only=True):
    """An event on cAdvisor's wire."""

    container_name: str
    timestamp: str
    event_type: str
    event_data: EventData


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to a container, on the wall clock; ``name`` is what its owner calls it."""

    container_name: str
    wall_ns: int
    event_type: str
    data: EventData = EventData()
    name: str = ""
    runtime: str = "raw"

    def wire(self) -> WireEvent:
        """The event as cAdvisor writes it."""
        return WireEvent(
            container_name=self.container_name,
            timestamp=rfc3339(self.wall_ns),
            event_type=self.event_type,
            event_data=self.data,
        )


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events: of these types, of this container (and those below), in this time, the newest so many."""

    types: Collection[str] = TYPES
    container: str = "/"
    below: bool = True
    start_ns: int | None = None
    end_ns: int | None = None
    most: int = 10

    def takes(self, event: Event) -> bool:
        """Whether the event is one of those asked for; the number is not looked at."""
        if event.event_type not in self.types:
            return False
        if self.start_ns is not None and event.wall_ns < self.start_ns:
            return False
        if self.end_ns is not None and event.wall_ns > self.end_ns:
            return False
        inside = self.below and (self.container == "/" or event.container_name.startswith(self.container + "/"))
        return inside or event.container_name == self.container
