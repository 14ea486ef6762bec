"""The state of one task, from /proc/PID/task/TID/stat: the letter after its name, which may hold anything.

R runs or waits for a CPU, S sleeps, D can't be interrupted, T is stopped, t is traced, I is an idle kernel thread,
Z and X have ended. https://docs.kernel.org/filesystems/proc.html, man 5 proc_pid_stat
"""

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show


def parse_state(text: bytes, path: str) -> str:
    """The letter of the state."""
    letter = text[text.rfind(b")") + 1 :].split(b" ", 2)[1:2]
    if b")" not in text or not letter or len(letter[0]) != 1:
        raise ParseError(path, 1, f"{show(text)} has no state after the name")
    return letter[0].decode("ascii", "replace")
