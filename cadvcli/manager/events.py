"""``EventStore``: what happened to containers, kept by type within limits of age and number."""

from bisect import insort
from collections.abc import Callable, Mapping
from operator import attrgetter

from cadvcli.model.clock import SECOND
from cadvcli.model.events import Event, EventFilter

DEFAULT = "default"
AGE_NS = 24 * 3600 * SECOND
COUNT = 100_000

_by_time = attrgetter("wall_ns")


class EventStore:
    """Events of each type in the order of their times. A count of 0 keeps none of that type, -1 any number."""

    def __init__(self, age_ns: Mapping[str, int] | None = None, count: Mapping[str, int] | None = None) -> None:
        self._age_ns = dict(age_ns or {})
        self._count = dict(count or {})
        self._kept: dict[str, list[Event]] = {}
        self._watchers: list[Callable[[Event], None]] = []

    def add(self, event: Event, now_ns: int) -> None:
        """Keep the event and tell those who watch. Its age is measured against ``now_ns``, the wall clock."""
        kept = self._kept.setdefault(event.event_type, [])
        most = self._limit(self._count, event.event_type, COUNT)
        if most:
            insort(kept, event, key=_by_time)
        oldest = now_ns - self._limit(self._age_ns, event.event_type, AGE_NS)
        expired = next((i for i, old in enumerate(kept) if old.wall_ns > oldest), len(kept))
        del kept[: max(expired, len(kept) - most if most >= 0 else 0)]
        for watcher in list(self._watchers):
            watcher(event)

    def query(self, wanted: EventFilter) -> list[Event]:
        """The newest of the events that pass, oldest first."""
        found = [event for kept in self._kept.values() for event in kept if wanted.takes(event)]
        found.sort(key=_by_time)
        return found[-wanted.most :] if wanted.most > 0 else []

    def watch(self, watcher: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``watcher`` with each event from now on, on the thread that adds it; the answer ends that."""
        self._watchers.append(watcher)

        def end() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return end

    def _limit(self, limits: dict[str, int], event_type: str, otherwise: int) -> int:
        return limits.get(event_type, limits.get(DEFAULT, otherwise))
