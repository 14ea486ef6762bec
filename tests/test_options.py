"""Rows of options, and what their values may be."""

import pytest

from cadvcli.cli import COMMANDS
from cadvcli.errors import UsageError
from cadvcli.options import ARGUMENTS, EVERY, OPTIONS, TOP, Option, default_of, options_of, parse


def option(kind: str, **fields: object) -> Option:
    return Option("thing", kind, None, "A thing", (TOP,), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "text", "value"),
    [
        (option("str"), "any text ", "any text "),
        (option("int"), "-12", -12),
        (option("float"), "0.25", 0.25),
        (option("bool"), "Yes", True),
        (option("bool"), "0", False),
        (option("duration"), "1m30s", 90_000_000_000),
        (option("bytes"), "64MiB", 64 * 1024**2),
        (option("choice", choices=("json", "csv")), "csv", "csv"),
        (option("list"), "a, b,,c ", ("a", "b", "c")),
        (option("list"), "", ()),
        (option("list", choices=("cpu", "memory")), "memory,cpu", ("memory", "cpu")),
        (option("int", least="1", most="3"), "3", 3),
        (option("duration", least="100ms"), "0.1", 100_000_000),
    ],
)
def test_text_becomes_a_value(row, text, value):
    assert parse(row, text) == value


@pytest.mark.parametrize(
    ("row", "text", "complaint"),
    [
        (option("int"), "1_000", "'1_000' is not a whole number"),
        (option("int"), "²", "'²' is not a whole number"),
        (option("int"), "9" * 5000, "is not a whole number"),
        (option("float"), "nan", "'nan' is not a number"),
        (option("bool"), "ja", "'ja' is neither true nor false"),
        (option("duration"), "10x", "'10x' is not a duration"),
        (option("bytes"), "64XB", "'64XB' is not a size"),
        (option("choice", choices=("json", "csv")), "jsno", "unknown thing 'jsno': did you mean 'json'?"),
        (option("list", choices=("cpu", "memory")), "cpu,memry", "unknown value 'memry': did you mean 'memory'?"),
        (option("int", least="1"), "0", "'0' is less than 1"),
        (option("int", most="65535"), "65536", "'65536' is more than 65535"),
        (option("duration", least="100ms"), "99ms", "'99ms' is less than 100ms"),
    ],
)
def test_wrong_value_is_a_usage_error(row, text, complaint):
    with pytest.raises(UsageError) as caught:
        parse(row, text)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("row", OPTIONS, ids=lambda row: f"{row.name}-{row.commands[0]}")
def test_each_row_can_be_used_as_it_stands(row):
    value = default_of(row)
    assert value is not None or row.default is None
    assert row.help
    assert not row.help.endswith("."), "the places that show it add what they need"
    assert set(row.commands) <= set(EVERY)
    assert (row.kind in ("choice", "list")) or not row.choices
    assert not row.short or len(row.short) == 2


@pytest.mark.parametrize("command", EVERY)
def test_no_command_takes_one_name_or_letter_twice(command):
    rows = [row for row in OPTIONS if command in row.commands]
    spelled = [word for row in rows for word in (row.long, row.negative, row.short) if word]
    assert len(set(spelled)) == len(spelled)
    assert not {"--help", "-h"} & set(spelled)
    assert list(options_of(command)) == [row.name for row in rows]


def test_the_registry_and_the_rows_know_the_same_commands_and_arguments():
    assert (TOP, *(command.name for command in COMMANDS)) == EVERY
    assert {name for command in COMMANDS for name in command.arguments} <= set(ARGUMENTS)


def test_no_option_has_the_name_of_an_argument():
    assert not {row.name for row in OPTIONS} & set(ARGUMENTS)


@pytest.mark.parametrize(
    ("name", "negative"), [("tree", "--no-tree"), ("no_trunc", "--trunc"), ("allow_dynamic", "--no-allow-dynamic")]
)
def test_each_switch_can_be_switched_off(name, negative):
    assert Option(name, "bool", "false", "Help", (TOP,)).negative == negative
