"""The families of /metrics that no metric kind has: what a container is and may use, the machine, and ourselves."""

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from cadvcli.model.clock import SECOND, parse_rfc3339
from cadvcli.model.container import ContainerSpec
from cadvcli.model.machine import MachineInfo
from cadvcli.model.sample import Sample
from cadvcli.prometheus import Metric, Number, Rows

#: Limits above this are the kernel's ways to say that there is none.
UNLIMITED = 1 << 62


class Page(Struct, frozen=True, kw_only=True):
    """What a page says of itself."""

    version: str
    kernel_version: str
    os_version: str
    container_error: bool
    machine_error: bool


def with_machine_limit(spec: ContainerSpec, capacity_bytes: int) -> ContainerSpec:
    """The spec with the machine's memory as limit where the kernel says 0, as cAdvisor has it everywhere."""
    if spec.memory.limit or not spec.has_memory or not capacity_bytes:
        return spec
    return replace(spec, memory=replace(spec.memory, limit=capacity_bytes))


def _limit(limit: int) -> int:
    return 0 if limit > UNLIMITED else limit


@lru_cache(maxsize=8192)
def _seconds(time: str) -> Number:
    ns = parse_rfc3339(time)
    return None if ns is None else ns // SECOND


def _health(sample: Sample) -> int:
    """1 healthy, -1 without a health check, 0 for every other word of Docker's."""
    status = sample.stats.health.status
    return 1 if status == "healthy" else 0 if status else -1


SAMPLE: tuple[Metric[Sample], ...] = (
    Metric(
        name="container_last_seen",
        type="gauge",
        help="When the container was last sampled, in seconds since 1970.",
        value=lambda sample: sample.wall_ns // SECOND,
    ),
    Metric(
        name="container_health_state",
        type="gauge",
        help="Docker's health check: 1 healthy, 0 not or not yet, -1 none.",
        value=_health,
    ),
)

SPEC: tuple[Metric[ContainerSpec], ...] = (
    Metric(
        name="container_creation_time_seconds",
        type="gauge",
        help="When the container was made, in seconds since 1970.",
        value=lambda spec: _seconds(spec.creation_time),
    ),
    Metric(
        name="container_start_time_seconds",
        type="gauge",
        help="When the container started, in seconds since 1970.",
        value=lambda spec: _seconds(spec.start_time) or _seconds(spec.creation_time),
    ),
    Metric(
        name="container_spec_cpu_period",
        type="gauge",
        help="Period of the CPU quota, in microseconds.",
        value=lambda spec: spec.cpu.period if spec.has_cpu else None,
    ),
    Metric(
        name="container_spec_cpu_quota",
        type="gauge",
        help="CPU time allowed in each period, in microseconds.",
        value=lambda spec: spec.cpu.quota or None if spec.has_cpu else None,
    ),
    Metric(
        name="container_spec_cpu_shares",
        type="gauge",
        help="Share of CPU time against other containers.",
        value=lambda spec: spec.cpu.limit if spec.has_cpu else None,
    ),
    Metric(
        name="container_spec_memory_limit_bytes",
        type="gauge",
        help="Memory allowed, in bytes; 0 is unlimited.",
        value=lambda spec: _limit(spec.memory.limit) if spec.has_memory else None,
    ),
    Metric(
        name="container_spec_memory_reservation_limit_bytes",
        type="gauge",
        help="Memory that is kept from being reclaimed, in bytes; 0 is none.",
        value=lambda spec: _limit(spec.memory.reservation) if spec.has_memory else None,
    ),
    Metric(
        name="container_spec_memory_swap_limit_bytes",
        type="gauge",
        help="Swap allowed (cgroup v1: memory and swap), in bytes; 0 is unlimited.",
        value=lambda spec: _limit(spec.memory.swap_limit) if spec.has_memory else None,
    ),
)


def _dimms(machine: MachineInfo) -> Rows:
    return [((kind,), memory.dimm_count) for kind, memory in machine.memory_by_type.items()]


def _dimm_bytes(machine: MachineInfo) -> Rows:
    return [((kind,), memory.capacity) for kind, memory in machine.memory_by_type.items()]


def _nvm(machine: MachineInfo) -> Rows:
    # Where nothing tells, the wire says 0: that is no measurement.
    nvm = machine.nvm
    modes = {"memory_mode": nvm.memory_mode_capacity, "app_direct_mode": nvm.app_direct_mode_capacity}
    return [((mode,), capacity or None) for mode, capacity in modes.items()]


def machine_labels(machine: MachineInfo) -> dict[str, str]:
    """The labels that all machine families carry."""
    return {"boot_id": machine.boot_id, "machine_id": machine.machine_id, "system_uuid": machine.system_uuid}


def _machine(name: str, text: str, field: str) -> Metric[MachineInfo]:
    def value(machine: MachineInfo) -> Number:
        found: int = getattr(machine, field)
        return found

    return Metric(name=name, type="gauge", help=text, value=value)


MACHINE: tuple[Metric[MachineInfo], ...] = (
    _machine("machine_cpu_physical_cores", "Physical cores.", "num_physical_cores"),
    _machine("machine_cpu_cores", "CPUs that are online.", "num_cores"),
    _machine("machine_cpu_sockets", "CPU sockets.", "num_sockets"),
    _machine("machine_cpu_books", "CPU books (s390x).", "num_books"),
    _machine("machine_cpu_drawers", "CPU drawers (s390x).", "num_drawers"),
    _machine("machine_memory_bytes", "Memory, in bytes.", "memory_capacity"),
    _machine("machine_swap_bytes", "Swap, in bytes.", "swap_capacity"),
    Metric(name="machine_dimm_count", type="gauge", help="Memory modules.", labels=("type",), rows=_dimms),
    Metric(
        name="machine_dimm_capacity_bytes",
        type="gauge",
        help="Capacity of the memory modules, in bytes.",
        labels=("type",),
        rows=_dimm_bytes,
    ),
    Metric(
        name="machine_nvm_capacity",
        type="gauge",
        help="Persistent memory, in bytes.",
        labels=("mode",),
        rows=_nvm,
    ),
    Metric(
        name="machine_nvm_avg_power_budget_watts",
        type="gauge",
        help="Average power budget of a module of persistent memory, in watts.",
        value=lambda machine: machine.nvm.avg_power_budget or None,
    ),
)


def _version(page: Page) -> Rows:
    # The engine's version has been empty in cAdvisor since 0.43; the label stays for those who join on it.
    return [(("", page.version, "", page.kernel_version, page.os_version), 1)]


PAGE: tuple[Metric[Page], ...] = (
    Metric(
        name="cadvisor_version_info",
        type="gauge",
        help="Always 1: the labels tell the versions of this program, the kernel and the system.",
        labels=("cadvisorRevision", "cadvisorVersion", "dockerVersion", "kernelVersion", "osVersion"),
        rows=_version,
    ),
    Metric(
        name="container_scrape_error",
        type="gauge",
        help="1 if not a single container, not even the root group, could be read in this scrape.",
        value=lambda page: int(page.container_error),
    ),
    Metric(
        name="machine_scrape_error",
        type="gauge",
        help="1 if the machine could not be described in this scrape.",
        value=lambda page: int(page.machine_error),
    ),
)
