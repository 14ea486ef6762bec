"""Which cloud this machine is rented from, by what its firmware says: ``/sys/class/dmi/id``. No request is made.

The names are cAdvisor's. On AWS (Nitro) the firmware knows the instance's type and id too; on Azure the id is the
system's UUID, which root alone can read; on GCE neither is there.
"""

from typing import NamedTuple

from cadvcli.errors import HostError
from cadvcli.host import Host
from cadvcli.model.machine import UNKNOWN

FOLDER = "/sys/class/dmi/id"
#: Every Azure machine's chassis has this tag; other guests of Hyper-V don't.
AZURE_TAG = "7783-7084-3265-9085-8269-3286-77"


class Cloud(NamedTuple):
    """Provider (GCE, AWS, Azure), type and id of the instance."""

    provider: str = UNKNOWN
    instance_type: str = UNKNOWN
    instance_id: str = ""


def read_cloud(host: Host) -> Cloud:
    """The cloud this machine is in; all unknown for one in none, or in one that its firmware doesn't name."""
    if "Google" in _dmi(host, "product_name"):
        return Cloud("GCE")
    if "amazon" in (_dmi(host, "product_version") + _dmi(host, "bios_vendor")).lower():
        tag = _dmi(host, "board_asset_tag")
        nitro = tag.startswith("i-")
        return Cloud("AWS", _dmi(host, "product_name") or UNKNOWN if nitro else UNKNOWN, tag if nitro else "")
    if _dmi(host, "chassis_asset_tag") == AZURE_TAG:
        return Cloud("Azure", UNKNOWN, _dmi(host, "product_uuid"))
    return Cloud()


def _dmi(host: Host, name: str) -> str:
    """One of the firmware's words, "" if it has none or this user may not know."""
    try:
        return host.text(f"{FOLDER}/{name}") or ""
    except HostError:
        return ""
