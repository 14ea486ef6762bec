"""Due times on ticks of 100 ms."""

from typing import Any, cast

from cadvcli.manager.container import Container
from cadvcli.manager.scheduler import TICK_NS, Scheduler


class Due:
    """All that the scheduler knows of a container."""

    due_tick = -1


def due() -> Container:
    return cast("Any", Due())


def test_times_fall_on_the_next_tick_so_that_containers_share_wake_ups() -> None:
    scheduler, one, other = Scheduler(), due(), due()
    scheduler.schedule(one, 10 * TICK_NS + 1)
    scheduler.schedule(other, 11 * TICK_NS)
    assert scheduler.next_ns() == 11 * TICK_NS
    assert scheduler.due(11 * TICK_NS - 1) == []
    assert scheduler.due(11 * TICK_NS) == [one, other]
    assert scheduler.next_ns() is None


def test_a_container_has_one_due_time() -> None:
    scheduler, container = Scheduler(), due()
    scheduler.schedule(container, 2 * TICK_NS)
    scheduler.schedule(container, 5 * TICK_NS)
    assert scheduler.due(4 * TICK_NS) == []
    assert scheduler.due(5 * TICK_NS) == [container]


def test_a_container_that_comes_back_to_its_old_tick_is_due_once() -> None:
    scheduler, container = Scheduler(), due()
    for tick in (2, 5, 2):
        scheduler.schedule(container, tick * TICK_NS)
    assert scheduler.due(9 * TICK_NS) == [container]


def test_a_cancelled_one_is_never_due() -> None:
    scheduler, container = Scheduler(), due()
    scheduler.schedule(container, 1)
    scheduler.cancel(container)
    assert scheduler.due(9 * TICK_NS) == []


def test_what_is_late_comes_in_the_order_of_its_times() -> None:
    scheduler, late, later = Scheduler(), due(), due()
    scheduler.schedule(later, 3 * TICK_NS)
    scheduler.schedule(late, 1 * TICK_NS)
    assert scheduler.due(9 * TICK_NS) == [late, later]
