"""tmpfs: files in memory, and swap. All of them have the same source, so the mount point is the name.

https://docs.kernel.org/filesystems/tmpfs.html
"""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(types=frozenset({"tmpfs"}), device=lambda mount: mount.mount_point, layers=True)
