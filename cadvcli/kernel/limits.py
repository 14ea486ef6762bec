"""Resource limits of a process: ``/proc/PID/limits``.

https://docs.kernel.org/filesystems/proc.html, man 5 proc_pid_limits.
"""

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show

TITLE = b"Max open files"


def parse_open_files(text: bytes, path: str) -> tuple[int, int] | None:
    """The soft and hard limit of open files, -1 for unlimited; None if the file has no such line."""
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.startswith(TITLE):
            words = line[len(TITLE) :].split()
            try:
                return _limit(words[0]), _limit(words[1])
            except (ValueError, IndexError):
                raise ParseError(path, number, f"{show(line)} has no two limits") from None
    return None


def _limit(word: bytes) -> int:
    return -1 if word == b"unlimited" else int(word)
