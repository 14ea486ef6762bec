"""What answers share: the machine's facts, deadlines, the work thread."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cadvcli.machine.identity import read_identity
from cadvcli.machine.info import read_machine
from cadvcli.model.clock import SECOND
from cadvcli.model.machine import MachineInfo
from cadvcli.web.site import MACHINE_AGE_NS, RETRY_NS, Machine
from tests.machines import Machine as Small
from tests.web.served import Hand, Served


class Reader:
    """Reads the machine, counts how often, fails or hangs when told to."""

    def __init__(self, machine: Small) -> None:
        self.host = machine.host
        self.count = 0
        self.broken = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self) -> MachineInfo:
        self.count += 1
        self.may_go_on.wait()
        if self.broken:
            raise OSError("gone")
        return read_machine(self.host, Hand())


async def asked(machine: Machine, times: int = 1) -> list[MachineInfo | None]:
    """What so many requests at once get, once the reading that they began has ended."""
    found = list(await asyncio.gather(*(machine.info() for _ in range(times))))
    if machine._reading is not None:
        await asyncio.wait({machine._reading})
    return found


@pytest.fixture
def reader(machine: Small) -> Reader:
    return Reader(machine)


@pytest.fixture
def facts(reader: Reader, clock: Hand) -> Iterator[Machine]:
    with ThreadPoolExecutor(1) as pool:
        yield Machine(reader, read_identity(reader.host), clock, pool)


def test_the_machine_is_read_once_in_five_minutes_and_for_all(reader: Reader, facts: Machine, clock: Hand):
    found = asyncio.run(asked(facts, 5))
    assert found[0] is not None
    assert [info is found[0] for info in found] == [True] * 5
    clock.now_ns += MACHINE_AGE_NS
    asyncio.run(asked(facts, 5))
    assert reader.count == 1
    clock.now_ns += 1
    assert asyncio.run(asked(facts, 5)) == [found[0]] * 5
    assert reader.count == 2


def test_only_the_first_reading_is_waited_for(reader: Reader, facts: Machine, clock: Hand):
    async def during_the_second() -> None:
        (first,) = await asked(facts)
        clock.now_ns += 2 * MACHINE_AGE_NS
        reader.may_go_on.clear()
        assert await facts.info() is first
        reader.may_go_on.set()
        (second,) = await asked(facts)
        assert second is first
        assert await facts.info() is not first

    asyncio.run(during_the_second())


def test_a_machine_that_can_not_be_read_is_none_said_once_and_tried_again(
    reader: Reader, facts: Machine, clock: Hand, caplog: pytest.LogCaptureFixture
):
    reader.broken = True
    assert asyncio.run(asked(facts, 2)) == [None, None]
    clock.now_ns += RETRY_NS
    assert asyncio.run(asked(facts)) == [None]
    assert reader.count == 1
    clock.now_ns += 1
    assert asyncio.run(asked(facts)) == [None]
    assert reader.count == 2
    assert [record.getMessage() for record in caplog.records] == ["the machine's facts can't be read: gone"]
    reader.broken = False
    clock.now_ns += RETRY_NS + 1
    assert asyncio.run(asked(facts)) != [None]


@pytest.mark.parametrize(
    ("told", "wait_ns"),
    [
        (None, 5 * SECOND),
        ("10", 8 * SECOND),
        ("0.5", 2 * SECOND // 5),
        ("-1", 0),
        ("nonsense", 5 * SECOND),
        ("nan", 5 * SECOND),
        ("inf", 5 * SECOND),
    ],
)
def test_a_scraper_says_how_long_a_sweep_may_take(site: Served, clock: Hand, told: str | None, wait_ns: int):
    headers = [] if told is None else [(b"x-prometheus-scrape-timeout-seconds", told.encode())]
    assert site.site.deadline_ns({"headers": headers}) == clock.now_ns + wait_ns


def test_a_sweep_that_takes_too_long_leaves_the_last_samples(site: Served, machine: Small, clock: Hand):
    site.ask("/metrics")
    for name in ("/a", "/a/b", "/ab"):
        machine.group(name, {"memory.current": "8192\n"})
    clock.now_ns += 60 * SECOND
    page = site.ask("/metrics", X_Prometheus_Scrape_Timeout_Seconds="0").page
    found = {dict(labels)["id"]: number for labels, number in page.samples["container_memory_usage_bytes"].items()}
    # The first in line is sampled before the time is looked at.
    assert found == {"/": 5, "/a": 4096, "/a/b": 4096, "/ab": 4096}
