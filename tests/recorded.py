"""Recorded machines: the kernel's files of one moment, and what engines and cAdvisor said at that same moment.

Each ``tests/hosts/NAME.tar.xz`` holds

- ``host/``: the files as a tree, to be given as host root. A process's ``fd/`` and ``ns/`` are one ``links.json``
  there; unpacking makes them links again (dangling ones, as they name no files of ours).
- ``docker/``, ``podman/``, ``containerd/``: the engines' answers; ``cadvisor/``: cAdvisor v0.60.5's, with
  ``index.json`` telling which request each file answers.
- ``statvfs.json``: statvfs and st_dev by mount point; ``layer_usage.json``: what really lies below each writable layer.

All containers were frozen before recording: ``docker-v1`` is cgroup v1 with an empty unified mount and Docker,
``mixed-v2`` is pure v2 with Docker, Podman, containerd and systemd.
"""

import json
import os
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

from cadvcli.host import Host, refused

HOSTS = Path(__file__).parent / "hosts"
NAMES = tuple(sorted(path.name.removesuffix(".tar.xz") for path in HOSTS.glob("*.tar.xz")))

#: What a link into a namespace file system says: ``net:[4026532334]``.
NAMESPACE = re.compile(r"[a-z_]+:\[(\d+)\]")


class Recording:
    """One recorded machine, unpacked into a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.root = folder / "host"

    def host(self) -> "RecordedHost":
        """The machine's files, with its statvfs and its device numbers."""
        return RecordedHost(str(self.root), self.answer("statvfs.json"))

    def answer(self, path: str) -> Any:
        """A file beside the host, ``cadvisor/v1.3-machine.json`` for one: parsed if it is JSON, else its text."""
        text = self.text(path)
        return json.loads(text) if path.endswith(".json") else text

    def text(self, path: str) -> str:
        """A file beside the host as text."""
        return (self.folder / path).read_text("utf-8", "surrogateescape")


class RecordedHost(Host):
    """A Host that answers from a recording what a tree of files can't hold."""

    def __init__(self, root: str, file_systems: dict[str, dict[str, int]]) -> None:
        super().__init__(root)
        self.file_systems = file_systems

    def statvfs(self, path: str) -> os.statvfs_result | None:
        """The recorded size of the file system mounted at ``path``; only mount points were recorded."""
        seen = self.file_systems.get(path)
        if seen is None:
            return None
        files = (seen["f_files"], seen["f_ffree"], seen.get("f_favail", seen["f_ffree"]))
        blocks = (seen["f_blocks"], seen["f_bfree"], seen["f_bavail"])
        return os.statvfs_result((seen["f_bsize"], seen["f_frsize"], *blocks, *files, 0, 255))

    def stat(self, path: str) -> os.stat_result | None:
        """The stat with the recorded device of a mount point, and the inode number that a namespace's link names."""
        match = NAMESPACE.fullmatch(self.readlink(path) or "") if "/ns/" in path else None
        modified_ns = 0
        try:
            seen = os.stat(self.path(path), follow_symlinks=match is None)
            found, modified_ns = list(seen), seen.st_mtime_ns
        except OSError as error:
            if path not in self.file_systems:
                return refused(path, error)
            found = [0o40755, 2, 0, 1, 0, 0, 0, 0, 0, 0]
        if match:
            found[:3] = 0o100444, int(match[1]), 4
        elif path in self.file_systems:
            found[2] = self.file_systems[path]["dev"]
        return os.stat_result(found, {"st_mtime_ns": modified_ns})

    def exists(self, path: str) -> bool:
        """Whether anything was recorded there: a link too, though what it names is not."""
        return os.path.lexists(self.path(path)) or path in self.file_systems


def unpack(name: str, folder: Path) -> Recording:
    """The recording ``name``, unpacked into ``folder``, which must not exist yet."""
    # Debian 12's Python 3.11.2 knows no filter yet; 3.12 and 3.13 warn without one.
    careful: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(HOSTS / f"{name}.tar.xz") as archive:
        archive.extractall(folder, **careful)
    for links in (folder / "host").rglob("links.json"):
        for link, target in json.loads(links.read_bytes()).items():
            link_path = links.parent / link
            link_path.parent.mkdir(exist_ok=True)
            link_path.symlink_to(target)
        links.unlink()
    return Recording(name, folder)


def thawed(recording: Recording, folder: Path) -> Recording:
    """A copy of a recording that a test may change: unfreeze it, move its counters, take files away."""
    shutil.copytree(recording.folder, folder, symlinks=True)
    return Recording(recording.name, folder)
