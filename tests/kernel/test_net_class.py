"""kernel/net_class.py: network devices."""

import pytest

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.net_class import NetDevice, read_net_device

ETH0 = {
    "/sys/class/net/eth0/address": "02:fc:00:00:00:01\n",
    "/sys/class/net/eth0/mtu": "1500\n",
    "/sys/class/net/eth0/speed": "-1\n",
    "/sys/class/net/eth0/operstate": "up\n",
}


def test_a_card_tells_address_mtu_speed_and_state(host) -> None:
    assert read_net_device(host(ETH0), "eth0") == NetDevice(
        name="eth0", address="02:fc:00:00:00:01", mtu_bytes=1500, speed_mbit=-1, operstate="up"
    )


def test_a_driver_without_a_speed_leaves_it_unknown(host) -> None:
    files = {path: text for path, text in ETH0.items() if "speed" not in path}
    card = read_net_device(host(files), "eth0")
    assert card is not None
    assert card.speed_mbit is None


@pytest.mark.parametrize("name", ["eth1", "bonding_masters"])
def test_what_is_no_card_is_none(host, name: str) -> None:
    assert read_net_device(host({**ETH0, "/sys/class/net/bonding_masters": "\n"}), name) is None


def test_malformed_mtu_is_named(host) -> None:
    with pytest.raises(ParseError, match=r"^/sys/class/net/eth0/mtu:1: "):
        read_net_device(host({**ETH0, "/sys/class/net/eth0/mtu": "big\n"}), "eth0")


def test_against_the_cards_of_this_machine() -> None:
    machine = Host("/")
    for name in machine.subdirs("/sys/devices/virtual/net") or ():
        card = read_net_device(machine, name)
        assert card is not None
        assert card.mtu_bytes > 0
