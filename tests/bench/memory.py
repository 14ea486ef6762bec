"""History: what two minutes of samples weigh, of a group where nothing happens and of a busy one."""

import gc
import time
import tracemalloc
from collections.abc import Iterator

from cadvcli.host import Host
from cadvcli.manager.history import History, Reading
from cadvcli.manager.manager import Manager
from cadvcli.model.clock import SECOND
from cadvcli.runtimes import runtimes_for
from tests.bench.table import Row
from tests.cgroups import Cgroups, why_not

SAMPLES = 120
#: Uses CPU and memory, forks, writes and reads.
WORK = "while :; do head -c 3000000 /dev/zero | tail -c 2000000 | cksum; done >/dev/null"


def rows() -> Iterator[Row]:
    """Bytes per idle sample, and kB per two minutes of a busy container."""
    if why_not() is not None:
        return
    with Cgroups("/cadvcli-bench") as cgroups:
        idle = readings(cgroups.make("idle").name, 2, 0.01)
        yield Row("an idle group: each further sample", weight(repeated(idle[-1], 1400), 400), "B", 16)
        busy = readings(cgroups.make("busy", "sh", "-c", WORK).name, SAMPLES, 0.1)
        different = len({reading.slots for reading in busy})
        size = sum(len(slot) for slot in busy[-1].slots if slot)
        remark = f"{different} of {SAMPLES} differ, {size} B each"
        yield Row("a busy group: two minutes", weight(busy, 0) / 1000, "kB", 60, remark)


def readings(name: str, count: int, pause: float) -> list[Reading]:
    """Real samples of a group, as if a second apart."""
    manager = Manager(Host(), runtimes=runtimes_for(Host()))
    manager.discover()
    container = manager.container(name)
    found = []
    for number in range(count):
        reading = container.read(manager.clock)
        found.append(reading._replace(wall_ns=number * SECOND, boot_ns=number * SECOND))
        time.sleep(pause)
    manager.close()
    return found


def repeated(reading: Reading, count: int) -> list[Reading]:
    """The same slots again and again."""
    return [reading._replace(wall_ns=i * SECOND, boot_ns=i * SECOND) for i in range(count)]


def weight(samples: list[Reading], base: int) -> float:
    """Bytes that a History of these takes; of each one after the first ``base``, where that is not 0."""
    gc.collect()
    tracemalloc.start()
    history = History(len(samples) * SECOND)
    for reading in samples[:base]:
        history.append(reading)
    before = traced()
    for reading in samples[base:]:
        # Fresh bytes, as the kernel gives them: what is shared with ``samples`` would not count.
        slots = reading.slots if base else tuple(bytes(bytearray(slot)) if slot else slot for slot in reading.slots)
        history.append(reading._replace(slots=slots))
    taken = traced()
    tracemalloc.stop()
    return (taken - before) / (len(samples) - base) if base else taken


def traced() -> int:
    """Bytes allocated since tracing began and not freed."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
