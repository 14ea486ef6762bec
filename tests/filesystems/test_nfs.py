"""filesystems/nfs.py: files of a server, which may be away."""

import os
import threading

from cadvcli.filesystems import read_file_systems
from cadvcli.host import Host
from tests.filesystems.mounts import ROOT, mountinfo, named


class Watched(Host):
    """A host that notes which thread asks for which file system."""

    asking: dict[str, str]

    def statvfs(self, path: str) -> os.statvfs_result | None:
        self.asking[path] = threading.current_thread().name
        return os.statvfs_result((4096, 4096, 100, 50, 40, 10, 5, 5, 0, 255))


def test_servers_are_asked_on_threads_of_their_own(host) -> None:
    rows = mountinfo(ROOT, "30 27 0:60 / /mnt rw - nfs4 server:/data rw", "31 27 0:61 / /old rw - nfs server:/old rw")
    machine = Watched(host({"/proc/1/mountinfo": rows}).root)
    machine.asking = {}
    found = read_file_systems(machine, print)
    assert machine.asking == {
        "/": threading.current_thread().name,
        "/mnt": "statvfs /mnt",
        "/old": "statvfs /old",
    }
    devices = [mounted.partition.device for mounted in found if mounted.usage]
    assert devices == ["/dev/vda", "server:/data", "server:/old"]


def test_control_files_of_our_own_server_are_not_such_files() -> None:
    assert named(ROOT, "31 27 0:50 / /proc/fs/nfsd rw - nfsd nfsd rw") == {"/dev/vda": "/"}
