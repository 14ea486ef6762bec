import pytest

from cadvcli.errors import HostError, UsageError
from cadvcli.options import EXPORT, options_of
from cadvcli.storage import drivers
from cadvcli.storage.options import DRIVER_OPTIONS, driver_options, parse_driver


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stdout", ("stdout", {})),
        ("stdout:", ("stdout", {})),
        (
            "influxdb:url=http://h:8086,db=x",
            ("influxdb", {"url": "http://h:8086", "db": "x"}),
        ),
        ("influxdb:password=a=b", ("influxdb", {"password": "a=b"})),
        (r"influxdb:password=a\,b\\c,user=u", ("influxdb", {"password": r"a,b\c", "user": "u"})),
        ("influxdb:token-file=/run/t", ("influxdb", {"token_file": "/run/t"})),
        ("influxdb:org=,", ("influxdb", {"org": ""})),
    ],
)
def test_a_driver_and_its_options_stand_in_one_word(text, expected):
    assert parse_driver(text) == expected


def test_an_option_without_value_is_a_usage_error():
    with pytest.raises(UsageError, match="driver 'influxdb': 'db' has no value: write db=VALUE"):
        parse_driver("influxdb:db")


def test_an_unknown_option_names_the_nearest():
    with pytest.raises(UsageError, match="unknown option of driver influxdb 'bukket': did you mean 'bucket'"):
        driver_options("influxdb", {"bukket": "x"}, {}, {})


def test_the_drivers_own_word_counts_before_the_environment_before_cadvisors_flag_before_the_default():
    flags = {"storage_driver_host": "flag:1"}
    environ = {"CADVCLI_INFLUXDB_HOST": "environment:1"}
    assert driver_options("influxdb", {"host": "word:1"}, environ, flags)["host"] == "word:1"
    assert driver_options("influxdb", {}, environ, flags)["host"] == "environment:1"
    assert driver_options("influxdb", {}, {}, flags)["host"] == "flag:1"
    assert driver_options("influxdb", {}, {}, {"storage_driver_host": None})["host"] == "localhost:8086"


def test_a_secret_can_lie_in_a_file(tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    options = driver_options("influxdb", {"token_file": str(tmp_path / "token")}, {}, {})
    assert options["token"] == "s3cret"


def test_a_missing_secret_is_one_line(tmp_path):
    with pytest.raises(HostError, match="/none: No such file or directory"):
        driver_options("influxdb", {"password_file": f"{tmp_path}/none"}, {}, {})


def test_a_bad_value_says_where_it_stood():
    with pytest.raises(UsageError, match="driver influxdb: timeout: 'soon' is not a duration"):
        driver_options("influxdb", {"timeout": "soon"}, {}, {})
    with pytest.raises(UsageError, match="CADVCLI_INFLUXDB_GZIP: 'maybe' is neither true nor false"):
        driver_options("influxdb", {}, {"CADVCLI_INFLUXDB_GZIP": "maybe"}, {})


def test_every_row_belongs_to_a_driver_and_every_flag_is_an_option_of_export():
    assert {name for row in DRIVER_OPTIONS for name in row.commands} <= set(drivers())
    assert {row.flag for row in DRIVER_OPTIONS if row.flag} <= set(options_of(EXPORT))
