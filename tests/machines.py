"""Small machines made of a few files: cgroup trees that a test can change."""

import shutil
from pathlib import Path

from cadvcli.host import Host

MOUNTINFO_V2 = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
MOUNTINFO_V1 = "".join(
    f"{number} 23 0:{number} / /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}\n"
    for number, name in enumerate(("cpu", "cpuacct", "memory", "pids", "blkio", "devices"), 40)
)

V2_FILES = {
    "cpu.stat": "usage_usec 1000\nuser_usec 600\nsystem_usec 400\n",
    "memory.current": "4096\n",
    "memory.max": "max\n",
    "memory.stat": "anon 1024\nfile 2048\ninactive_file 512\n",
    "cgroup.procs": "",
    "cgroup.events": "populated 0\n",
}


class Machine:
    """A v2 machine in a folder. Its groups come and go as a test says."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "machine"
        self.write("/proc/1/mountinfo", MOUNTINFO_V2)
        self.write("/proc/meminfo", "MemTotal: 1000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n")
        self.write("/proc/stat", "cpu 1 2 3\nbtime 1700000000\n")
        self.host = Host(str(self.root))
        self.group("/", {"cpu.stat": "usage_usec 9000\nuser_usec 5000\nsystem_usec 4000\n", "memory.stat": "anon 5\n"})

    def group(self, name: str, files: dict[str, str] | None = None) -> Path:
        """Make a group, or write files of one that is there."""
        folder = Path(str(self.root) + "/sys/fs/cgroup" + name.rstrip("/"))
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in (V2_FILES if files is None else files).items():
            (folder / file).write_text(text)
        return folder

    def remove(self, name: str) -> None:
        """End a group with all below it."""
        shutil.rmtree(str(self.root) + "/sys/fs/cgroup" + name)

    def process(self, pid: int, files: dict[str, str], namespace: str = "net:[4026532000]") -> None:
        """Start a process, with files below /proc/PID and a network namespace."""
        for file, text in files.items():
            self.write(f"/proc/{pid}/{file}", text)
        link = Path(f"{self.root}/proc/{pid}/ns/net")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(namespace)

    def write(self, path: str, text: str) -> None:
        """Write any file of the machine."""
        file = Path(str(self.root) + path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


#: net/dev with the bytes that eth0 received to be filled in.
NET_DEV = """\
Inter-| Receive | Transmit
 face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed
    lo:    7    1 0 0 0 0 0 0    7  1 0 0 0 0 0 0
  eth0: {rx}   45 0 0 0 0 0 0 2995 29 0 0 0 0 0 0
"""
