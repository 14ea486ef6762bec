"""Rows of options."""

import pytest

from cadvcli.cli import COMMANDS
from cadvcli.options import ARGUMENTS, EVERY, OPTIONS, TOP, Option, options_of
from cadvcli.values import default_of


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
