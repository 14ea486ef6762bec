"""The machine as cAdvisor's API writes it: ``MachineInfo``, the answer of /api/v1.*/machine and /api/v2.*/machine.

Fields stand in wire order. 0 and "" are the wire's word for unknown, here as well: one object serves REST and
``cadvcli machine -o json``. A list that Go leaves nil is None and becomes null.
"""

from msgspec import Struct, field

#: The wire's word for a provider or instance type that nothing tells.
UNKNOWN = "Unknown"


class MemoryInfo(Struct, kw_only=True):
    """The memory modules of one type."""

    capacity: int  #: bytes
    dimm_count: int


class NVMInfo(Struct, kw_only=True):
    """Persistent memory: bytes by mode, and the average power budget of a module in watts."""

    memory_mode_capacity: int = 0
    app_direct_mode_capacity: int = field(default=0, name="app direct_mode_capacity")  # the key has a blank
    avg_power_budget: int = 0


class HugePagesInfo(Struct, kw_only=True):
    """The huge pages of one size."""

    page_size: int  #: kB
    num_pages: int


class FilesystemInfo(Struct, kw_only=True):
    """One file system of the machine. ``type`` is how its size is found: ``vfs`` for all but zfs."""

    device: str
    capacity: int  #: bytes
    type: str
    inodes: int
    has_inodes: bool


class DiskInfo(Struct, kw_only=True):
    """One disk, by its name in /sys."""

    name: str
    major: int
    minor: int
    size: int  #: bytes
    scheduler: str


class NetInfo(Struct, kw_only=True):
    """One network device: Mbit/s (0 or -1: unknown) and bytes."""

    name: str
    mac_address: str
    speed: int
    mtu: int


class Cache(Struct, kw_only=True, frozen=True):
    """One CPU cache; ``type`` is Data, Instruction or Unified."""

    id: int
    size: int  #: bytes
    type: str
    level: int


class Core(Struct, kw_only=True, omit_defaults=True):
    """One physical core. ``caches`` are its own, ``uncore_caches`` those of some cores of its node."""

    core_id: int
    thread_ids: list[int]
    caches: list[Cache] | None
    uncore_caches: list[Cache] | None
    socket_id: int
    book_id: str = ""
    drawer_id: str = ""


class Node(Struct, kw_only=True):
    """One NUMA node, or one socket where the kernel knows no nodes. ``caches`` are those of all its cores."""

    node_id: int
    memory: int  #: bytes
    hugepages: list[HugePagesInfo] | None
    cores: list[Core] | None
    caches: list[Cache] | None
    distances: list[int] | None


class MachineInfo(Struct, kw_only=True, omit_defaults=True):
    """What the machine is; ``disk_map`` is keyed ``major:minor``."""

    timestamp: str
    vendor_id: str
    num_cores: int
    num_physical_cores: int
    num_sockets: int
    num_books: int = 0
    num_drawers: int = 0
    cpu_frequency_khz: int
    memory_capacity: int  #: bytes
    swap_capacity: int  #: bytes
    memory_by_type: dict[str, MemoryInfo]
    nvm: NVMInfo
    hugepages: list[HugePagesInfo] | None
    machine_id: str
    system_uuid: str
    boot_id: str
    filesystems: list[FilesystemInfo] | None
    disk_map: dict[str, DiskInfo]
    network_devices: list[NetInfo]
    topology: list[Node] | None
    cloud_provider: str
    instance_type: str
    instance_id: str
