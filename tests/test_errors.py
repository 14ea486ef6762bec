"""Every error of ours is one line with the thing, the reason, and the exit status it leads to."""

import pytest

from cadvcli import errors
from cadvcli.errors import (
    CadvcliError,
    DriverError,
    HostError,
    ParseError,
    PermissionDenied,
    RuntimeUnavailable,
    TimedOut,
    UnknownContainer,
    UsageError,
    unknown,
)


@pytest.mark.parametrize(
    ("error", "text", "status"),
    [
        (CadvcliError("failed"), "failed", 1),
        (UsageError("no"), "no", 2),
        (UnknownContainer('unknown container "/x"'), 'unknown container "/x"', 3),
        (TimedOut("too late"), "too late", 124),
        (HostError("/proc/stat", "Input/output error"), "/proc/stat: Input/output error", 1),
        (PermissionDenied("/proc/1/fd", "Permission denied"), "/proc/1/fd: Permission denied", 1),
        (ParseError("/proc/stat", 3, "'x' is no number"), "/proc/stat:3: 'x' is no number", 1),
        (RuntimeUnavailable("docker", "connection refused"), "docker: connection refused", 1),
        (DriverError("influxdb: 401"), "influxdb: 401", 1),
    ],
)
def test_each_error_is_one_line_and_an_exit_status(error: CadvcliError, text: str, status: int) -> None:
    assert (str(error), error.exit_code) == (text, status)


def test_the_tree_in_the_documentation_has_all_of_them() -> None:
    for name, thing in vars(errors).items():
        if isinstance(thing, type) and issubclass(thing, CadvcliError):
            assert name in (errors.__doc__ or ""), name


def test_a_wrong_word_is_met_with_the_nearest_right_one_or_with_all() -> None:
    assert str(unknown("format", "jsn", ["json", "csv"])) == "unknown format 'jsn': did you mean 'json'?"
    assert str(unknown("kind", "diskio", ["disk", "diskIO"])) == "unknown kind 'diskio': did you mean 'diskIO'?"
    assert str(unknown("format", "qqq", ["json", "csv"])) == "unknown format 'qqq': known: csv, json"
