"""kernel/limits.py: resource limits of a process."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.limits import parse_open_files

LIMITS = """\
Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            {soft}                 {hard}              files
Max locked memory         8388608              8388608              bytes
"""


@pytest.mark.parametrize(
    ("soft", "hard", "found"),
    [
        ("1024", "524288", (1024, 524288)),
        ("1024", "unlimited", (1024, -1)),
        ("unlimited", "unlimited", (-1, -1)),
        ("0", "0", (0, 0)),
    ],
)
def test_the_soft_and_the_hard_limit_of_open_files(soft: str, hard: str, found: tuple[int, int]) -> None:
    assert parse_open_files(LIMITS.format(soft=soft, hard=hard).encode(), "limits") == found


def test_a_file_without_that_line_tells_nothing() -> None:
    assert parse_open_files(b"", "limits") is None
    assert parse_open_files(b"Max cpu time unlimited unlimited seconds\n", "limits") is None


@pytest.mark.parametrize("line", [b"Max open files", b"Max open files 1", b"Max open files 1 many files"])
def test_the_line_without_two_limits_is_named(line: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/proc/7/limits:2: .* has no two limits$"):
        parse_open_files(b"Limit Soft Hard\n" + line + b"\n", "/proc/7/limits")


@given(st.binary(max_size=60))
def test_any_bytes_give_limits_nothing_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_open_files(text, "f")
    with suppress(ParseError):
        parse_open_files(b"Max open files" + text, "f")
