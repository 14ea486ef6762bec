"""Readings and for how long they are kept."""

import sys
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.manager.history import BLOCK, History, Reading, Slots
from cadvcli.model.clock import SECOND

FOREVER = 10**6 * SECOND
START_NS = 1_700_000_000 * SECOND


def busy(number: int) -> Slots:
    """The slots of a container in which something always happens, and much stands still."""
    return (b"usage_usec %d\n" % number, None, b"standing still\n" * 20)


def kept(keep_ns: int, slots: list[Slots]) -> tuple[History, list[Reading]]:
    """A history with one sample a second, and all that was ever appended."""
    history, readings = History(keep_ns), []
    for number, one in enumerate(slots):
        readings.append(Reading(START_NS + number * SECOND, number * SECOND, one))
        history.append(readings[-1])
    return history, readings


def test_a_new_history_is_empty() -> None:
    history = History(FOREVER)
    assert (len(history), history.newest, history.readings()) == (0, None, [])


@pytest.mark.parametrize("count", [1, BLOCK, BLOCK + 1, 2 * BLOCK, 100])
def test_everything_comes_back_oldest_first_packed_or_not(count: int) -> None:
    history, readings = kept(FOREVER, [busy(number) for number in range(count)])
    assert history.readings() == readings
    assert history.newest == readings[-1]
    assert len(history) == count


def test_the_newest_few_come_without_the_rest() -> None:
    history, readings = kept(FOREVER, [busy(number) for number in range(50)])
    assert history.readings(3) == readings[-3:]
    assert history.readings(0) == []
    assert history.readings(1000) == readings


def test_between_two_times_both_ends_count() -> None:
    history, readings = kept(FOREVER, [busy(number) for number in range(50)])
    start, end = readings[10].wall_ns, readings[20].wall_ns
    assert history.readings(start_ns=start, end_ns=end) == readings[10:21]
    assert history.readings(2, start, end) == readings[19:21], "the newest two of them"
    assert history.readings(start_ns=end + 1, end_ns=end + 2) == []
    assert history.readings(start_ns=end, end_ns=start) == []


def test_what_is_too_old_goes_when_a_new_one_comes() -> None:
    history, readings = kept(60 * SECOND, [busy(number) for number in range(100)])
    assert history.readings() == readings[40:]


def test_an_idle_container_is_evicted_just_the_same() -> None:
    same = busy(1)
    history, readings = kept(60 * SECOND, [same] * 100)
    assert history.readings() == readings[40:]
    assert all(reading.slots is same for reading in history.readings())


def test_the_newest_two_stay_however_long_the_pause_between_them_was() -> None:
    history, before = kept(60 * SECOND, [busy(number) for number in range(40)])
    late = Reading(START_NS + 9000 * SECOND, 9000 * SECOND, busy(41))
    history.append(late)
    assert history.readings() == [before[-1], late]


def test_a_history_that_keeps_nothing_keeps_what_a_rate_is_made_of() -> None:
    history, readings = kept(0, [busy(number) for number in range(40)])
    assert history.readings() == readings[-2:]


def test_a_wall_clock_that_jumps_back_evicts_nothing_early() -> None:
    history = History(60 * SECOND)
    for number in range(50):
        wall_ns = START_NS + (number if number < 25 else number - 3600) * SECOND
        history.append(Reading(wall_ns, number * SECOND, busy(number)))
    assert len(history.readings()) == 50
    assert [reading.boot_ns for reading in history.readings(5)] == [n * SECOND for n in range(45, 50)]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=150),
    st.integers(0, 200),
    st.integers(-1, 60),
    st.integers(0, 2000),
    st.integers(0, 2000),
)
def test_it_answers_as_a_plain_list_would(
    steps: list[tuple[int, int]], keep: int, count: int, start: int, end: int
) -> None:
    contents = [busy(number) for number in range(4)]
    history, plain, now = History(keep * SECOND), [], 0
    for step, content in steps:
        now += step * SECOND
        reading = Reading(START_NS + now, now, contents[content])
        history.append(reading)
        recent = [old for old in plain if old.boot_ns > now - keep * SECOND]
        plain = (recent or plain[-1:]) + [reading]
    assert history.readings() == plain
    between = [one for one in plain if START_NS + start * SECOND <= one.wall_ns <= START_NS + end * SECOND]
    wanted = between if count < 0 else between[max(0, len(between) - count) :]
    assert history.readings(count, START_NS + start * SECOND, START_NS + end * SECOND) == wanted


def size(history: History) -> int:
    """The bytes of all that only this history holds."""
    seen: dict[int, object] = {}

    def walk(thing: object) -> None:
        if thing is None or id(thing) in seen:
            return
        seen[id(thing)] = thing
        if isinstance(thing, list | tuple | deque):
            for part in thing:
                walk(part)
        for name in getattr(type(thing), "__slots__", ()):
            if not name.startswith("__") and hasattr(thing, name):
                walk(getattr(thing, name))

    walk(history)
    return sum(sys.getsizeof(thing) for thing in seen.values())


def test_an_idle_container_costs_sixteen_bytes_a_sample() -> None:
    same = busy(1)
    few, many = (size(kept(FOREVER, [same] * count)[0]) for count in (1000, 2000))
    assert many - few <= 16 * 1000


def test_two_busy_minutes_take_less_than_sixty_kilobytes() -> None:
    still = b"anon 4096\nfile 8192\n" * 40
    slots: list[Slots] = []
    for number in range(120):
        stat = b"".join(b"key_%d %d\n" % (key, key * number * 4096) for key in range(60))
        slots.append((b"usage_usec %d\nuser_usec %d\n" % (number * 977, number * 600), stat, still, None))
    history, readings = kept(120 * SECOND, slots)
    assert size(history) < 60_000 < sum(len(part) for reading in readings for part in reading.slots if part)
