"""Rows of mountinfo in, the names and mount points of the machine's file systems out."""

from cadvcli.filesystems import partitions
from cadvcli.kernel.mountinfo import parse_mountinfo

ROOT = "27 1 254:0 / / rw - ext4 /dev/vda rw"


def mountinfo(*rows: str) -> str:
    """The file with these rows."""
    return "".join(f"{row}\n" for row in rows)


def named(*rows: str) -> dict[str, str]:
    """The mount point of each file system of the machine by its name on the wire."""
    found = partitions(parse_mountinfo(mountinfo(*rows).encode()))
    return {partition.device: partition.mount.mount_point for partition in found}
