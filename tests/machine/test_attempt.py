"""machine/attempt.py: one bad file costs only what it would have told."""

import pytest

from cadvcli.errors import CadvcliError, HostError, ParseError, PermissionDenied
from cadvcli.machine.attempt import attempt


def failing(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("error", [HostError("/proc/x", "Input/output error"), ParseError("/proc/x", 1, "nonsense")])
def test_what_cannot_be_read_is_none_and_said(error: CadvcliError) -> None:
    said: list[CadvcliError] = []
    assert attempt(said.append, failing, error) is None
    assert said == [error]


def test_what_this_user_may_not_read_is_none_and_not_said() -> None:
    said: list[CadvcliError] = []
    assert attempt(said.append, failing, PermissionDenied("/proc/x", "Permission denied")) is None
    assert said == []


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        attempt(print, failing, KeyError("x"))
