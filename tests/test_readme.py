"""What the README promises is there: its subcommands, options, exit statuses and commands."""

import re
import tomllib
from pathlib import Path

import pytest

from cadvcli import errors
from cadvcli.cli import COMMANDS, INTERRUPTED
from cadvcli.options import options_of

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def calls() -> list[tuple[str, str]]:
    """Each use of a subcommand in the README: its name and what follows on the line."""
    names = "|".join(command.name for command in COMMANDS)
    return re.findall(rf"cadvcli ({names})\b([^`|\n]*)", README)


def test_every_subcommand_is_told():
    assert {name for name, _ in calls()} == {command.name for command in COMMANDS}


@pytest.mark.parametrize(("name", "rest"), sorted({call for call in calls() if "-" in call[1]}))
def test_every_option_told_is_one_of_its_subcommand(name, rest):
    known = options_of(name).values()
    spelled = {option.long for option in known} | {option.short for option in known}
    words = [word.partition("=")[0] for word in rest.split("&")[0].split() if word.startswith("-")]
    assert set(words) <= spelled


def test_the_exit_statuses_are_those_of_the_errors():
    told = {int(status) for status in re.findall(r"^\| (\d+) \|", README, re.M)}
    raised = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    assert told == raised | {0, INTERRUPTED}


def test_the_example_configuration_has_known_keys():
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.S)
    for command, keys in tomllib.loads(example).items():
        assert set(keys) <= set(options_of(command))


def test_what_it_points_to_is_there():
    for path in ("tests/run", "tests/hosts", "tests/vm", "tests/bench/__main__.py", "LICENSE", "man", "completions"):
        assert (ROOT / path).exists()


def test_no_line_is_too_long_to_read():
    code = False
    for line in README.splitlines():
        code = code != line.startswith("```")
        assert code or line.startswith("|") or len(line) <= 125, line
