"""Rows of what was measured: of each container two samples, the newest one and the one that its rates are over."""

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from cadvcli.cli.listing import DETAILS, completed, spec_of
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.model.column import Subject
from cadvcli.model.container import ContainerSpec
from cadvcli.model.identity import Identity
from cadvcli.model.row import COLUMNS, Row
from cadvcli.model.sample import Sample

#: The kinds whose figures have keys.
KINDS = ("cpu", "memory", "diskIO", "network", "pressure", "pids")

#: What adds up over containers.
_ADDED = frozenset(
    column.key
    for column in COLUMNS
    if column.key in ("cpu_usage_ratio", "pids")
    or (column.sampled and column.key.endswith(("_total", "_bytes", "_per_second")) and column.key != "interfaces")
)

#: One of these is there where block I/O is accounted for, on v2 and on v1.
_IO_FILES = ("io.stat", "blkio.throttle.io_service_bytes")

TOTAL = Identity(runtime="total", name="TOTAL")


def measured(
    container: Container, samples: Sequence[Sample], manager: Manager, keys: Collection[str], memory_bytes: int | None
) -> Subject:
    """What is known of a container; ``samples`` are its last two, the newest one last."""
    identity = container.identity
    newest = samples[-1] if samples else None
    return Subject(
        identity=completed(identity, manager, container.name) if DETAILS & set(keys) else identity,
        cgroup=container.name,
        spec=_spec(container, newest, manager),
        newest=newest,
        previous=samples[-2] if len(samples) > 1 else None,
        machine_memory_bytes=memory_bytes,
    )


def _spec(container: Container, newest: Sample | None, manager: Manager) -> ContainerSpec | None:
    """The limits, and whether there are block I/O figures at all: an empty table may mean none, or no controller."""
    spec = spec_of(container, manager)
    if spec is None or newest is None or newest.stats.diskio is None or newest.stats.diskio.io_service_bytes:
        return spec
    cgroup = container.cgroup
    paths = (cgroup.path(file) for file in _IO_FILES)
    return spec if any(path and cgroup.host.exists(path) for path in paths) else replace(spec, has_diskio=False)


def total(rows: Sequence[Row], identities: Iterable[Identity], memory_bytes: int | None) -> Row:
    """All rows together. What lies inside of another row, or uses another's network, is counted once."""
    found: Row = dict.fromkeys(column.key for column in COLUMNS)
    found["name"] = TOTAL.name
    groups = {str(row["cgroup"]) for row in rows}
    ids = {row["id"] for row in rows}
    pairs = zip(rows, identities, strict=True)
    counted = [(row, identity) for row, identity in pairs if not _inside(str(row["cgroup"]), groups)]
    for key in _ADDED:
        shares = key.startswith("network_")
        values = [
            row.get(key)
            for row, identity in counted
            if not (shares and identity.network_mode.removeprefix("container:") in ids)
        ]
        known = [value for value in values if isinstance(value, int | float)]
        found[key] = sum(known) if known else None
    used = found["memory_working_set_bytes"]
    if memory_bytes and isinstance(used, int | float):
        found["memory_working_set_ratio"] = used / memory_bytes
    return found


def _inside(group: str, others: Collection[str]) -> bool:
    """Whether a group lies below another one that is shown too."""
    while group not in ("/", ""):
        group = group.rpartition("/")[0] or "/"
        if group in others:
            return True
    return False
