"""filesystems/btrfs.py: one file system in parts."""

from tests.filesystems.mounts import named


def test_subvolumes_are_one_file_system() -> None:
    assert named(
        "27 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@",
        "31 27 0:30 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home",
    ) == {"/dev/sda2": "/"}
