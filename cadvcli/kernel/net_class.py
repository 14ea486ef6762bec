"""Network devices: ``/sys/class/net/<name>``, those of the network namespace that /sys was mounted in.

``speed`` is Mbit/s; reading it fails (EINVAL) where the driver has none, and virtual devices often say -1.
https://docs.kernel.org/admin-guide/abi-testing.html#symbols-under-sys-class-net
"""

from msgspec import Struct

from cadvcli.host import Host
from cadvcli.kernel.sysfs import read_int

FOLDER = "/sys/class/net"


class NetDevice(Struct, frozen=True, kw_only=True):
    """One network device. ``speed_mbit`` None: the driver has no answer."""

    name: str
    address: str
    mtu_bytes: int
    speed_mbit: int | None
    operstate: str | None


def read_net_device(host: Host, name: str) -> NetDevice | None:
    """One network device, or None if it is gone or is none: bonding_masters is a file."""
    folder = f"{FOLDER}/{name}"
    address, mtu = host.text(f"{folder}/address"), read_int(host, f"{folder}/mtu")
    if address is None or mtu is None:
        return None
    return NetDevice(
        name=name,
        address=address,
        mtu_bytes=mtu,
        speed_mbit=read_int(host, f"{folder}/speed"),
        operstate=host.text(f"{folder}/operstate"),
    )
