"""btrfs: one file system, mounted by any of its devices and in parts (subvolumes). It makes inodes as it needs them.
Each subvolume has device numbers of its own, which mountinfo doesn't show.

https://docs.kernel.org/filesystems/btrfs.html
"""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(types=frozenset({"btrfs"}), subvolumes=True)
