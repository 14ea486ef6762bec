"""How options and help texts are worded."""

import pytest

from cadvcli.cli import COMMANDS
from cadvcli.cli.help import described, is_verbatim, metavar, option_spellings, paragraphs, sections
from cadvcli.options import TOP, Option


def option(kind: str, default: str | None = None, **fields: object) -> Option:
    return Option("any_thing", kind, default, "Help", (TOP,), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (option("bool"), ""),
        (option("count"), ""),
        (option("duration"), "DURATION"),
        (option("bytes"), "BYTES"),
        (option("int"), "N"),
        (option("str"), "TEXT"),
        (option("str", metavar="DIR"), "DIR"),
        (option("list"), "NAME,…"),
        (option("choice", choices=("json", "csv")), "json|csv"),
    ],
)
def test_what_stands_for_a_value(row, value):
    assert metavar(row) == value


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (option("int", "8080"), "Help [8080]"),
        (option("int"), "Help"),
        (option("count", "0"), "Help"),
        (option("bool", "false"), "Help"),
        (option("bool", "true"), "Help [on; --no-any-thing switches it off]"),
    ],
)
def test_a_default_is_told_where_it_does_not_go_without_saying(row, text):
    assert described(row) == text


def test_the_short_spelling_is_first():
    assert option_spellings(option("str", short="-a")) == ["-a", "--any-thing"]
    assert option_spellings(option("str")) == ["--any-thing"]


def test_rows_stand_under_the_heading_of_their_area():
    plain, docker = option("str"), option("str", area="docker")
    assert sections([docker, plain, docker]) == {"Docker options": [docker, docker], "Options": [plain]}


def test_an_indented_paragraph_is_an_example():
    first, example, last = paragraphs("One\ntwo.\n\n    cadvcli stats\n    cadvcli watch\n\n\nEnd.\n")
    assert (first, example, last) == ("One\ntwo.", "    cadvcli stats\n    cadvcli watch", "End.")
    assert [is_verbatim(part) for part in (first, example, last)] == [False, True, False]


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_help_keeps_examples_as_they_stand(cadvcli, one):
    from importlib import import_module

    run = cadvcli(one.name, "--help")
    assert (run.rc, run.err) == (0, "")
    assert run.out.startswith(f"Usage: cadvcli {one.name} [OPTIONS]")
    examples = [part for part in paragraphs(import_module(f"cadvcli.cli.{one.name}").HELP) if is_verbatim(part)]
    shown = {line.strip() for line in run.out.splitlines()}
    assert {line.strip() for part in examples for line in part.splitlines()} <= shown
    assert "Options:\n" in run.out
