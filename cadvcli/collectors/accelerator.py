"""Kind ``accelerator``: the NVIDIA GPUs that a container may use or does use. cAdvisor had it up to v0.46.

A container has the GPUs whose device files its v1 devices.list allows (char 195:N), and those that a process of it
uses; the root group has all. Figures are the whole GPU's: containers that share one tell the same. Needs the driver and
the extra ``nvidia``; a machine without either has none. https://docs.kernel.org/admin-guide/devices.html (195 char)
"""

import logging
from collections.abc import Callable

import msgspec

from cadvcli.collectors.source import Collector, Held, Knobs, Raw, Source, Target, unnamed
from cadvcli.errors import HostError, ParseError
from cadvcli.kernel.cgroup import parse_proc_cgroup
from cadvcli.kernel.nvml import Gpu, Nvml, has_nvidia
from cadvcli.model import Count
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.stats import AcceleratorStats, ContainerStats
from cadvcli.prometheus import Family, Rows

log = logging.getLogger(__name__)

_SOURCE = "accelerators"
_MAJOR = b"195"
#: Above it are no GPUs but the driver's control files.
_GPUS = 128
#: For how long containers share one look at the GPUs: they are sampled in one sweep.
_SHARED_NS = SECOND * 9 // 10


class Gpus:
    """The machine's GPUs, asked once for all containers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._nvml: Nvml | None = None
        self._users = 0
        self._there: bool | None = None
        self._seen: list[Gpu] = []
        self._seen_boot_ns: int | None = None
        self._groups: dict[int, frozenset[str]] = {}
        self._said = False

    def hold(self, target: Target) -> Held | None:
        """The GPUs of one container; None on a machine without any, or without the library."""
        if self._there is None:
            self._there = has_nvidia(target.host)
        if not self._there:
            return None
        try:
            self._nvml = self._nvml or Nvml()
        except HostError as error:
            if not self._said:
                self._said = True
                log.info("%s", error)
            return None
        self._users += 1
        return Share(self, target)

    def release(self) -> None:
        """One container less; with the last one the library is unloaded."""
        self._users -= 1
        if not self._users and self._nvml is not None:
            self._nvml.close()
            self._nvml, self._seen_boot_ns = None, None

    def look(self, target: Target, boot_ns: int) -> list[Gpu]:
        """The GPUs as they are, or were less than a second ago."""
        if self._seen_boot_ns is None or boot_ns - self._seen_boot_ns > _SHARED_NS:
            self._seen = self._nvml.gpus(self._clock.wall_ns()) if self._nvml else []
            self._seen_boot_ns = boot_ns
            pids = {pid for gpu in self._seen for pid in gpu.pids}
            self._groups = {pid: _groups(target, pid) for pid in pids}
        return self._seen

    def used_by(self, gpu: Gpu, group: str) -> bool:
        """Whether a process of that group or one below it uses the GPU."""
        return any((name + "/").startswith(group + "/") for pid in gpu.pids for name in self._groups.get(pid, ()))


class Share:
    """The GPUs of one container."""

    def __init__(self, gpus: Gpus, target: Target) -> None:
        self._gpus, self._target = gpus, target

    def read(self, boot_ns: int) -> bytes | None:
        """Its GPUs as JSON; None if it has none."""
        cgroup = self._target.cgroup
        seen = self._gpus.look(self._target, boot_ns)
        allowed = parse_devices(cgroup.read("devices.list") or b"") if cgroup.version == 1 else frozenset()
        mine = [
            AcceleratorStats(
                make="nvidia",
                model=gpu.model,
                id=gpu.uuid,
                memory_total=gpu.memory_total_bytes,
                memory_used=gpu.memory_used_bytes,
                duty_cycle=gpu.duty_percent,
            )
            for gpu in seen
            if cgroup.is_root or gpu.minor in allowed or self._gpus.used_by(gpu, cgroup.name)
        ]
        return msgspec.json.encode(mine) if mine else None

    def close(self) -> None:
        """The container ended."""
        self._gpus.release()


def parse_devices(text: bytes) -> frozenset[int]:
    """The minor numbers of the GPUs that a devices.list names. Who may use every device is given none by it."""
    found: set[int] = set()
    for line in text.split(b"\n"):
        words = line.split()
        major, _, minor = words[1].partition(b":") if len(words) == 3 else (b"", b"", b"")
        if major == _MAJOR and words[0] == b"c":
            if minor == b"*":
                found.update(range(_GPUS))
            elif minor.isdigit() and len(minor) < 4 and int(minor) < _GPUS:
                found.add(int(minor))
    return frozenset(found)


def _groups(target: Target, pid: int) -> frozenset[str]:
    path = f"/proc/{pid}/cgroup"
    try:
        text = target.host.read(path)
        return frozenset(parse_proc_cgroup(text, path).values()) if text else frozenset()
    except (HostError, ParseError):
        return frozenset()


def _family(name: str, text: str, value: Callable[[AcceleratorStats], Count]) -> Family:
    def rows(stats: ContainerStats) -> Rows:
        return [((gpu.make, gpu.model, gpu.id), value(gpu)) for gpu in stats.accelerators]

    labels = ("make", "model", "acc_id")
    return Family(name="container_accelerator_" + name, type="gauge", help=text, labels=labels, rows=rows)


class Accelerator(Collector):
    """The GPUs of one container."""

    kind = "accelerator"
    families = (
        _family("memory_total_bytes", "Memory of the GPU, in bytes.", lambda gpu: gpu.memory_total),
        _family("memory_used_bytes", "Memory of the GPU in use by anybody, in bytes.", lambda gpu: gpu.memory_used),
        _family("duty_cycle", "Percent of the last ten seconds in which the GPU was busy.", lambda gpu: gpu.duty_cycle),
    )

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        super().__init__(device_name, knobs)
        self.v1 = self.v2 = (Source(name=_SOURCE, hold=Gpus(Clock()).hold),)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``accelerators``."""
        (text,) = raw
        if text is not None:
            try:
                stats.accelerators = msgspec.json.decode(text, type=list[AcceleratorStats])
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ParseError(_SOURCE, 1, str(error)) from None

    decode_v1 = decode_v2
