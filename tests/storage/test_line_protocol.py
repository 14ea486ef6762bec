import pytest

from cadvcli.storage.line_protocol import lines, tag
from tests.storage.records import cpu, filesystem, memory, network, stats

WALL_NS = 1700000000000000000


def test_golden_bytes_of_a_container():
    sample = stats(cpu=cpu(), memory=memory(), network=network(), filesystem=[filesystem("/dev/sda1", 4096)])
    assert lines(sample, "web", "h1", WALL_NS).decode().splitlines() == [
        "cpu_usage_total,container_name=web,machine=h1 value=42i 1700000000000000000",
        "cpu_usage_system,container_name=web,machine=h1 value=12i 1700000000000000000",
        "cpu_usage_user,container_name=web,machine=h1 value=30i 1700000000000000000",
        "cpu_usage_per_cpu,container_name=web,instance=0,machine=h1 value=20i 1700000000000000000",
        "cpu_usage_per_cpu,container_name=web,instance=1,machine=h1 value=22i 1700000000000000000",
        "rx_bytes,container_name=web,machine=h1 value=100i 1700000000000000000",
        "rx_errors,container_name=web,machine=h1 value=0i 1700000000000000000",
        "tx_bytes,container_name=web,machine=h1 value=200i 1700000000000000000",
        "tx_errors,container_name=web,machine=h1 value=1i 1700000000000000000",
        "memory_usage,container_name=web,machine=h1 value=2097152i 1700000000000000000",
        "memory_working_set,container_name=web,machine=h1 value=1048576i 1700000000000000000",
        "memory_failure,container_name=web,failure_type=pgfault,machine=h1,scope=container value=12i "
        "1700000000000000000",
        "memory_failure,container_name=web,failure_type=pgmajfault,machine=h1,scope=container value=1i "
        "1700000000000000000",
        "memory_failure,container_name=web,failure_type=pgfault,machine=h1,scope=hierarchical value=14i "
        "1700000000000000000",
        "memory_failure,container_name=web,failure_type=pgmajfault,machine=h1,scope=hierarchical value=2i "
        "1700000000000000000",
        "fs_usage,container_name=web,device=/dev/sda1,machine=h1,type=usage value=4096i 1700000000000000000",
        "fs_limit,container_name=web,device=/dev/sda1,machine=h1,type=limit value=1000i 1700000000000000000",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web", "web"),
        ("a,b c=d", r"a\,b\ c\=d"),
        (r"/system.slice/dev-disk-by\x2duuid.mount", r"/system.slice/dev-disk-by\x2duuid.mount"),
        ("ends\\", r"ends\x5c"),
        ("a\\,b", r"a\x5c\,b"),
        ("a\\\\b", r"a\x5c\b"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("a\\\nb", r"a\x5c\nb"),
        ("\x00\x1b[2J\x7f", r"\x00\x1b[2J\x7f"),
        ("bad \udcff\udc80", r"bad\ \xff\x80"),
        ("größe ✓ 容器", r"größe\ ✓\ 容器"),
        ('"quoted"', '"quoted"'),
    ],
)
def test_a_tag_is_escaped(text, expected):
    assert tag(text) == expected


def test_a_number_that_means_unlimited_is_left_out():
    sample = stats(memory=memory(usage=2**63, working_set=2**63 - 1, failcnt=2**64 - 1))
    assert lines(sample, "web", "h1", WALL_NS).count(b"\n") == 5
    assert b"memory_working_set,container_name=web,machine=h1 value=9223372036854775807i 1" in lines(
        sample, "web", "h1", WALL_NS
    )


def test_a_tag_without_value_is_left_out():
    sample = stats(filesystem=[filesystem("", 1)])
    assert lines(sample, "", "", 7) == b"fs_usage,type=usage value=1i 7\nfs_limit,type=limit value=1000i 7\n"


def test_a_hostile_name_stays_one_line_a_point():
    sample = stats(cpu=cpu())
    name = "x\ncpu_usage_total,machine=h2 value=0i 1\n\\"
    assert lines(sample, name, "h1", WALL_NS).count(b"\n") == lines(sample, "web", "h1", WALL_NS).count(b"\n")
