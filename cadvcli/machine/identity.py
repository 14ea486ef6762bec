"""Which machine this is, and what it runs: ids, host name, kernel and operating system.

All from files below the host's root, so that in a container the host answers and not the image.
"""

from msgspec import Struct

from cadvcli.errors import HostError, PermissionDenied
from cadvcli.host import Host

MACHINE_ID = ("/etc/machine-id", "/var/lib/dbus/machine-id")
BOOT_ID = ("/proc/sys/kernel/random/boot_id",)
#: DMI (readable by root alone), POWER, and what stands in for it on machines that have neither.
SYSTEM_UUID = (
    "/sys/class/dmi/id/product_uuid",
    "/proc/device-tree/system-id",
    "/proc/device-tree/vm,uuid",
    *MACHINE_ID[:1],
)
OS_RELEASE = ("/etc/os-release", "/usr/lib/os-release")


class Identity(Struct, frozen=True, kw_only=True):
    """Who the machine is. "" is unknown, or not for this user to know."""

    machine_id: str
    system_uuid: str
    boot_id: str
    hostname: str
    kernel_version: str
    os_version: str


def read_identity(host: Host) -> Identity:
    """Who the machine is; never fails."""
    return Identity(
        machine_id=first_text(host, MACHINE_ID),
        system_uuid=first_text(host, SYSTEM_UUID),
        boot_id=first_text(host, BOOT_ID),
        # /proc/sys/kernel/hostname is that of whoever reads it: in a container it is the container's.
        hostname=first_text(host, ("/proc/sys/kernel/hostname",) if host.root == "/" else ("/etc/hostname",)),
        kernel_version=first_text(host, ("/proc/sys/kernel/osrelease",)),
        os_version=parse_os_release(first_text(host, OS_RELEASE)),
    )


def first_text(host: Host, paths: tuple[str, ...]) -> str:
    """The content of the first of these files that exists; "" if there is none, or if this user may not read it.

    A file that needs root ends the search: what a later one says would be another thing, or depend on who asks.
    """
    for path in paths:
        try:
            if text := host.text(path):
                return text
        except PermissionDenied:
            return ""
        except HostError:
            continue
    return ""


def parse_os_release(text: str) -> str:
    """PRETTY_NAME of an os-release file: ``Debian GNU/Linux 12 (bookworm)``. "" without the file.

    https://www.freedesktop.org/software/systemd/man/os-release.html
    """
    for line in text.splitlines():
        key, _, value = line.strip().partition("=")
        if key == "PRETTY_NAME":
            value = value.strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            return value
    return "Linux" if text else ""
