"""cli/machine.py: the machine as a page or as JSON."""

import json
import subprocess
from collections.abc import Callable
from shutil import which

import msgspec
import pytest

from cadvcli.cli.machine import page, read_facts
from cadvcli.errors import CadvcliError
from cadvcli.model.machine import MachineInfo
from tests.machine import machines

CPUINFO = "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: {}\ncpu MHz\t\t: 3600.000\n"
MEMINFO = "MemTotal:        2097152 kB\nSwapTotal:       1048576 kB\n"


def row(text: str, start: str) -> str:
    """The page's line that starts so, with single blanks."""
    return next((" ".join(line.split()) for line in text.splitlines() if line.startswith(start)), "")


@pytest.mark.parametrize("name", ["docker-v1", "mixed-v2"])
def test_page_of_a_recorded_machine(recorded, golden, name: str) -> None:
    said: list[CadvcliError] = []
    golden(f"machine-{name}.txt", page(read_facts(recorded(name), said.append), None))
    assert said == []


def test_page_fits_the_terminal_and_keeps_its_numbers(recorded) -> None:
    text = page(read_facts(recorded("mixed-v2"), print), 70)
    lines = text[text.index("FILE SYSTEM") :].splitlines()
    assert max(map(len, lines)) <= 70
    assert "298.4MiB     84KiB  298.4MiB    1%" in text


def test_json_is_the_object_of_the_api(cadvcli, host) -> None:
    run = cadvcli("machine", "-o", "json", "--host-root", host({"/proc/meminfo": MEMINFO}).root)
    assert (run.rc, run.err, run.out.count("\n")) == (0, "", 1)
    info = msgspec.json.decode(run.out, type=MachineInfo)
    assert (info.memory_capacity, info.swap_capacity) == (2147483648, 1073741824)
    assert list(json.loads(run.out))[:3] == ["timestamp", "vendor_id", "num_cores"]


def test_what_nobody_knows_is_a_dash(cadvcli, host) -> None:
    run = cadvcli("machine", "--host-root", host({"/proc/version": ""}).root)
    assert (run.rc, run.err) == (0, "")
    lines = ("Host", "System UUID", "Processor", "CPUs", "Frequency", "Memory")
    assert [row(run.out, line).removeprefix(line) for line in lines] == [" -"] * len(lines)
    assert "FILE SYSTEM" not in run.out


def test_malformed_file_costs_its_own_line_and_is_named_on_stderr(cadvcli, host) -> None:
    machine = host({"/proc/meminfo": "MemTotal: lots\n", "/proc/cpuinfo": CPUINFO.format("Xeon")})
    run = cadvcli("machine", "--host-root", machine.root)
    assert run.rc == 0
    assert [row(run.out, line) for line in ("Processor", "Frequency", "Memory")] == [
        "Processor Xeon",
        "Frequency 3.6 GHz",
        "Memory -",
    ]
    assert run.err.count("\n") == 1
    assert "/proc/meminfo:1: 'MemTotal: lots'" in run.err


def test_hostile_names_cannot_reach_the_terminal(cadvcli, host) -> None:
    machine = host(
        {
            "/proc/cpuinfo": CPUINFO.format("\x1b[2Jevil\x9b"),
            "/etc/hostname": b"a\xff\x07b\n",
            "/proc/1/mountinfo": rb"27 1 8:1 / /\033[31m\012x rw - ext4 /dev/sda1 rw" + b"\n",
        }
    )
    run = cadvcli("machine", "--host-root", machine.root)
    assert run.rc == 0
    assert not {"\x1b", "\x9b", "\x07"} & set(run.out)
    assert row(run.out, "Host") == r"Host a\xff\x07b"
    assert r"/\x1b[31m\nx" in run.out
    run = cadvcli("machine", "-o", "json", "--host-root", machine.root)
    assert run.rc == 0
    assert json.loads(run.out)["vendor_id"] == "GenuineIntel"


def test_root_without_a_machine_is_one_clear_line(cadvcli, tmp_path) -> None:
    run = cadvcli("machine", "--host-root", str(tmp_path))
    assert (run.rc, run.out) == (1, "")
    assert run.err == (
        f"cadvcli: {tmp_path}/proc: not there; is --host-root the folder where the machine's files are?\n"
    )


def test_caches_of_several_sizes_are_added_up(host) -> None:
    text = page(read_facts(host(machines.HYBRID), print), None)
    assert row(text, "Caches") == "Caches L2 2MiB + 1.25MiB, L3 12MiB"
    assert [row(text, line) for line in ("CPUs", "Cores", "Sockets")] == ["CPUs 6", "Cores 5", "Sockets 1"]
    assert row(text, "NUMA nodes") == ""


def test_memory_modules_swap_huge_pages_and_cloud_have_their_lines(host) -> None:
    dimm = "/sys/devices/system/edac/mc/mc0/dimm0"
    machine = host(
        {
            "/proc/meminfo": MEMINFO,
            f"{dimm}/dimm_mem_type": "Registered-DDR4\n",
            f"{dimm}/size": "2048\n",
            "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "8\n",
            "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages": "0\n",
            "/sys/class/dmi/id/bios_vendor": "Amazon EC2\n",
            "/sys/class/dmi/id/product_name": "m5.large\n",
            "/sys/class/dmi/id/board_asset_tag": "i-0b22a22e\n",
        }
    )
    text = page(read_facts(machine, print), None)
    assert [row(text, line) for line in ("Memory", "Modules", "Swap", "Huge pages", "Cloud")] == [
        "Memory 2GiB",
        "Modules 1 x Registered-DDR4, 2GiB in all",
        "Swap 1GiB",
        "Huge pages 8 x 2MiB",
        "Cloud AWS m5.large i-0b22a22e",
    ]


@pytest.mark.parametrize(
    ("speed", "shown"), [("-1\n", "-"), ("0\n", "-"), ("100\n", "100 Mbit/s"), ("2500\n", "2.5 Gbit/s")]
)
def test_speed_of_a_card_is_in_the_unit_on_its_box(host, speed: str, shown: str) -> None:
    card = "/sys/class/net/eth0"
    machine = host({f"{card}/address": "02::01\n", f"{card}/mtu": "1500\n", f"{card}/speed": speed})
    assert row(page(read_facts(machine, print), None), "eth0") == f"eth0 02::01 {shown} 1500 -"


def test_this_machine_is_shown_to_an_ordinary_user(cadvcli, cadvcli_as_nobody: Callable) -> None:
    mine, theirs = (json.loads(run("machine", "-o", "json").out) for run in (cadvcli, cadvcli_as_nobody))
    for key in ("num_cores", "num_sockets", "memory_capacity", "disk_map", "machine_id", "boot_id"):
        assert theirs[key] == mine[key], key
    assert theirs["system_uuid"] in ("", mine["system_uuid"])
    run = cadvcli_as_nobody("machine")
    assert (run.rc, run.err) == (0, "")
    assert row(run.out, "CPUs") == f"CPUs {mine['num_cores']}"


@pytest.mark.skipif(not which("df"), reason="needs df (coreutils)")
def test_against_df(cadvcli) -> None:
    share = subprocess.check_output(["df", "--output=pcent", "/"], text=True).split()[-1]
    line = next(line for line in cadvcli("machine").out.splitlines() if line.endswith("  /"))
    assert abs(int(line.split()[-2].rstrip("%")) - int(share.rstrip("%"))) <= 1
