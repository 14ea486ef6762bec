"""/dev/kmsg."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.host import Host
from cadvcli.kernel.kmsg import KernelLog, Kill, Kills, parse_records

MODERN = (
    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=7f3a,mems_allowed=0,oom_memcg=/docker/7f3a,"
    "task_memcg=/docker/7f3a,task=tail,pid=4711,uid=0"
)
GLOBAL = (
    "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
    "task_memcg=/system.slice/a,b.service,task=my, prog,pid=12,uid=1000"
)


@pytest.mark.parametrize(
    ("messages", "kill"),
    [
        ([MODERN], Kill(group="/docker/7f3a", pid=4711, process="tail", constraint="CONSTRAINT_MEMCG")),
        ([GLOBAL], Kill(group="/system.slice/a,b.service", pid=12, process="my, prog", constraint="CONSTRAINT_NONE")),
        (
            [
                "tail invoked oom-killer: gfp_mask=0x14000c0",
                "Task in /docker/7f3a killed as a result of limit of /docker",
                "memory: usage 16384kB, limit 16384kB, failcnt 5",
                "Killed process 4711 (tail) total-vm:4096kB, anon-rss:4000kB",
            ],
            Kill(group="/docker/7f3a", pid=4711, process="tail", constraint="CONSTRAINT_MEMCG"),
        ),
        (["Memory cgroup out of memory: Killed process 4711 (tail) total-vm:4096kB"], None),
        (["eth0: link up"], None),
    ],
)
def test_kernels_of_all_ages_tell_who_was_killed(messages: list[str], kill: Kill | None) -> None:
    kills = Kills()
    assert [found for message in messages if (found := kills.of(message))] == ([kill] if kill else [])


def test_a_new_kernel_tells_each_kill_twice_and_it_counts_once() -> None:
    kills = Kills()
    second = "Memory cgroup out of memory: Killed process 4711 (tail) total-vm:4096kB"
    assert [bool(kills.of(message)) for message in (MODERN, second)] == [True, False]


def test_records_have_a_header_and_lines_of_their_own() -> None:
    text = b"6,339,5140900,-;NET: one\n SUBSYSTEM=net\n30,340,5690716,-;\\x09two\nthree\n"
    assert parse_records(text) == ["NET: one", "\ttwo"]


@given(st.binary())
def test_any_bytes_are_records_or_none(text: bytes) -> None:
    kills = Kills()
    for message in [*parse_records(text), text.decode("latin-1")]:
        kills.of(message)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[int]:
    """The end of a pipe at which the kernel would write."""
    (tmp_path / "dev").mkdir()
    os.mkfifo(tmp_path / "dev/kmsg")
    end = os.open(tmp_path / "dev/kmsg", os.O_RDWR)
    yield end
    os.close(end)


def test_only_what_comes_is_read_and_nothing_waits_for_it(tmp_path: Path, log: int) -> None:
    reader = KernelLog.open(Host(str(tmp_path)))
    assert reader is not None
    assert reader.kills() == []
    os.write(log, b"6,1,2,-;" + MODERN.encode() + b"\n")
    assert [kill.pid for kill in reader.kills()] == [4711]
    assert reader.kills() == []
    reader.close()


def test_what_was_written_before_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/kmsg").write_bytes(b"6,1,2,-;" + MODERN.encode() + b"\n")
    reader = KernelLog.open(Host(str(tmp_path)))
    assert reader is not None
    assert reader.kills() == []
    reader.close()


def test_a_machine_without_a_log_has_none(tmp_path: Path) -> None:
    assert KernelLog.open(Host(str(tmp_path))) is None
