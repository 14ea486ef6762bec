"""Labels of file systems: which one holds the root, and which one the images of a container engine.

cAdvisor's words: ``root``, ``docker-images``. They map to the file system's name on the wire.
"""

from collections.abc import Iterable

from cadvcli.filesystems import Partition

#: Docker's storage drivers; each keeps its layers in a folder of its name, which may be a mount of its own.
DOCKER_DRIVERS = ("overlay2", "btrfs", "zfs", "overlay", "aufs", "devicemapper")


def labels(partitions: Iterable[Partition], docker_root: str | None = None) -> dict[str, str]:
    """The file system of each label; ``docker_root`` is Docker's data folder, None if there is no Docker."""
    by_point = {partition.mount.mount_point: partition.device for partition in partitions}
    found = {}
    if "/" in by_point:
        found["root"] = by_point["/"]
    if docker_root is not None:
        folders = [docker_root, *(f"{docker_root.rstrip('/')}/{driver}" for driver in DOCKER_DRIVERS)]
        points = {point for folder in folders for point in _with_parents(folder) if point in by_point}
        if points:
            found["docker-images"] = by_point[max(points, key=len)]
    return found


def _with_parents(folder: str) -> Iterable[str]:
    while folder not in ("/", ""):
        yield folder
        folder = folder.rpartition("/")[0]
    yield "/"
