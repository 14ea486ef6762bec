"""overlay: layers of other file systems. Containers have one each; the machine's own may be its root (live systems).

statvfs speaks of the file system that the upper layer lies in. The source is just the word that was given to mount,
so the device number makes the name unique. https://docs.kernel.org/filesystems/overlayfs.html
"""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(
    types=frozenset({"overlay"}),
    device=lambda mount: f"{mount.source}_{mount.major}-{mount.minor}",
    layers=True,
)
