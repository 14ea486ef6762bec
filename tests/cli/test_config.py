"""Which value counts, and what a config file may say."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from cadvcli.cli.config import read_config, settle
from cadvcli.cli.params import Invocation
from cadvcli.errors import HostError, UsageError

SECOND = 1_000_000_000


def settled(command: str, given: dict[str, Any] | None = None, environ: dict[str, str] | None = None) -> Any:
    return settle(Invocation(command, given or {}, {}), environ or {})


@pytest.fixture
def config(tmp_path: Path):
    def write(text: str | bytes) -> dict[str, str]:
        file = tmp_path / "cadvcli.toml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return {"config": str(file)}

    return write


def test_command_line_then_environment_then_file_then_default(config):
    given = config('[serve]\nport = 1\nlisten_ip = "::1"\nscrape_timeout = "9s"')
    environ = {"CADVCLI_PORT": "2", "CADVCLI_LISTEN_IP": "0.0.0.0"}
    settings = settled("serve", {**given, "port": "3"}, environ)
    assert (settings.port, settings.listen_ip, settings.scrape_timeout) == (3, "0.0.0.0", 9 * SECOND)
    assert settings.housekeeping_interval == SECOND


def test_every_option_has_a_value_and_arguments_stand_beside_them():
    settings = settle(Invocation("stats", {"format": "csv"}, {"names": ("web",)}), {})
    assert settings.format == "csv"
    assert settings.names == ("web",)
    assert settings.columns == ()
    assert settings.interval is None
    assert settings.verbose == 0


def test_an_empty_variable_counts_as_unset_and_one_of_another_command_is_left_alone():
    assert settled("serve", environ={"CADVCLI_PORT": "", "CADVCLI_COUNT": "x"}).port == 8080


def test_variables_have_the_kinds_of_their_options():
    environ = {"CADVCLI_ALLOW_DYNAMIC_HOUSEKEEPING": "false", "CADVCLI_ENABLE_METRICS": "cpu,memory"}
    settings = settled("serve", environ={**environ, "CADVCLI_VERBOSE": "2"})
    assert settings.allow_dynamic_housekeeping is False
    assert settings.enable_metrics == ("cpu", "memory")
    assert settings.verbose == 2


def test_the_environment_may_name_the_file(config):
    file = config("[machine]\nformat = 'json'")["config"]
    assert settled("machine", environ={"CADVCLI_CONFIG": file}).format == "json"


def test_a_switch_on_the_command_line_beats_the_file(config):
    given = config("[containers]\nall = true")
    assert settled("containers", given).all is True
    assert settled("containers", {**given, "all": False}).all is False


def test_values_of_the_file_may_be_of_tomls_own_types(config):
    given = config(
        "[serve]\nport = 9\nhousekeeping_interval = 10\nscrape_timeout = 0.5\nallow_dynamic_housekeeping = false\n"
        "enable_metrics = ['cpu', 'memory']"
    )
    settings = settled("serve", given)
    assert settings.port == 9
    assert settings.housekeeping_interval == 10 * SECOND
    assert settings.scrape_timeout == SECOND // 2
    assert settings.allow_dynamic_housekeeping is False
    assert settings.enable_metrics == ("cpu", "memory")


def test_tables_of_other_commands_are_checked_but_not_used(config):
    assert settled("stats", config("[containers]\nformat = 'csv'")).format == "table"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[stast]", "unknown table 'stast': did you mean 'stats'?"),
        ("[stats]\nformt = 'x'", "[stats]: unknown key 'formt': did you mean 'format'?"),
        ("[serve]\nhousekeeping-interval = '1s'", "[serve]: unknown key 'housekeeping-interval': "
         "did you mean 'housekeeping_interval'?"),
        ("[stats]\nconfig = '/other'", "[stats]: unknown key 'config': "),
        ("format = 'json'", "'format' stands outside the tables: write it below a line like [stats]"),
        ("[stats]\nformat = 'jsno'", "[stats] format: unknown format 'jsno': did you mean 'json'?"),
        ("[stats]\nformat = 3", "[stats] format: a text is wanted, not a number"),
        ("[stats]\ninterval = true", "[stats] interval: a duration is wanted, not true or false"),
        ("[stats]\ninterval = 2001-01-01", "[stats] interval: a duration is wanted, not a date"),
        ("[stats]\ninterval = -1", "[stats] interval: '-1' is not a duration: write 10s, 1m30s, 250ms or bare seconds"),
        ("[stats]\ninterval = inf", "[stats] interval: 'inf' is not a duration"),
        ("[serve]\nport = 1.5", "[serve] port: '1.5' is not a whole number"),
        ("[serve]\nport = 70000", "[serve] port: '70000' is more than 65535"),
        ("[serve]\nport = {}", "[serve] port: a whole number is wanted, not a table"),
        ("[serve]\nenable_metrics = [1]", "[serve] enable_metrics: an array of texts is wanted, not an array"),
        ("[serve]\nallow_dynamic_housekeeping = 1", "housekeeping: true or false is wanted, not a number"),
        ("[stats", "Expected ']' at the end of a table declaration (at end of document)"),
        (b"[stats]\nformat = '\xff'", "can't decode byte 0xff"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it(config, text, said):
    given = config(text)
    with pytest.raises(UsageError) as caught:
        settled("machine", given)
    assert str(caught.value).startswith(given["config"] + ": ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "environ", "said"),
    [
        ({"interval": "2x"}, {}, "--interval: '2x' is not a duration"),
        ({}, {"CADVCLI_INTERVAL": "2x"}, "CADVCLI_INTERVAL: '2x' is not a duration"),
        ({"format": "jsno"}, {}, "--format: unknown format 'jsno': did you mean 'json'?"),
    ],
)
def test_a_wrong_value_names_the_place_it_came_from(given, environ, said):
    with pytest.raises(UsageError) as caught:
        settled("stats", given, environ)
    assert str(caught.value).startswith(said)


def test_a_file_that_may_be_missing_is_no_file(tmp_path):
    assert read_config(str(tmp_path / "none.toml"), must_exist=False) == {}
    assert read_config(str(tmp_path / "none.toml" / "below"), must_exist=False) == {}


def test_a_file_that_was_asked_for_must_be_there(tmp_path):
    with pytest.raises(HostError, match=r"none\.toml: No such file or directory"):
        read_config(str(tmp_path / "none.toml"), must_exist=True)
    with pytest.raises(HostError, match="Is a directory"):
        read_config(str(tmp_path), must_exist=False)


@pytest.fixture
def ordinary_user():
    """Nobody, if we are root, for as long as the test runs."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def test_a_default_file_that_this_user_may_not_read_is_not_used(tmp_path, ordinary_user, caplog):
    file = tmp_path / "cadvcli.toml"
    if os.access(tmp_path, os.W_OK, effective_ids=True):
        file.touch(mode=0)
    with caplog.at_level(logging.INFO, "cadvcli"):
        assert read_config(str(file), must_exist=False) == {}
    assert caplog.messages == [f"{file}: not used, Permission denied"]
    with pytest.raises(HostError, match="Permission denied"):
        read_config(str(file), must_exist=True)
