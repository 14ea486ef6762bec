"""The knobs of the drivers as data, and what a person said of them.

``--driver influxdb:url=http://h:8086,db=x`` counts before ``CADVCLI_INFLUXDB_URL``, before what the options of
``export`` with cAdvisor's names say, before the row's default. A comma or backslash in a value has a backslash before
it. Nothing here loads a driver.
"""

import re
from collections.abc import Mapping
from typing import Any

from cadvcli.errors import HostError, UsageError, unknown
from cadvcli.options import Option
from cadvcli.values import default_of, parse

INFLUXDB, STDOUT = ("influxdb",), ("stdout",)

#: Every knob of every driver. ``commands`` are drivers here, ``flag`` is the option of ``export`` that says the same,
#: and ``NAME_file`` names a file to read NAME from.
DRIVER_OPTIONS: tuple[Option, ...] = (
    Option("url", "str", None, "Address, http or https; unset: made of host and secure", INFLUXDB, metavar="URL"),
    Option("host", "str", "localhost:8086", "HOST:PORT", INFLUXDB, flag="storage_driver_host"),
    Option("secure", "bool", "false", "https instead of http", INFLUXDB, flag="storage_driver_secure"),
    Option("db", "str", None, "Database of InfluxDB 1.x; unset: cadvisor", INFLUXDB, flag="storage_driver_db"),
    Option("rp", "str", None, "Retention policy; unset: the database's default", INFLUXDB,
           flag="storage_driver_influxdb_retention_policy"),
    Option("user", "str", None, "User", INFLUXDB, flag="storage_driver_user"),
    Option("password", "str", None, "Password", INFLUXDB, flag="storage_driver_password"),
    Option("password_file", "str", None, "File with the password", INFLUXDB),
    Option("bucket", "str", None, "Bucket of InfluxDB 2.x or later", INFLUXDB),
    Option("org", "str", None, "Organization, where the server has any", INFLUXDB),
    Option("token", "str", None, "API token", INFLUXDB),
    Option("token_file", "str", None, "File with the API token", INFLUXDB),
    Option("ca_file", "str", None, "Certificates to trust instead of the system's", INFLUXDB),
    Option("timeout", "duration", "10s", "Longest wait for an answer", INFLUXDB, least="1ms"),
    Option("gzip", "bool", "true", "Compress what is sent", INFLUXDB),
    Option("format", "choice", "cadvisor", "Layout", STDOUT, choices=("cadvisor", "jsonl", "influx")),
    Option("host", "str", None, "Text of host=; unset: the machine's name", STDOUT, flag="storage_driver_host"),
)


def options_of_driver(driver: str) -> dict[str, Option]:
    """The rows that a storage driver takes, by name."""
    return {row.name: row for row in DRIVER_OPTIONS if driver in row.commands}


def parse_driver(text: str) -> tuple[str, dict[str, str]]:
    """The driver's name and its options as they stand there: ``NAME`` or ``NAME:KEY=VALUE,KEY=VALUE``."""
    name, _, rest = text.partition(":")
    given: dict[str, str] = {}
    for part in re.findall(r"(?:\\.|[^,\\]|\\$)+", rest, re.DOTALL):
        key, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f"driver '{name.strip()}': '{key}' has no value: write {key}=VALUE")
        given[key.strip().replace("-", "_")] = re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
    return name.strip(), given


def driver_options(
    name: str, given: Mapping[str, str], environ: Mapping[str, str], export: Mapping[str, Any]
) -> dict[str, Any]:
    """Every option of the driver with the value that counts. ``export`` has those of the command, None where unset."""
    rows = options_of_driver(name)
    for key in given:
        if key not in rows:
            raise unknown(f"option of driver {name}", key, rows)
    found: dict[str, Any] = {}
    for key, row in rows.items():
        found[key] = _found(name, row, given.get(key), environ, export)
    for key in rows:
        file = found.get(f"{key}_file")
        if file is not None and found[key] is None:
            found[key] = read_option_file(file)
    return found


def variable(name: str, row: Option) -> str:
    """The environment variable of a driver's option."""
    return f"CADVCLI_{name}_{row.name}".upper()


def _found(name: str, row: Option, text: str | None, environ: Mapping[str, str], export: Mapping[str, Any]) -> Any:
    place = f"driver {name}: {row.name}"
    if text is None:
        text, place = environ.get(variable(name, row)) or None, variable(name, row)
    if text is not None:
        try:
            return parse(row, text)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
    same = export.get(row.flag) if row.flag else None
    return default_of(row) if same is None else same


def read_option_file(path: str) -> str:
    """The text of a file that an option names, such as a secret, without the line end behind it."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().strip()
    except OSError as error:
        raise HostError(path, error.strerror or "can't be read") from None
