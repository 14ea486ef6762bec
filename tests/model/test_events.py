"""Events on cAdvisor's wire, and what a filter takes."""

import pytest
from msgspec import to_builtins

from cadvcli.model.clock import SECOND
from cadvcli.model.events import (
    CREATION,
    DELETION,
    OOM,
    OOM_KILL,
    TYPES,
    ContainerDeletionEventData,
    Event,
    EventData,
    EventFilter,
    OomKillEventData,
)

AT = 1795458517 * SECOND


def event(name: str = "/docker/3f", kind: str = CREATION, data: EventData = EventData()) -> Event:  # noqa: B008
    return Event(container_name=name, wall_ns=AT, event_type=kind, data=data)


@pytest.mark.parametrize(
    ("one", "wire"),
    [
        (event(), {"event_type": "containerCreation", "event_data": {}}),
        (
            event(kind=DELETION, data=EventData(container_deletion=ContainerDeletionEventData(exit_code=137))),
            {"event_type": "containerDeletion", "event_data": {"container_deletion": {"exit_code": 137}}},
        ),
        (
            event(
                kind=OOM_KILL,
                data=EventData(oom=OomKillEventData(pid=7, process_name="python", constraint="CONSTRAINT_MEMCG")),
            ),
            {
                "event_type": "oomKill",
                "event_data": {"oom": {"pid": 7, "process_name": "python", "constraint": "CONSTRAINT_MEMCG"}},
            },
        ),
        (event(kind=OOM), {"event_type": "oom", "event_data": {}}),
    ],
)
def test_the_wire_is_cadvisors(one: Event, wire: dict[str, object]) -> None:
    told = {"container_name": "/docker/3f", "timestamp": "2026-11-23T18:28:37Z", **wire}
    assert to_builtins(one.wire()) == told
    assert list(to_builtins(one.wire())) == ["container_name", "timestamp", "event_type", "event_data"]


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (EventFilter(), True),
        (EventFilter(types=(DELETION,)), False),
        (EventFilter(types=()), False),
        (EventFilter(container="/docker"), True),
        (EventFilter(container="/docker", below=False), False),
        (EventFilter(container="/docker/3f", below=False), True),
        (EventFilter(container="/dock"), False),
        (EventFilter(container="/", below=False), False),
        (EventFilter(start_ns=AT, end_ns=AT), True),
        (EventFilter(start_ns=AT + 1), False),
        (EventFilter(end_ns=AT - 1), False),
    ],
)
def test_what_a_filter_takes(wanted: EventFilter, taken: bool) -> None:
    assert wanted.takes(event()) is taken


def test_events_of_the_root_group_are_its_own_and_not_below_it() -> None:
    assert EventFilter(container="/", below=False).takes(event("/"))
    assert EventFilter(container="/").takes(event("/"))


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_cadvisors_own_events_have_that_form(answer, name: str) -> None:
    for said in answer(name, "cadvisor/v1.3-events.json"):
        assert said["event_type"] in TYPES
        assert list(said)[:3] == ["container_name", "timestamp", "event_type"]
