"""Plain cgroups."""

from cadvcli.host import Host
from cadvcli.runtimes import Raw, RuntimeSettings

RAW = Raw(Host(), RuntimeSettings())


def test_a_plain_group_is_named_by_its_path() -> None:
    identity = RAW.describe("/system.slice/ssh.service", "/system.slice/ssh.service")
    assert identity is not None
    assert (identity.name, identity.id, identity.namespace) == ("/system.slice/ssh.service", None, "")
    assert identity.complete


def test_the_root_is_claimed_and_mount_units_are_not() -> None:
    assert RAW.claims("/") == "/"
    assert RAW.claims("/dev-hugepages.mount") is None


def test_raw_has_no_list_and_is_always_there() -> None:
    assert RAW.list() == []
    assert RAW.available() is None
