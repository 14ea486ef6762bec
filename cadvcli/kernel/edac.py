"""Memory modules as the EDAC drivers know them: ``/sys/devices/system/edac/mc/mc<N>/dimm<N>``. Since Linux 3.6.

Virtual machines, and machines whose memory controller has no driver, have none. ``size`` is in MiB.
https://docs.kernel.org/driver-api/edac.html, …/admin-guide/ras/
"""

from msgspec import Struct

from cadvcli.host import Host
from cadvcli.kernel.sysfs import numbered, read_int

FOLDER = "/sys/devices/system/edac/mc"


class Dimm(Struct, frozen=True):
    """One memory module; ``type`` is like ``Unbuffered-DDR4``."""

    type: str
    size_bytes: int


def read_dimms(host: Host) -> list[Dimm]:
    """The memory modules that tell their type and size."""
    found = []
    for controller in numbered(host.listdir(FOLDER), "mc"):
        for dimm in numbered(host.listdir(f"{FOLDER}/mc{controller}"), "dimm"):
            folder = f"{FOLDER}/mc{controller}/dimm{dimm}"
            kind, size = host.text(f"{folder}/dimm_mem_type"), read_int(host, f"{folder}/size")
            if kind and size is not None:
                found.append(Dimm(kind, size * 1024**2))
    return found
