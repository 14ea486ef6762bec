"""The man pages, made from the rows of ``cadvcli.options`` and the HELP of each subcommand.

They lie in man/; a test fails when they are stale, and ``pytest --update-golden`` writes
them.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from cadvcli import __version__
from cadvcli.cli import COMMANDS, Command
from cadvcli.cli.config import DEFAULT_PATH
from cadvcli.cli.help import ABOUT, described, is_verbatim, metavar, option_spellings, paragraphs, sections
from cadvcli.errors import CadvcliError, TimedOut, UnknownContainer, UsageError
from cadvcli.options import ARGUMENTS, TOP, Option, options_of

EXIT_STATUS = (
    (0, "Done; also when the reader of standard output has left."),
    (CadvcliError.exit_code, "Something failed; standard error says what in one line."),
    (UsageError.exit_code, "The command line, the environment or the configuration file is wrong."),
    (UnknownContainer.exit_code, "No container answers to a name; the others are shown."),
    (TimedOut.exit_code, "What was asked for did not come in time."),
    (130, "Interrupted."),
)
PRECEDENCE = f"""\
What the command line leaves open is taken from the environment, then from the configuration file, then from the
defaults. The variable of an option is its name in capitals: CADVCLI_HOST_ROOT for --host-root; an empty one counts as
unset. The file is TOML and has a table for each subcommand, its keys the long options with _ for -; it is the one that
--config names, else {DEFAULT_PATH} where that exists:"""
EXAMPLE = """\
    [serve]
    listen_ip = "0.0.0.0"
    housekeeping_interval = "10s"
    enable_metrics = ["cpu", "memory"]"""
VALUES = """\
Durations are written 10s, 1m30s, 1.5h, 250ms or as bare seconds; sizes 64MiB, 64MB or as bare bytes; lists with commas,
and an option that takes one may be repeated. --no-NAME switches off what --NAME switches on."""


def pages() -> dict[str, Callable[[], str]]:
    """What makes each man page, by file name."""
    return {f"{TOP}.1": _top, **{f"{TOP}-{command.name}.1": partial(_page, command) for command in COMMANDS}}


def roff(text: str) -> str:
    """Text as roff prints it: backslashes and hyphens as themselves, and no line that reads as a request."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in lines)


def _bold(text: str) -> str:
    return f"\\fB{roff(text)}\\fR"


def _head(name: str, summary: str, synopsis: list[str]) -> list[str]:
    return [
        f'.TH {name.upper()} 1 "" "{TOP} {__version__}"',
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{roff(name)} \\- {roff(summary[0].lower() + summary[1:].rstrip('.'))}",
        ".SH SYNOPSIS",
        *synopsis,
    ]


def _page(command: Command) -> str:
    name = f"{TOP}-{command.name}"
    words = [f"[\\fI{roff(ARGUMENTS[word].metavar)}\\fR ...]" for word in command.arguments]
    lines = _head(name, command.summary, [" ".join([_bold(f"{TOP} {command.name}"), "[\\fIOPTION\\fR ...]", *words])])
    lines += [".SH DESCRIPTION", *_prose(import_module(f"{TOP}.cli.{command.name}").HELP)]
    if command.arguments:
        lines.append(".SH ARGUMENTS")
    for word in command.arguments:
        lines += [".TP", f"\\fI{roff(ARGUMENTS[word].metavar)}\\fR", roff(ARGUMENTS[word].help + ".")]
    for title, rows in sections(options_of(command.name).values()).items():
        lines += [f'.SH "{title.upper()}"', *_options(rows)]
    others = [f"{TOP}-{other.name}" for other in COMMANDS if other != command]
    return _ended(lines, [TOP, *others])


def _top() -> str:
    lines = _head(TOP, ABOUT, [f"{_bold(TOP)} [\\fIOPTION\\fR ...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]"])
    lines += [".SH DESCRIPTION", *_prose(ABOUT), ".SH COMMANDS"]
    for command in COMMANDS:
        lines += [".TP", f"{_bold(TOP + '-' + command.name)}(1)", roff(command.summary)]
    lines += [".SH OPTIONS", roff("These may stand before the command or behind it, except --version.")]
    lines += _options(list(options_of(TOP).values()))
    lines += [".SH CONFIGURATION", *_prose(PRECEDENCE + "\n\n" + EXAMPLE), ".SH VALUES", *_prose(VALUES)]
    lines += [".SH FILES", ".TP", _bold(DEFAULT_PATH), "The configuration file."]
    return _ended(lines, [f"{TOP}-{command.name}" for command in COMMANDS])


def _prose(text: str) -> list[str]:
    """Paragraphs; indented ones, which are examples, as they stand."""
    lines: list[str] = []
    for paragraph in paragraphs(text):
        if is_verbatim(paragraph):
            lines += [".PP", ".RS 4", ".nf", roff("\n".join(line[4:] for line in paragraph.splitlines())), ".fi", ".RE"]
        else:
            lines += [".PP", roff(paragraph)]
    return lines


def _options(rows: list[Option]) -> list[str]:
    lines = []
    for row in rows:
        value = f" \\fI{roff(metavar(row))}\\fR" if metavar(row) else ""
        lines += [".TP", ", ".join(_bold(spelling) for spelling in option_spellings(row)) + value]
        notes = [described(row) + "."]
        if row.flag and row.flag.replace("_", "-") not in (row.long[2:], row.short[1:]):
            notes.append(f"In cAdvisor: --{row.flag}.")
        if row.name != "version":
            notes.append(f"Environment: {row.variable}.")
        lines.append(roff(" ".join(notes)))
    return lines


def _ended(lines: list[str], others: list[str]) -> str:
    lines.append('.SH "EXIT STATUS"')
    for status, meaning in EXIT_STATUS:
        lines += [".TP", _bold(str(status)), roff(meaning)]
    lines += [".SH SEE ALSO", ",\n".join(f"{_bold(other)}(1)" for other in others)]
    return "\n".join(lines) + "\n"
