"""``disk_map`` and ``network_devices`` of MachineInfo: disks and network cards, one file of /sys at a time."""

from cadvcli.host import Host
from cadvcli.kernel.block import BlockDevice, read_block_device
from cadvcli.kernel.net_class import FOLDER as NET
from cadvcli.kernel.net_class import NetDevice, read_net_device
from cadvcli.machine.attempt import Warn, attempt

#: Loop and RAM disks and CD drives.
NO_DISKS = ("loop", "ram", "sr")
#: The loopback, and what Docker and nerdctl make for containers.
NO_CARDS = ("lo", "veth", "docker", "nerdctl")


def read_disks(host: Host, warn: Warn) -> list[BlockDevice]:
    """The machine's disks in the order of their names."""
    names = attempt(warn, host.listdir, "/sys/block") or ()
    disks = (attempt(warn, read_block_device, host, name) for name in sorted(names) if not name.startswith(NO_DISKS))
    return [disk for disk in disks if disk and not disk.hidden]


def read_cards(host: Host, warn: Warn) -> list[NetDevice]:
    """The machine's network devices in the order of their names."""
    names = attempt(warn, host.listdir, NET) or ()
    cards = (attempt(warn, read_net_device, host, name) for name in sorted(names) if not name.startswith(NO_CARDS))
    return [card for card in cards if card]
