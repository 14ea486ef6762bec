"""machine/identity.py: which machine this is."""

import os
import platform

import pytest

from cadvcli.errors import PermissionDenied
from cadvcli.host import Host
from cadvcli.machine.identity import Identity, parse_os_release, read_identity

UUID = "/sys/class/dmi/id/product_uuid"


class Nobody(Host):
    """A host that an ordinary user looks at."""

    def read(self, path: str) -> bytes | None:
        if path == UUID:
            raise PermissionDenied(path, "Permission denied")
        return super().read(path)


def test_everything_is_told_by_files_of_the_host(host) -> None:
    machine = host(
        {
            "/etc/machine-id": "3d1219c7c4c5404aaa1f6d2a48adfda4\n",
            "/etc/hostname": "web-1\n",
            "/etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
            "/proc/sys/kernel/osrelease": "6.1.0\n",
            "/proc/sys/kernel/random/boot_id": "5032e072\n",
            UUID: "4C4C4544-0035\n",
        }
    )
    assert read_identity(machine) == Identity(
        machine_id="3d1219c7c4c5404aaa1f6d2a48adfda4",
        system_uuid="4C4C4544-0035",
        boot_id="5032e072",
        hostname="web-1",
        kernel_version="6.1.0",
        os_version="Debian GNU/Linux 12 (bookworm)",
    )


def test_machine_of_which_nothing_is_known_is_blank(host) -> None:
    assert read_identity(host({})) == Identity(
        machine_id="", system_uuid="", boot_id="", hostname="", kernel_version="", os_version=""
    )


@pytest.mark.parametrize(
    ("files", "uuid"),
    [
        ({"/proc/device-tree/vm,uuid": "power\0", "/etc/machine-id": "id"}, "power"),
        ({"/etc/machine-id": "id\n"}, "id"),
        ({UUID: "\n", "/etc/machine-id": "id\n"}, "id"),
    ],
)
def test_machines_without_dmi_have_other_uuids(host, files: dict[str, str], uuid: str) -> None:
    assert read_identity(host(files)).system_uuid == uuid


def test_uuid_that_needs_root_stays_blank_and_is_not_another_id(host) -> None:
    machine = Nobody(host({"/etc/machine-id": "id\n"}).root)
    identity = read_identity(machine)
    assert (identity.system_uuid, identity.machine_id) == ("", "id")


def test_second_file_stands_in_where_the_first_is_missing(host) -> None:
    machine = host({"/var/lib/dbus/machine-id": "id\n", "/usr/lib/os-release": "PRETTY_NAME=Alpine\n"})
    identity = read_identity(machine)
    assert (identity.machine_id, identity.os_version) == ("id", "Alpine")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PRETTY_NAME='Arch Linux'", "Arch Linux"),
        ("PRETTY_NAME=Void", "Void"),
        ("NAME=x\nPRETTY_NAME=", ""),
        ('PRETTY_NAME="', '"'),
        ("NAME=x", "Linux"),
        ("", ""),
    ],
)
def test_operating_system_is_the_pretty_name(text: str, name: str) -> None:
    assert parse_os_release(text) == name


def test_against_uname() -> None:
    identity = read_identity(Host("/"))
    assert identity.kernel_version == platform.release()
    assert identity.hostname == os.uname().nodename
