"""Docker's writable layers."""

from collections.abc import Callable

import pytest

from cadvcli.host import Host
from cadvcli.runtimes.docker_layers import writable_layer

ID, LAYER, ROOT = "a" * 64, "b" * 64, "/var/lib/docker"


@pytest.mark.parametrize(
    ("driver", "folder"),
    [
        ("overlay2", f"overlay2/{LAYER}/diff"),
        ("fuse-overlayfs", f"fuse-overlayfs/{LAYER}/diff"),
        ("overlay", f"overlay/{LAYER}/upper"),
        ("aufs", f"aufs/diff/{LAYER}"),
        ("vfs", f"vfs/dir/{LAYER}"),
    ],
)
def test_the_layer_is_the_one_that_the_daemon_wrote_down(
    host: Callable[..., Host], driver: str, folder: str
) -> None:
    machine = host({f"{ROOT}/image/{driver}/layerdb/mounts/{ID}/mount-id": LAYER})
    assert writable_layer(machine, ROOT, driver, ID) == f"{ROOT}/{folder}"


@pytest.mark.parametrize("driver", ["btrfs", "zfs", "devicemapper", "overlayfs", "../../etc", ""])
def test_drivers_without_a_folder_of_the_containers_own_have_none(host: Callable[..., Host], driver: str) -> None:
    assert writable_layer(host({f"{ROOT}/image/{driver}/x": ""}), ROOT, driver, ID) == ""


@pytest.mark.parametrize("content", ["", "../../../etc", LAYER + "/x", "short"])
def test_what_is_no_layers_name_leads_nowhere(host: Callable[..., Host], content: str) -> None:
    machine = host({f"{ROOT}/image/overlay2/layerdb/mounts/{ID}/mount-id": content})
    assert writable_layer(machine, ROOT, "overlay2", ID) == ""


def test_without_the_daemons_files_there_is_none(host: Callable[..., Host]) -> None:
    assert writable_layer(host({"/x": ""}), ROOT, "overlay2", ID) == ""
