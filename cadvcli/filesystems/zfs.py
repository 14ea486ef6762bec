"""zfs: datasets that share the space of a pool. A dataset's capacity is what it holds and what the pool has left.

The number of inodes that statvfs gives is made from the space left and says nothing. https://openzfs.github.io/openzfs-docs/
"""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(types=frozenset({"zfs"}), wire_type="zfs", has_inodes=False, layers=True)
