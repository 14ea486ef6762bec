"""A sample as v2.0's ``stats`` has it: flags for what the container has, and every section there, empty or not."""

from cadvcli.model.container import ContainerSpec
from cadvcli.model.network import TcpStat
from cadvcli.model.stats import (
    CpuCFS,
    CpuSchedstat,
    CpuStats,
    CpuUsage,
    DiskIoStats,
    LoadStats,
    MemoryEvents,
    MemoryNumaStats,
    MemoryStats,
    MemoryStatsMemoryData,
    ProcessStats,
    PSIData,
    PSIStats,
)
from cadvcli.model.v2 import CpuInstStats
from cadvcli.web.go import encode
from cadvcli.web.wire import NO_UDP, Sections, diskio_section, numbers_section, sample_of

_PSI = PSIStats(full=PSIData(), some=PSIData())
_FAULTS = MemoryStatsMemoryData(numa_stats=MemoryNumaStats())
_USAGE = CpuUsage(total=None, user=None, system=None)
_NO_CPU = numbers_section("cpu", CpuStats(usage=_USAGE, cfs=CpuCFS(), schedstat=CpuSchedstat(), psi=_PSI))
_NO_MEMORY = numbers_section(
    "memory",
    MemoryStats(container_data=_FAULTS, hierarchical_data=_FAULTS, psi=_PSI, events=MemoryEvents()),
)
_NO_DISKIO = diskio_section(DiskIoStats(psi=_PSI))
_NO_PROCESSES = numbers_section("processes", ProcessStats(process_count=None, fd_count=None, socket_count=None))
_NO_LOAD = numbers_section("load_stats", LoadStats())
_NO_TCP = numbers_section("tcp", TcpStat()) + b"," + numbers_section("tcp6", TcpStat()) + b"," + NO_UDP


def v2_0_sample(time: str, spec: ContainerSpec, part: Sections, inst: CpuInstStats | None) -> bytes:
    """A sample as ``DeprecatedContainerStats``. Of the network only interfaces are ever copied."""
    each = part.network.each + b"," if spec.has_network and part.network and part.network.each else b""
    return sample_of(
        time,
        _flag("cpu", spec.has_cpu),
        part.cpu if spec.has_cpu else _NO_CPU,
        b'"cpu_inst":' + encode(inst) if inst and spec.has_cpu else b"",
        _flag("diskio", spec.has_diskio),
        (spec.has_diskio and part.diskio) or _NO_DISKIO,
        _flag("memory", spec.has_memory),
        part.memory if spec.has_memory else _NO_MEMORY,
        _flag("hugetlb", spec.has_hugetlb),
        part.hugetlb if spec.has_hugetlb else b"",
        _flag("network", spec.has_network),
        b'"network":{' + each + _NO_TCP + b"}",
        _flag("processes", False),
        _NO_PROCESSES,
        _flag("filesystem", spec.has_filesystem),
        part.filesystem if spec.has_filesystem else b"",
        _flag("load", False),
        _NO_LOAD,
        _flag("custom_metrics", spec.has_custom_metrics),
        part.perf,
        part.referenced_memory,
        part.resctrl,
    )


def _flag(what: str, has: bool) -> bytes:
    return f'"has_{what}":{"true" if has else "false"}'.encode()
