"""nfs: files of a server, which may be away. nfsd, which looks alike, is the kernel's own control file system.

https://docs.kernel.org/filesystems/nfs/
"""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(types=frozenset({"nfs", "nfs4"}), remote=True)
