"""Disks, and what is mounted from an image: everything about them is what statvfs says."""

from cadvcli.filesystems import FileSystem

FILE_SYSTEM = FileSystem(
    types=frozenset(
        {
            *("ext2", "ext3", "ext4", "xfs", "f2fs", "jfs", "reiserfs"),
            *("hfs", "hfsplus", "ntfs", "ntfs3", "vfat", "fat", "msdos", "exfat"),
            *("squashfs", "udf", "iso9660"),
        }
    )
)
