"""The plain forms of cgroup files: one number, one list of numbers, and ``key value`` lines.

https://docs.kernel.org/admin-guide/cgroup-v2.html#format. Keys stay bytes, as the kernel wrote them.
"""

from cadvcli.errors import ParseError

#: How cAdvisor's wire and ours write the kernel's ``max``.
UNLIMITED = 2**64 - 1


def parse_number(text: bytes, path: str) -> int:
    """The one number of a file; ``max`` is UNLIMITED, and a negative one, which is a kernel's slip, is 0."""
    word = text.strip()
    if word == b"max":
        return UNLIMITED
    try:
        return max(0, int(word))
    except ValueError:
        raise ParseError(path, 1, f"{show(word)} is no number") from None


def parse_numbers(text: bytes, path: str) -> list[int]:
    """All numbers of a file, in its order: cpuacct.usage_percpu, cgroup.procs."""
    try:
        return list(map(int, text.split()))
    except ValueError:
        lines = enumerate(text.split(b"\n"), 1)
        number, word = next((number, word) for number, line in lines for word in line.split() if not _is_int(word))
        raise ParseError(path, number, f"{show(word)} is no number") from None


def parse_keyed(text: bytes, path: str) -> dict[bytes, int]:
    """The numbers of a flat keyed file (``cpu.stat``, ``memory.stat``, ``memory.events``) by their keys.

    As with a single number, a negative one is a kernel's slip and is 0.
    """
    words = text.split()
    try:
        if len(words) != 2 * text.count(b"\n") or b"-" in text:
            raise ValueError
        return dict(zip(words[::2], map(int, words[1::2]), strict=True))
    except ValueError:
        return _parse_keyed_slowly(text, path)


def _parse_keyed_slowly(text: bytes, path: str) -> dict[bytes, int]:
    """The same line by line: for what has an odd form, and for naming the line that is wrong."""
    found = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not _is_int(words[1]):
            raise ParseError(path, number, f"{show(line)} is no 'key number'")
        found[words[0]] = max(0, int(words[1]))
    return found


def _is_int(word: bytes) -> bool:
    try:
        int(word)
    except ValueError:
        return False
    return True


def show(text: bytes) -> str:
    """At most 40 bytes of a file for an error message, made harmless."""
    return ascii(text[:40].decode("utf-8", "replace"))
