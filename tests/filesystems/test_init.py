"""filesystems/__init__.py: which mounts are file systems of the machine."""

import os

import pytest

from cadvcli.errors import CadvcliError, PermissionDenied
from cadvcli.filesystems import kinds, read_file_systems
from cadvcli.host import Host, refused
from tests.filesystems.mounts import ROOT, mountinfo, named

#: A container's id.
ID = "fb55938496b6ff68174efc7b98f2b76ae98f56fd2c85fd964514f86cddacf76e"


class Disks(Host):
    """A host whose file systems have a size, but some can't be asked, and some are hidden from us."""

    device = os.makedev(8, 1)

    def stat(self, path: str) -> os.stat_result | None:
        return os.stat_result((0o40755, 2, self.device, 1, 0, 0, 0, 0, 0, 0))

    def statvfs(self, path: str) -> os.statvfs_result | None:
        if path == "/secret":
            raise PermissionDenied(path, "Permission denied")
        if path == "/broken":
            return refused(path, OSError(5, "Input/output error"))
        return None if path == "/gone" else os.statvfs_result((4096, 4096, 100, 50, 40, 10, 5, 5, 0, 255))


def sized(machine: Host, said: list[CadvcliError] | None = None) -> dict[str, bool]:
    """Whether each file system, by its mount point, has a size."""
    found = read_file_systems(machine, (said if said is not None else []).append)
    return {mounted.partition.mount.mount_point: mounted.usage is not None for mounted in found}


def test_every_type_has_its_file() -> None:
    assert {"ext4", "xfs", "overlay", "btrfs", "zfs", "nfs", "nfs4", "tmpfs"} <= kinds().keys()
    assert not {"nfsd", "proc", "sysfs", "cgroup2", "autofs", "fuse.sshfs"} & kinds().keys()


def test_disks_are_found_and_kernel_mounts_are_not() -> None:
    assert named(
        ROOT,
        "22 27 0:21 / /proc rw - proc proc rw",
        "30 27 8:1 / /srv rw - xfs /dev/sda1 rw",
    ) == {"/dev/vda": "/", "/dev/sda1": "/srv"}


def test_bind_mounts_are_not_counted_again() -> None:
    assert named(
        "30 27 8:1 /data /bind rw - xfs /dev/sda1 rw",
        ROOT,
        "42 27 254:0 /var/lib/docker /var/lib/docker rw - ext4 /dev/vda rw",
        "43 27 8:1 / /mnt/longer rw - xfs /dev/sda1 rw",
    ) == {"/dev/vda": "/", "/dev/sda1": "/mnt/longer"}


@pytest.mark.parametrize(
    "row",
    [
        f"46 27 0:39 / /var/lib/docker/overlay2/{ID}/merged rw - overlay overlay rw",
        f"46 27 0:39 / /var/lib/docker/overlay2/{ID}-init/merged rw - overlay overlay rw",
        f"46 27 0:39 / /var/lib/containers/storage/overlay-containers/{ID}/userdata/shm rw - tmpfs shm rw",
        "46 27 0:39 / /var/lib/kubelet/pods/6f1b0a7c/volumes/kubernetes.io~secret/token rw - tmpfs tmpfs rw",
        "46 27 0:39 / /run/containerd/io.containerd.runtime.v2.task/default/redis/rootfs rw - overlay overlay rw",
        f"46 27 0:39 / /var/lib/docker/zfs/graph/{ID} rw - zfs rpool/docker/{ID} rw",
    ],
)
def test_layers_and_scratch_of_containers_are_not_the_machines(row: str) -> None:
    assert named(ROOT, row) == {"/dev/vda": "/"}


def test_a_disk_that_a_pod_mounts_is_the_machines() -> None:
    row = "46 27 8:16 / /var/lib/kubelet/pods/6f1b/volumes/kubernetes.io~csi/pvc/mount rw - ext4 /dev/sdb rw"
    assert named(ROOT, row) == {"/dev/vda": "/", "/dev/sdb": row.split()[4]}


@pytest.mark.parametrize(
    ("row", "device"),
    [
        ("27 1 0:55 / / rw - overlay overlay rw,lowerdir=/a", "overlay_0-55"),
        ("27 1 0:18 / / rw - 9p /dev/root rw", "/dev/root"),
        ("27 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@", "/dev/sda2"),
        ("27 1 0:30 / / rw - zfs rpool/ROOT rw", "rpool/ROOT"),
    ],
)
def test_the_root_is_a_file_system_whatever_its_type(row: str, device: str) -> None:
    assert named(row) == {device: "/"}


def test_a_file_system_that_cannot_be_asked_costs_only_itself(host) -> None:
    said: list[CadvcliError] = []
    for point in ("/secret", "/broken", "/gone"):
        machine = Disks(host({"/proc/1/mountinfo": f"30 27 8:1 / {point} rw - ext4 /dev/sda1 rw\n"}).root)
        assert sized(machine, said) == {point: False}
    assert [str(error) for error in said] == ["/broken: Input/output error"]


def test_a_mount_that_does_not_reach_our_root_has_no_size_of_the_folder_below_it(host) -> None:
    rows = mountinfo("30 27 8:1 / /srv rw - ext4 /dev/sda1 rw", "31 27 8:2 / /data rw - ext4 /dev/sda2 rw")
    assert sized(Disks(host({"/proc/1/mountinfo": rows}).root)) == {"/srv": True, "/data": False}


def test_files_of_a_subvolume_may_have_numbers_of_their_own(host) -> None:
    rows = mountinfo("31 27 0:30 /@data /data rw - btrfs /dev/sda2 rw")
    assert sized(Disks(host({"/proc/1/mountinfo": rows}).root)) == {"/data": True}


def test_machine_without_proc_has_none(host) -> None:
    assert read_file_systems(host({}), print) == []
