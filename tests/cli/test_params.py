"""The words of a command line, split."""

import pytest

from cadvcli.cli.params import Invocation, Values, parse
from cadvcli.errors import UsageError


def complaint(*words: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(words)
    return str(caught.value)


def test_only_what_stands_there_is_given():
    assert parse(["stats"]) == Invocation("stats", {}, {"names": ()})


def test_options_and_names_may_be_mixed():
    assert parse(["stats", "web", "--interval", "2s", "db", "-o", "json"]) == Invocation(
        "stats", {"interval": "2s", "format": "json"}, {"names": ("web", "db")}
    )


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["containers", "--tree"], {"tree": True}),
        (["containers", "--no-tree"], {"tree": False}),
        (["containers", "--trunc"], {"no_trunc": False}),
        (["containers", "-aq"], {"all": True, "quiet": True}),
        (["containers", "--format=csv"], {"format": "csv"}),
        (["containers", "-ocsv"], {"format": "csv"}),
        (["containers", "--columns", "name,cpu", "--columns", "mem"], {"columns": ["name,cpu", "mem"]}),
        (["serve", "--housekeeping_interval=10s"], {"housekeeping_interval": "10s"}),
    ],
)
def test_each_way_to_write_an_option(words, given):
    invocation = parse(words)
    assert invocation is not None
    assert invocation.given == given


def test_common_options_may_stand_before_the_command_and_the_later_one_counts():
    invocation = parse(["-v", "--host-root", "/a", "machine", "-vv", "--host-root", "/b"])
    assert invocation == Invocation("machine", {"verbose": 3, "host_root": "/b"}, {})
    assert parse(["--host-root", "/a", "machine"]) == Invocation("machine", {"host_root": "/a"}, {})


def test_behind_two_dashes_everything_is_a_name():
    assert parse(["stats", "--", "--interval"]) == Invocation("stats", {}, {"names": ("--interval",)})


def test_values_are_text_whatever_it_holds():
    invocation = parse(["stats", "caf\udce9", "--docker", "\x1b"])
    assert invocation == Invocation("stats", {"docker": "\x1b"}, {"names": ("caf\udce9",)})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stast"], "unknown command 'stast': did you mean 'stats'?"),
        (["stats", "--intervall", "2"], "unknown option '--intervall': did you mean '--interval'?"),
        (["stats", "--xyzzy"], "unknown option '--xyzzy': see 'cadvcli stats --help'"),
        (["--verbos", "stats"], "unknown option '--verbos': did you mean '--verbose'?"),
        (["--interval", "2", "stats"], "option '--interval' belongs behind its command: cadvcli stats --interval"),
        (["-o", "json", "stats"], "option '-o' belongs behind its command: cadvcli stats -o"),
        (["stats", "-X"], "unknown option '-X': see 'cadvcli stats --help'"),
        (["stats", "--interval"], "option '--interval' needs a value"),
        (["containers", "--tree=yes"], "option '--tree' takes no value: --no-tree switches it off"),
        (["serve", "--allow-dynamic-housekeeping=false"],
         "option '--allow-dynamic-housekeeping' takes no value: --no-allow-dynamic-housekeeping switches it off"),
        (["-v"], "missing command: see 'cadvcli --help'"),
        (["machine", "extra"], "got unexpected extra argument(s) (extra): see 'cadvcli machine --help'"),
    ],
)
def test_a_wrong_line_says_what_would_be_right(words, said):
    assert complaint(*words) == said


def test_a_command_that_asks_for_what_it_does_not_take_is_told_so():
    with pytest.raises(AttributeError, match="no option or argument 'intervall'"):
        Values(interval=1).intervall  # noqa: B018


def test_version_and_help_are_printed_and_nothing_is_left_to_do(capsys):
    from cadvcli import __version__

    assert parse(["--version"]) is None
    assert capsys.readouterr().out == f"cadvcli {__version__}\n"
    assert parse([]) is None
    assert capsys.readouterr().out.startswith("Usage: cadvcli [OPTIONS] COMMAND [ARGS]...\n")
