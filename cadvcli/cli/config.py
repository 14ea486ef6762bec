"""Which value counts: the command line's, else the environment's, else the config file's, else the default.

The file is TOML: a table for each subcommand, its keys the long options with ``_`` for ``-``::

    [serve]
    listen_ip = "0.0.0.0"
    housekeeping_interval = "10s"
    enable_metrics = ["cpu", "memory"]
"""

import logging
from collections.abc import Mapping
from typing import Any

from cadvcli.cli import COMMANDS
from cadvcli.cli.params import Invocation, Values
from cadvcli.errors import HostError, UsageError, unknown
from cadvcli.options import Option, options_of
from cadvcli.values import default_of, parse

DEFAULT_PATH = "/etc/cadvcli/cadvcli.toml"


def settle(invocation: Invocation, environ: Mapping[str, str]) -> Values:
    """Every option of the invoked command with the value that counts, and its arguments."""
    rows = options_of(invocation.command)
    found: dict[str, Any] = {}
    for name, row in rows.items():
        if name in invocation.given:
            found[name] = _given(row, invocation.given[name])
        elif text := environ.get(row.variable):
            found[name] = _parsed(row, text, row.variable)
    path = found.get("config")
    in_file = read_config(path or DEFAULT_PATH, must_exist=path is not None)
    table = _checked(path or DEFAULT_PATH, in_file).get(invocation.command, {})
    for name, row in rows.items():
        if name not in found:
            found[name] = table[name] if name in table else default_of(row)
    return Values(**found, **invocation.arguments)


def read_config(path: str, must_exist: bool) -> Mapping[str, Any]:
    """The tables of a config file; none where the file may be missing and is, or this user may not read it."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        if must_exist:
            raise HostError(path, error.strerror or "can't be read") from None
        if isinstance(error, PermissionError):  # it may hold passwords that are no business of this user
            logging.getLogger(__name__).info("%s: not used, %s", path, error.strerror)
        return {}
    except OSError as error:
        raise HostError(path, error.strerror or "can't be read") from None
    import tomllib

    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None


def _checked(path: str, tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The file's values by command, parsed; raises UsageError for what no command knows, the file named."""
    names = [command.name for command in COMMANDS]
    checked: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise UsageError(f"{path}: '{name}' stands outside the tables: write it below a line like [{names[2]}]")
        if name not in names:
            raise _located(path, unknown("table", name, names))
        rows = options_of(name)
        rows.pop("config")  # a file that names another would be read for nothing
        for key in table:
            if key not in rows:
                raise _located(f"{path}: [{name}]", unknown("key", key, rows))
        checked[name] = {key: _from_toml(rows[key], value, f"{path}: [{name}] {key}") for key, value in table.items()}
    return checked


def _located(place: str, error: UsageError) -> UsageError:
    return UsageError(f"{place}: {error}")


def _parsed(row: Option, text: str, place: str) -> Any:
    try:
        return parse(row, text)
    except UsageError as error:
        raise _located(place, error) from None


def _given(row: Option, value: Any) -> Any:
    if row.kind in ("bool", "count"):
        return value
    if row.kind == "list":
        return tuple(word for text in value for word in _parsed(row, text, row.long))
    return _parsed(row, value, row.long)


def _from_toml(row: Option, value: Any, place: str) -> Any:
    """The value of a key: TOML's own type where it has one, or the text as on the command line."""
    if isinstance(value, str):
        return _parsed(row, value, place)
    if row.kind == "bool" and isinstance(value, bool):
        return value
    if row.kind == "list" and isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(word for text in value for word in _parsed(row, text, place))
    if row.kind in ("int", "count", "float", "duration", "bytes") and type(value) in (int, float):
        return _parsed(row, str(value), place)
    wanted, found = WANTED.get(row.kind, "a text"), FOUND.get(type(value), "a date")
    raise UsageError(f"{place}: {wanted} is wanted, not {found}")


WANTED = {
    "bool": "true or false",
    "int": "a whole number",
    "count": "a whole number",
    "float": "a number",
    "duration": "a duration",
    "bytes": "a size",
    "list": "an array of texts",
}
FOUND = {bool: "true or false", int: "a number", float: "a number", list: "an array", dict: "a table"}
