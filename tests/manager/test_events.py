"""The store of events."""

import pytest

from cadvcli.manager.events import EventStore
from cadvcli.model.clock import SECOND
from cadvcli.model.events import CREATION, DELETION, OOM, Event, EventFilter

HOUR = 3600 * SECOND
NOW = 1_000 * HOUR


def event(name: str = "/a", at: int = NOW, kind: str = CREATION) -> Event:
    return Event(container_name=name, wall_ns=at, event_type=kind)


def test_events_come_back_in_the_order_of_their_times() -> None:
    store = EventStore()
    for at in (NOW, NOW - HOUR, NOW - 2 * HOUR):
        store.add(event(at=at), NOW)
    assert [e.wall_ns for e in store.query(EventFilter())] == [NOW - 2 * HOUR, NOW - HOUR, NOW]


def test_the_newest_are_given_when_there_are_more_than_asked_for() -> None:
    store = EventStore()
    for number in range(5):
        store.add(event(f"/{number}", NOW + number), NOW)
    assert [e.container_name for e in store.query(EventFilter(most=2))] == ["/3", "/4"]
    assert store.query(EventFilter(most=0)) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(types=(DELETION,)), ["/a/b"]),
        (EventFilter(container="/a"), ["/a", "/a/b"]),
        (EventFilter(container="/a", below=False), ["/a"]),
        (EventFilter(container="/", below=False), []),
        (EventFilter(start_ns=NOW + 1), ["/a/b", "/ab"]),
        (EventFilter(end_ns=NOW), ["/a"]),
    ],
)
def test_filters(wanted: EventFilter, found: list[str]) -> None:
    store = EventStore()
    store.add(event("/a"), NOW)
    store.add(event("/a/b", NOW + 1, DELETION), NOW)
    store.add(event("/ab", NOW + 2), NOW)
    assert [e.container_name for e in store.query(wanted)] == found


def test_old_events_go_by_the_clock_and_not_by_the_time_of_the_event_added() -> None:
    store = EventStore({"default": HOUR})
    store.add(event("/kept", NOW), NOW)
    store.add(event("/long ago", NOW - 24 * HOUR), NOW)
    store.add(event("/later", NOW + HOUR + 1), NOW + HOUR + 1)
    assert [e.container_name for e in store.query(EventFilter())] == ["/later"]


def test_each_type_has_a_limit_of_its_own() -> None:
    store = EventStore(count={"default": 2, OOM: 0})
    for number in range(4):
        store.add(event(f"/{number}", NOW + number), NOW)
        store.add(event(f"/{number}", NOW + number, OOM), NOW)
    assert [(e.container_name, e.event_type) for e in store.query(EventFilter())] == [
        ("/2", CREATION),
        ("/3", CREATION),
    ]


def test_watchers_hear_every_event_even_of_a_type_that_is_not_kept() -> None:
    store, heard = EventStore(count={"default": 0}), []
    end = store.watch(heard.append)
    store.add(event("/a"), NOW)
    end()
    end()
    store.add(event("/b"), NOW)
    assert [e.container_name for e in heard] == ["/a"]
