"""machine/cloud.py: which cloud this machine is rented from."""

import pytest

from cadvcli.machine.cloud import Cloud, read_cloud

AZURE = "7783-7084-3265-9085-8269-3286-77\n"


@pytest.mark.parametrize(
    ("dmi", "cloud"),
    [
        ({}, Cloud("Unknown", "Unknown", "")),
        ({"product_name": "Google Compute Engine\n"}, Cloud("GCE", "Unknown", "")),
        (
            {"bios_vendor": "Amazon EC2\n", "product_name": "m5.large\n", "board_asset_tag": "i-0b22a22eec53b9321\n"},
            Cloud("AWS", "m5.large", "i-0b22a22eec53b9321"),
        ),
        ({"product_version": "4.11.amazon\n", "product_name": "HVM domU\n"}, Cloud("AWS", "Unknown", "")),
        ({"chassis_asset_tag": AZURE, "product_uuid": "f00d\n"}, Cloud("Azure", "Unknown", "f00d")),
        ({"sys_vendor": "Microsoft Corporation\n", "product_uuid": "f00d\n"}, Cloud()),
        ({"sys_vendor": "QEMU\n", "product_name": "Standard PC\n"}, Cloud()),
    ],
)
def test_firmware_names_the_cloud(host, dmi: dict[str, str], cloud: Cloud) -> None:
    assert read_cloud(host({f"/sys/class/dmi/id/{name}": text for name, text in dmi.items()})) == cloud


def test_an_amazon_linux_anywhere_is_not_aws(host) -> None:
    assert read_cloud(host({"/etc/os-release": "PRETTY_NAME=amazon linux\n"})) == Cloud()
