"""filesystems/zfs.py: datasets of a pool."""

from cadvcli.filesystems.zfs import FILE_SYSTEM
from tests.filesystems.mounts import named


def test_each_dataset_is_a_file_system_of_its_own() -> None:
    assert named(
        "27 1 0:30 / / rw - zfs rpool/ROOT rw,xattr",
        "31 27 0:31 / /home rw - zfs rpool/home rw,xattr",
    ) == {"rpool/ROOT": "/", "rpool/home": "/home"}


def test_inodes_say_nothing_there() -> None:
    assert (FILE_SYSTEM.wire_type, FILE_SYSTEM.has_inodes) == ("zfs", False)
