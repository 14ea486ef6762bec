"""filesystems/tmpfs.py: files in memory."""

from tests.filesystems.mounts import ROOT, named


def test_a_tmpfs_is_called_by_its_mount_point_and_counted_once() -> None:
    assert named(
        ROOT,
        "26 27 0:23 / /run rw - tmpfs tmpfs rw",
        "28 26 0:23 /netns /run/netns rw - tmpfs tmpfs rw",
        "29 27 0:24 / /dev/shm rw - tmpfs tmpfs rw",
    ) == {"/dev/vda": "/", "/run": "/run", "/dev/shm": "/dev/shm"}
