"""Where Docker's storage drivers keep what a container has written.

An inspect names the folder of overlay2 itself. For the others, and where the daemon doesn't answer, its files do:
``image/<driver>/layerdb/mounts/<id>/mount-id`` names the layer, ``<driver>/`` has it. Root alone may read them.
btrfs, zfs and devicemapper have no folder of the container's own files alone.
"""

import re

from cadvcli.errors import HostError
from cadvcli.host import Host

#: The writable layer's folder below Docker's data root.
_FOLDERS = {
    "overlay2": "overlay2/{}/diff",
    "fuse-overlayfs": "fuse-overlayfs/{}/diff",
    "overlay": "overlay/{}/upper",
    "aufs": "aufs/diff/{}",
    "vfs": "vfs/dir/{}",
}
_LAYER = re.compile(r"[0-9a-f]{64}(?:-init)?")


def writable_layer(host: Host, root: str, driver: str, container_id: str) -> str:
    """The folder of the container's writable layer, empty if there is none or it can't be told."""
    if driver not in _FOLDERS:
        return ""
    try:
        layer = host.text(f"{root}/image/{driver}/layerdb/mounts/{container_id}/mount-id") or ""
    except HostError:
        return ""
    return f"{root}/{_FOLDERS[driver].format(layer)}" if _LAYER.fullmatch(layer) else ""
