"""filesystems/vfs.py: disks, and what is mounted from an image."""

import pytest

from cadvcli.filesystems.vfs import FILE_SYSTEM
from tests.filesystems.mounts import named


@pytest.mark.parametrize("fstype", ["ext2", "ext3", "ext4", "xfs", "f2fs", "vfat", "ntfs", "iso9660", "squashfs"])
def test_a_disk_is_called_by_its_device(fstype: str) -> None:
    assert named(f"30 27 8:1 / /srv rw - {fstype} /dev/sda1 rw") == {"/dev/sda1": "/srv"}


def test_size_is_what_statvfs_says() -> None:
    assert (FILE_SYSTEM.wire_type, FILE_SYSTEM.has_inodes, FILE_SYSTEM.remote) == ("vfs", True, False)
