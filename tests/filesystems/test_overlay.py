"""filesystems/overlay.py: layers of other file systems."""

from tests.filesystems.mounts import ROOT, named


def test_a_device_number_makes_the_name_unique() -> None:
    assert named("27 1 0:55 / / rw - overlay overlay rw,lowerdir=/a") == {"overlay_0-55": "/"}


def test_an_overlay_of_the_machines_own_is_one_of_its_file_systems() -> None:
    row = "40 27 0:41 / /etc rw - overlay overlay rw,lowerdir=/usr/etc,upperdir=/var/etc"
    assert named(ROOT, row) == {"/dev/vda": "/", "overlay_0-41": "/etc"}
