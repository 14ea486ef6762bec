"""kernel/edac.py: memory modules."""

import pytest

from cadvcli.errors import ParseError
from cadvcli.kernel.edac import Dimm, read_dimms

MC = "/sys/devices/system/edac/mc"


def dimm(controller: int, slot: int, kind: str, size: str) -> dict[str, str]:
    folder = f"{MC}/mc{controller}/dimm{slot}"
    return {f"{folder}/dimm_mem_type": kind + "\n", f"{folder}/size": size + "\n"}


def test_modules_of_all_controllers_are_listed(host) -> None:
    machine = host({**dimm(0, 0, "Registered-DDR4", "16384"), **dimm(1, 3, "Non-volatile-RAM", "131072")})
    assert read_dimms(machine) == [Dimm("Registered-DDR4", 17179869184), Dimm("Non-volatile-RAM", 137438953472)]


def test_a_module_that_tells_no_size_is_left_out(host) -> None:
    files = dimm(0, 0, "Registered-DDR4", "16384")
    files.pop(f"{MC}/mc0/dimm0/size")
    assert read_dimms(host({**files, f"{MC}/mc0/csrow0/size_mb": "8\n"})) == []


def test_machine_without_edac_has_none(host) -> None:
    assert read_dimms(host({})) == []


def test_malformed_size_is_named(host) -> None:
    with pytest.raises(ParseError, match=f"^{MC}/mc0/dimm0/size:1: "):
        read_dimms(host(dimm(0, 0, "Registered-DDR4", "16G")))
