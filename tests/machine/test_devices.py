"""machine/devices.py: disks and network cards."""

from cadvcli.errors import CadvcliError
from cadvcli.machine.attempt import silent
from cadvcli.machine.devices import read_cards, read_disks


def disk(name: str, dev: str, size: str = "8\n", **more: str) -> dict[str, str]:
    files = {"dev": dev, "size": size, **more}
    return {f"/sys/block/{name}/{file}": text for file, text in files.items()}


def card(name: str, mtu: str = "1500\n") -> dict[str, str]:
    return {f"/sys/class/net/{name}/address": "02:00:00:00:00:01\n", f"/sys/class/net/{name}/mtu": mtu}


def test_loops_ram_disks_cd_drives_and_hidden_paths_are_no_disks(host) -> None:
    machine = host(
        {
            **disk("sda", "8:0\n"),
            **disk("nvme0n1", "259:0\n"),
            **disk("nvme0c0n1", "259:1\n", hidden="1\n"),
            **disk("loop0", "7:0\n"),
            **disk("ram0", "1:0\n"),
            **disk("sr0", "11:0\n"),
            **disk("dm-0", "252:0\n"),
        }
    )
    assert [found.name for found in read_disks(machine, silent)] == ["dm-0", "nvme0n1", "sda"]


def test_one_unreadable_disk_does_not_cost_the_others(host) -> None:
    said: list[CadvcliError] = []
    machine = host({**disk("sda", "8:0\n"), **disk("sdb", "8:16\n", "huge\n"), **disk("sdc", "nonsense\n")})
    assert [found.name for found in read_disks(machine, said.append)] == ["sda"]
    assert [str(error).split(":")[0] for error in said] == ["/sys/block/sdb/size", "/sys/block/sdc/dev"]


def test_loopback_and_what_engines_make_are_no_cards(host) -> None:
    names = ("lo", "veth12ab", "docker0", "nerdctl0", "eth0", "br-12ab", "wlan0")
    machine = host({path: text for name in names for path, text in card(name).items()})
    assert [found.name for found in read_cards(machine, silent)] == ["br-12ab", "eth0", "wlan0"]


def test_one_unreadable_card_does_not_cost_the_others(host) -> None:
    said: list[CadvcliError] = []
    machine = host({**card("eth0"), **card("eth1", "big\n"), "/sys/class/net/bonding_masters": "\n"})
    assert [found.name for found in read_cards(machine, said.append)] == ["eth0"]
    assert [str(error).split(":")[0] for error in said] == ["/sys/class/net/eth1/mtu"]


def test_machine_without_sysfs_has_neither(host) -> None:
    assert read_disks(host({}), silent) == []
    assert read_cards(host({}), silent) == []
