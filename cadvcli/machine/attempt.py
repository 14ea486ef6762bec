"""``attempt``: one unreadable or malformed file costs what it would have told, and nothing else."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from cadvcli.errors import CadvcliError, HostError, ParseError, PermissionDenied

P = ParamSpec("P")
T = TypeVar("T")

#: Gets what went wrong.
Warn = Callable[[CadvcliError], None]


def silent(_error: CadvcliError) -> None:
    """A Warn for those who don't want to know."""


def attempt(warn: Warn, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What ``read`` returns, or None if it can't be read.

    That this user may not read something is normal and warns nobody.
    """
    try:
        return read(*args, **kwargs)
    except PermissionDenied:
        return None
    except (HostError, ParseError) as error:
        warn(error)
        return None
