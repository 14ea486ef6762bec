"""Encoded samples: made once, shared, and bounded."""

from pathlib import Path

import pytest

from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.web.samples import EncodedSamples
from tests.machines import Machine


@pytest.fixture
def manager(tmp_path: Path) -> Manager:
    """A manager of one group with three samples: two that say the same, and another."""
    from cadvcli.runtimes import runtimes_for

    machine = Machine(tmp_path)
    machine.group("/a")
    manager = Manager(machine.host, Settings(kinds=frozenset({"cpu", "memory"})), runtimes_for(machine.host))
    manager.discover()
    manager.sample({"/a"})
    manager.sample({"/a"})
    machine.group("/a", {"memory.current": "8192\n"})
    manager.sample({"/a"})
    return manager


def encoded(samples: EncodedSamples, container: Container) -> list[object]:
    return [sections for _, sections in samples.of(container, container.history.readings())]


def test_samples_that_say_the_same_are_made_once(manager: Manager):
    first, second, third = encoded(EncodedSamples(manager), manager.container("/a"))
    assert first is second
    assert third is not first


def test_the_next_question_gets_the_same_objects(manager: Manager):
    samples, container = EncodedSamples(manager), manager.container("/a")
    before, after = encoded(samples, container), encoded(samples, container)
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_without_room_nothing_is_kept_and_all_is_answered(manager: Manager):
    samples, container = EncodedSamples(manager, most_bytes=0), manager.container("/a")
    before, after = encoded(samples, container), encoded(samples, container)
    assert before == after
    assert before[0] is not after[0]


def test_the_oldest_go_first(manager: Manager):
    container = manager.container("/a")
    size = next(EncodedSamples(manager).of(container, container.history.readings()))[1].size()
    samples = EncodedSamples(manager, most_bytes=size * 3 // 2)
    before, after = encoded(samples, container), encoded(samples, container)
    assert before[2] is not after[2]
    newest = container.history.readings(1)
    assert next(samples.of(container, newest))[1] is after[2]
