"""kernel/cpuinfo.py: the CPUs as their architecture describes them."""

import subprocess
from contextlib import suppress
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.cpuinfo import parse_cpuinfo, read_cpuinfo


def block(processor: int, package: int, core: int) -> bytes:
    return (
        b"processor\t: %d\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\n"
        b"cpu MHz\t\t: 1000.0567\nphysical id\t: %d\ncore id\t\t: %d\npower management:\n\n"
    ) % (processor, package, core)


TWO_SOCKETS = b"".join(block(cpu, cpu // 4, cpu % 2) for cpu in range(8))
ARM = b"processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\n\nprocessor\t: 1\n\nHardware\t: BCM2835\n"
S390X = b"vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF,  machine = 2964\n"
POWER = b"processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 3500.000000MHz\nrevision\t: 2.2\n\ntimebase\t: 512000000\n"


def test_core_ids_of_each_socket_count_apart() -> None:
    found = parse_cpuinfo(TWO_SOCKETS)
    assert (found.processors, len(found.cores), len(found.sockets)) == (8, 4, 2)


def test_first_cpu_tells_vendor_model_and_frequency() -> None:
    found = parse_cpuinfo(TWO_SOCKETS)
    assert found.vendor_id == "GenuineIntel"
    assert found.model_name == "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz"
    assert found.frequency_khz == 1000056


@pytest.mark.parametrize(
    ("text", "vendor", "khz", "processors"),
    [
        (b"", "", None, 0),
        (ARM, "", None, 2),
        (S390X, "IBM", None, 0),
        (POWER, "", 3500000, 1),
        (b"CPU MHz\t: 2500\n", "", 2500000, 0),
        (b"cpu MHz\t\t: unknown\n", "", None, 0),
        (b"vendor_id\t: \xff\n", "", None, 0),
    ],
)
def test_every_architecture_has_its_own_keys(text: bytes, vendor: str, khz: int | None, processors: int) -> None:
    found = parse_cpuinfo(text)
    assert (found.vendor_id, found.frequency_khz, found.processors) == (vendor, khz, processors)
    assert not found.cores


@pytest.mark.parametrize("line", [b"core id\t: x", b"core id\t:", b"physical id\t: -1", b"core id\t: " + b"9" * 5000])
def test_malformed_line_is_named_by_its_number(line: bytes) -> None:
    with pytest.raises(ParseError, match=r"^/proc/cpuinfo:2: "):
        parse_cpuinfo(b"processor\t: 0\n" + line + b"\n")


@given(st.binary() | st.lists(st.sampled_from([b"core id", b"cpu MHz", b"\t: ", b"1", b".5", b"\n"])).map(b"".join))
def test_any_bytes_are_cpus_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_cpuinfo(text)


def test_no_proc_is_none(host) -> None:
    assert read_cpuinfo(host({})) is None


@pytest.mark.skipif(not which("nproc"), reason="needs nproc (coreutils)")
def test_against_nproc() -> None:
    found = read_cpuinfo(Host("/"))
    assert found is not None
    if found.processors:
        all_of_them = int(subprocess.check_output(["nproc", "--all"]))
        assert found.processors <= all_of_them
