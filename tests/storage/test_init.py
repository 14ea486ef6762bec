import pytest

from cadvcli.errors import UsageError
from cadvcli.storage import drivers, later, open_driver, refused
from tests.storage.records import plain, record, stats


def test_the_folder_is_the_registry():
    assert sorted(drivers()) == ["influxdb", "stdout"]
    assert all(module.SUMMARY for module in drivers().values())


def test_an_unknown_driver_names_the_nearest():
    with pytest.raises(UsageError, match="unknown storage driver 'influx': did you mean 'influxdb'"):
        open_driver("influx", {}, "h1")


def test_what_is_no_driver_of_the_folder_is_unknown_too():
    with pytest.raises(UsageError, match="unknown storage driver 'sender': known: influxdb, stdout"):
        open_driver("sender", {}, "h1")


def test_a_container_is_named_as_cadvisors_drivers_name_it():
    assert record(stats()).container_name == "web"
    assert plain(stats(), "/user.slice").container_name == "/user.slice"


def test_outcomes_name_the_whole_batch():
    assert list(later([b"a", b"b"], "away", 5).retry) == [0, 1]
    assert dict(refused([b"a", b"b"], "bad").rejected) == {0: "bad", 1: "bad"}
    assert refused([b"a", b"b"], "bad").split
    assert not refused([b"a"], "bad").split
