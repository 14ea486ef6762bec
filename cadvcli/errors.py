"""Every error that we raise, and the exit status each leads to.

    CadvcliError                1   something failed; the message is the one line a person reads
    ├── UsageError              2   a name, value or combination on the command line or in a file is wrong
    ├── UnknownContainer        3   no container answers to that name
    ├── TimedOut              124   what was asked for did not come in time
    ├── HostError               1   a file of this machine can't be read; has ``path``
    │   └── PermissionDenied    1   … because this user may not
    ├── ParseError              1   a file of this machine says what no kernel says; has ``path`` and ``line``
    ├── RuntimeUnavailable      1   a container engine doesn't answer; has ``runtime``
    └── DriverError             1   a storage backend refused or is away

A message names the thing, the reason and the next step. ``cli.main()`` turns these into one line on stderr.
"""

from collections.abc import Iterable


class CadvcliError(Exception):
    """Base of all our errors; ``str()`` of it is one line for a person."""

    exit_code = 1


class UsageError(CadvcliError):
    """A name, a value or a combination that the user gave is wrong."""

    exit_code = 2


class UnknownContainer(CadvcliError):
    """No container answers to this name."""

    exit_code = 3


class TimedOut(CadvcliError):
    """What was asked for did not come in time."""

    exit_code = 124


class HostError(CadvcliError):
    """A file of this machine exists but can't be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class PermissionDenied(HostError):
    """A file of this machine may not be read by this user."""


class ParseError(CadvcliError):
    """A file of this machine doesn't have the form its kernel documentation gives it."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class RuntimeUnavailable(CadvcliError):
    """A container engine is not there, doesn't answer, or may not be asked by this user."""

    def __init__(self, runtime: str, reason: str) -> None:
        super().__init__(f"{runtime}: {reason}")
        self.runtime = runtime
        self.reason = reason


class DriverError(CadvcliError):
    """A storage backend refused what was sent, or is away."""


def unknown(kind: str, word: str, known: Iterable[str]) -> UsageError:
    """A UsageError for ``word``, which is no ``kind``, with the nearest right one or else all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    near = [name for name in names if name.lower() == word.lower()] or get_close_matches(word, names, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'?" if near else "known: " + ", ".join(names)
    return UsageError(f"unknown {kind} '{word}': {hint}")
