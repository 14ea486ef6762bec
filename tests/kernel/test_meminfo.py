"""kernel/meminfo.py: memory of the machine or of a node."""

import shutil
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.meminfo import parse_meminfo, read_meminfo


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", {}),
        (b"MemTotal:       24684084 kB\n", {"MemTotal": 25276502016}),
        (b"HugePages_Total:       3\nHugepagesize:    2048 kB\n", {"HugePages_Total": 3, "Hugepagesize": 2097152}),
        (b"Active(anon):    1612 kB\n", {"Active(anon)": 1650688}),
        (b"Node 0 MemTotal: 6121676 kB\nNode 0 HugePages_Free:  1\n", {"MemTotal": 6268596224, "HugePages_Free": 1}),
        (b"Node 12 Active(file): 1 kB", {"Active(file)": 1024}),
    ],
)
def test_kilobytes_become_bytes_and_pages_stay(text: bytes, found: dict[str, int]) -> None:
    assert parse_meminfo(text) == found


@pytest.mark.parametrize(
    "line",
    [b"MemFree", b"MemFree:", b": 1 kB", b"MemFree: x kB", b"MemFree: 1 MB", b"MemFree: -1 kB", b"MemFree: 1 kB 2"],
)
def test_malformed_line_is_named_by_its_number(line: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/proc/meminfo:2: "):
        parse_meminfo(b"MemTotal: 1 kB\n" + line + b"\n")


@given(st.binary() | st.lists(st.sampled_from([b"Node 0 ", b"A", b": ", b"1", b" kB", b"\n", b"\xff"])).map(b"".join))
def test_any_bytes_are_numbers_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_meminfo(text)


def test_no_proc_is_none(host) -> None:
    assert read_meminfo(host({})) is None


@pytest.mark.skipif(not shutil.which("free"), reason="needs free (procps)")
def test_against_free() -> None:
    rows = {row.split()[0]: row.split() for row in subprocess.check_output(["free", "-b"], text=True).splitlines()[1:]}
    memory = read_meminfo(Host("/"))
    assert memory is not None
    assert [memory["MemTotal"], memory["SwapTotal"]] == [int(rows["Mem:"][1]), int(rows["Swap:"][1])]
