"""What answers share: the machine's facts, deadlines, the work thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from cadvcli.machine.identity import read_identity
from cadvcli.machine.info import read_machine
from cadvcli.model.clock import SECOND
from cadvcli.model.machine import MachineInfo
from cadvcli.web.site import MACHINE_AGE_NS, Machine
from tests.machines import Machine as Small
from tests.web.served import Hand, Served


class Reader:
    """Reads the machine, counts how often, and fails when told to."""

    def __init__(self, machine: Small) -> None:
        self.host = machine.host
        self.count = 0
        self.broken = False

    def __call__(self) -> MachineInfo:
        self.count += 1
        if self.broken:
            raise OSError("gone")
        return read_machine(self.host, Hand())


async def asked(machine: Machine, times: int) -> list[MachineInfo | None]:
    return list(await asyncio.gather(*(machine.info() for _ in range(times))))


def test_the_machine_is_read_once_in_five_minutes_and_for_all(machine: Small, clock: Hand):
    reader = Reader(machine)
    with ThreadPoolExecutor(1) as pool:
        facts = Machine(reader, read_identity(machine.host), clock, pool)
        found = asyncio.run(asked(facts, 5))
        assert [info is found[0] for info in found] == [True] * 5
        clock.now_ns += MACHINE_AGE_NS
        asyncio.run(asked(facts, 5))
        assert reader.count == 1
        clock.now_ns += 1
        asyncio.run(asked(facts, 5))
        assert reader.count == 2


def test_a_machine_that_can_not_be_read_is_none_and_later_the_last_one(machine: Small, clock: Hand):
    reader = Reader(machine)
    reader.broken = True
    with ThreadPoolExecutor(1) as pool:
        facts = Machine(reader, read_identity(machine.host), clock, pool)
        assert asyncio.run(asked(facts, 2)) == [None, None]
        reader.broken = False
        (info,) = asyncio.run(asked(facts, 1))
        assert info is not None
        reader.broken = True
        clock.now_ns += 2 * MACHINE_AGE_NS
        assert asyncio.run(asked(facts, 1)) == [info]


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
