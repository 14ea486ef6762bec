"""machine/labels.py: which file system holds what."""

import pytest

from cadvcli.filesystems import partitions
from cadvcli.kernel.mountinfo import parse_mountinfo
from cadvcli.machine.labels import labels

ROOT = b"27 1 254:0 / / rw - ext4 /dev/vda rw\n"
VAR = b"30 27 254:16 / /var/lib rw - xfs /dev/vdb rw\n"
DOCKER = b"31 30 0:40 / /var/lib/docker/btrfs rw - btrfs /dev/vdc rw\n"


@pytest.mark.parametrize(
    ("mounts", "docker_root", "found"),
    [
        (b"", "/var/lib/docker", {}),
        (ROOT, None, {"root": "/dev/vda"}),
        (ROOT, "/var/lib/docker", {"root": "/dev/vda", "docker-images": "/dev/vda"}),
        (ROOT + VAR, "/var/lib/docker/", {"root": "/dev/vda", "docker-images": "/dev/vdb"}),
        (ROOT + VAR + DOCKER, "/var/lib/docker", {"root": "/dev/vda", "docker-images": "/dev/vdc"}),
        (ROOT + VAR, "/data/docker", {"root": "/dev/vda", "docker-images": "/dev/vda"}),
    ],
)
def test_images_lie_in_the_nearest_file_system(mounts: bytes, docker_root: str | None, found: dict[str, str]) -> None:
    assert labels(partitions(parse_mountinfo(mounts)), docker_root) == found
