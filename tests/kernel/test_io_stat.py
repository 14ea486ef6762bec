"""kernel/io_stat.py: block I/O of a cgroup."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.io_stat import parse_blkio, parse_io_stat

LINE = b"254:0 rbytes=313046016 wbytes=8192 rios=4573 wios=2 dbytes=4096 dios=1\n"
COUNTERS = {b"rbytes": 313046016, b"wbytes": 8192, b"rios": 4573, b"wios": 2, b"dbytes": 4096, b"dios": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", {}),
        (LINE, {(254, 0): COUNTERS}),
        (LINE + b"8:16 rbytes=0 wbytes=7\n", {(254, 0): COUNTERS, (8, 16): {b"rbytes": 0, b"wbytes": 7}}),
        # A device that has done nothing stands alone, with a line break or, on some kernels, without one.
        (b"8:16 \n" + LINE, {(254, 0): COUNTERS}),
        (b"8:16 8:0 " + LINE, {(254, 0): COUNTERS}),
        (
            b"259:0 rbytes=1 cost.vrate=100.00 cost.usage=12 cost.wait=0 depth=max\n",
            {(259, 0): {b"rbytes": 1, b"cost.usage": 12, b"cost.wait": 0}},
        ),
    ],
)
def test_counters_by_device(text: bytes, found: dict[tuple[int, int], dict[bytes, int]]) -> None:
    assert parse_io_stat(text, "io.stat") == found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"rbytes=1 wbytes=2\n", 1),
        (LINE + b"8:x rbytes=1\n", 2),
        (LINE + b"sda rbytes=1\n", 2),
        (LINE + LINE + b"8:0:1\n", 3),
    ],
)
def test_the_line_that_names_no_device_is_named(text: bytes, line: int) -> None:
    with pytest.raises(ParseError, match=rf"^io\.stat:{line}: .* is no 'major:minor key=number …'$"):
        parse_io_stat(text, "io.stat")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", {}),
        (b"Total 0\n", {}),
        (
            b"254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 12288\n254:0 Async 0\n254:0 Discard 0\n254:0 Total 12288\n"
            b"8:16 Read 1\nTotal 12289\n",
            {
                (254, 0): {"Read": 4096, "Write": 8192, "Sync": 12288, "Async": 0, "Discard": 0, "Total": 12288},
                (8, 16): {"Read": 1},
            },
        ),
        (b"8:0 1234\n8:16 -5\n", {(8, 0): {"Count": 1234}, (8, 16): {"Count": 0}}),
    ],
)
def test_v1_operations_by_device(text: bytes, found: dict[tuple[int, int], dict[str, int]]) -> None:
    assert parse_blkio(text, "blkio.throttle.io_service_bytes") == found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"8:0 Read\n", 1),
        (b"8:0 Read 1\n8:0 Read x\n", 2),
        (b"8:0 Read 1\n8:0\n", 2),
        (b"8:0 Read 1\n8:0 Read 1 2\n", 2),
        (b"8:0 Read 1\n80 Read 1\n", 2),
        (b"8:0 R\xc3\xa9ad 1\n", 1),
    ],
)
def test_the_line_of_v1_that_is_no_row_is_named(text: bytes, line: int) -> None:
    with pytest.raises(ParseError, match=rf"^blkio\.time:{line}: .* is no 'major:minor operation number'$"):
        parse_blkio(text, "blkio.time")


@given(st.one_of(st.binary(max_size=120), st.text("0123:= rbytesTotal\n", max_size=120).map(str.encode)))
def test_any_bytes_give_counters_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        assert all(value >= 0 for counters in parse_io_stat(text, "f").values() for value in counters.values())
    with suppress(ParseError):
        assert all(value >= 0 for counters in parse_blkio(text, "f").values() for value in counters.values())
