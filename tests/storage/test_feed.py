import pytest

from cadvcli.errors import DriverError
from cadvcli.manager.manager import Manager
from cadvcli.runtimes import Raw, RuntimeSettings
from cadvcli.storage import ACCEPTED, Outcome, later, refused
from cadvcli.storage.feed import Feed, latest, send_all

FILES = {
    "/proc/1/mountinfo": "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "/proc/meminfo": "MemTotal: 2048 kB\n",
    "/etc/hostname": "h1\n",
    "/sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
    "/sys/fs/cgroup/web/cgroup.controllers": "cpu memory\n",
    "/sys/fs/cgroup/web/cpu.stat": "usage_usec 5\nuser_usec 3\nsystem_usec 2\n",
    "/sys/fs/cgroup/web/memory.current": "4096\n",
    "/sys/fs/cgroup/web/memory.max": "8192\n",
    "/sys/fs/cgroup/db/cpu.stat": "usage_usec 7\n",
}


@pytest.fixture
def machine(host):
    return host(FILES)


@pytest.fixture
def manager(machine):
    made = Manager(machine, runtimes=[Raw(machine, RuntimeSettings())])
    made.discover()
    made.sample()
    yield made
    made.close()


def test_every_sample_becomes_a_record_once(machine, manager):
    feed = Feed(machine)
    first = feed.records(manager, latest(manager))
    assert [record.cgroup for record in first] == ["/", "/db", "/web"]
    assert {record.machine for record in first} == {"h1"}
    assert feed.records(manager, latest(manager)) == []
    manager.sample({"/web"})
    assert [record.cgroup for record in feed.records(manager, latest(manager))] == ["/web"]


def test_a_plain_driver_gets_the_sample_alone(machine, manager):
    feed = Feed(machine)
    feed.records(manager, latest(manager))
    manager.sample()
    record = feed.records(manager, latest(manager))[2]
    assert (record.previous, record.spec) == (None, None)


def test_a_rich_driver_gets_limits_and_the_sample_before(machine, manager):
    feed = Feed(machine, machine="other")
    feed.rich = True
    before = feed.records(manager, latest(manager))[2]
    manager.sample()
    record = feed.records(manager, latest(manager))[2]
    assert record.previous is before.sample
    assert record.spec.memory.limit == 8192
    assert record.machine_memory_bytes == 2048 << 10
    assert record.machine == "other"


def test_only_the_containers_wanted_and_a_line_for_what_is_not_there(machine, manager):
    feed = Feed(machine, ("/web", "/nope"))
    assert [record.cgroup for record in feed.records(manager, latest(manager))] == ["/web"]
    assert len(feed.missing) == 1
    assert "/nope" in feed.missing[0]


class Backend:
    where = "test backend"
    rich = False
    batch_bytes = 2

    def __init__(self, outcomes):
        self.outcomes = outcomes

    def send(self, batch):
        return self.outcomes.pop(0)(batch)


def sent(*outcomes):
    send_all(Backend(list(outcomes)), [b"1", b"2", b"3", b"4"])


def test_all_accepted_is_silence():
    sent(lambda batch: ACCEPTED, lambda batch: ACCEPTED)


def test_what_was_not_sent_is_counted():
    with pytest.raises(DriverError, match=r"^test backend: away; 2 of 4 samples not sent$"):
        sent(lambda batch: ACCEPTED, lambda batch: later(batch, "away"))
    with pytest.raises(DriverError, match=r"^test backend: busy; 3 of 4 samples not sent$"):
        sent(lambda batch: Outcome(retry=[1], reason="busy"))


def test_what_was_refused_is_counted_with_the_first_reason():
    with pytest.raises(DriverError, match=r"^test backend: 1 of 4 samples refused: bad$"):
        sent(
            lambda batch: refused(batch, "part of it is bad"),
            lambda batch: refused(batch, "bad"),
            lambda batch: ACCEPTED,
            lambda batch: ACCEPTED,
        )
