"""Typer's side of the command line, made from the rows of ``cadvcli.options``: words in, an ``Invocation`` out.

typer only splits words here. What a value means, its default, the environment and the config file are the business
of ``config.settle``; so every option reaches typer as text without a default.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Annotated, Any, NamedTuple

import typer
from typer._click import exceptions as click  # typer 0.26.8 to 0.28 vendor their click, and raise its errors
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cadvcli.cli import COMMANDS
from cadvcli.cli.help import ABOUT, described, is_verbatim, metavar, option_spellings, paragraphs, sections
from cadvcli.errors import CadvcliError, UsageError, unknown
from cadvcli.options import ARGUMENTS, OPTIONS, TOP, Option, options_of

CONTEXT = {"help_option_names": ["-h", "--help"], "token_normalize_func": lambda word: word.replace("_", "-")}


class Values(SimpleNamespace):
    """What a command is run with: each of its options and arguments as an attribute, in the units of options.py."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"this command has no option or argument '{name}': see cadvcli.options")


class Invocation(NamedTuple):
    """The command line, split: ``given`` holds only what stood there, as text (bool and count as themselves)."""

    command: str
    given: Mapping[str, Any]
    arguments: Mapping[str, tuple[str, ...]]


def parse(words: Sequence[str]) -> Invocation | None:
    """Split the command line; None when --help or --version was all that it asked for, and it is printed."""
    group = get_command(_top())
    try:
        with group.make_context(TOP, list(words) or ["--help"]) as context:
            invocation: Invocation = group.invoke(context)
            return invocation
    except typer.Exit:
        return None
    except click.ClickException as error:
        raise _translated(error, words) from None


def _translated(error: click.ClickException, words: Sequence[str]) -> CadvcliError:
    """Our error for one of typer's about these words."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else TOP
    command = context.command.name or TOP if context is not None else TOP
    if isinstance(error, click.NoSuchOption):
        return _unknown_option(error.option_name, command, path, words)
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        if "requires" in error.message:
            return UsageError(f"option '{name}' needs a value")
        # typer doesn't say which command this was; what switches an option off is the same for all of them.
        negatives = [f": {row.negative} switches it off" for row in OPTIONS if name in (row.long, row.short)]
        return UsageError(f"option '{name}' takes no value{''.join(negatives[:1])}")
    message = error.message.rstrip(".")
    return UsageError(f"{message[:1].lower()}{message[1:]}: see '{path} --help'")


def _unknown_option(word: str, command: str, path: str, words: Sequence[str]) -> UsageError:
    from difflib import get_close_matches

    rows = options_of(command).values()
    known = [spelling for row in rows for spelling in (row.long, row.negative) if spelling] + ["--help"]
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return UsageError(f"unknown option '{word}': did you mean '{near[0]}'?")
    if command == TOP:
        takers = [name for row in OPTIONS if word in (row.long, row.short) for name in row.commands]
        for taker in [name for name in takers if name in words] or takers[:1]:
            return UsageError(f"option '{word}' belongs behind its command: {TOP} {taker} {word}")
    return UsageError(f"unknown option '{word}': see '{path} --help'")


def _format_options(command: str, formatter: Any) -> None:
    for title, rows in sections(options_of(command).values()).items():
        lines = [(f"{', '.join(option_spellings(row))} {metavar(row)}".rstrip(), described(row)) for row in rows]
        if title == "Options":
            lines.append(("-h, --help", "Show this help and end"))
        with formatter.section(title):
            formatter.write_dl(lines)


class OneCommand(TyperCommand):
    """A subcommand whose --help is laid out from its rows."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what the subcommand says of itself, its examples as they stand."""
        for paragraph in paragraphs(import_module(f"cadvcli.cli.{self.name}").HELP):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text("\b\n" + paragraph if is_verbatim(paragraph) else paragraph)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options, by area."""
        named = next(command for command in COMMANDS if command.name == self.name)
        if named.arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(ARGUMENTS[name].metavar, ARGUMENTS[name].help) for name in named.arguments])
        _format_options(named.name, formatter)


class CommandLine(TyperGroup):
    """The command line before the subcommand; it imports a subcommand when that is the one invoked."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the subcommands in the order of --help."""
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return typer's command for a subcommand; None for a word that is none."""
        return _subcommand(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the subcommand that the first word names and the words that are for it."""
        if args[0] not in self.list_commands(ctx):
            raise unknown("command", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the subcommands, then the options that may stand before them."""
        with formatter.section("Commands"):
            formatter.write_dl([(command.name, command.summary) for command in COMMANDS])
        _format_options(TOP, formatter)


def _top() -> typer.Typer:
    def before_command(context: typer.Context, **given: Any) -> None:
        if given["version"]:
            from cadvcli import __version__

            print(f"{TOP} {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            raise UsageError(f"missing command: see '{TOP} --help'")

    app = typer.Typer(cls=CommandLine, add_completion=False, rich_markup_mode=None, context_settings=CONTEXT)
    signed = _signed(before_command, [_parameter(row) for row in options_of(TOP).values()])
    app.callback(help=ABOUT, invoke_without_command=True)(signed)
    return app


def _subcommand(name: str) -> TyperCommand:
    command = next(command for command in COMMANDS if command.name == name)

    def invoked(context: typer.Context, **given: Any) -> Invocation:
        before = context.parent.params if context.parent else {}
        arguments = {name: tuple(given.pop(name) or ()) for name in command.arguments}
        return Invocation(name, _merged(before, given, options_of(name)), arguments)

    rows = [_parameter(row) for row in options_of(name).values()]
    words = [_argument(word) for word in command.arguments]
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=OneCommand, context_settings=CONTEXT)(_signed(invoked, words + rows))
    made = get_command(app)
    assert isinstance(made, TyperCommand)
    return made


def _merged(before: Mapping[str, Any], after: Mapping[str, Any], rows: Mapping[str, Option]) -> dict[str, Any]:
    """What was given before and after the subcommand's name; the later one counts, and counts add up."""
    given = {name: value for name, value in before.items() if value is not None and name in rows}
    for name, value in after.items():
        if value is not None:
            given[name] = given.get(name, 0) + value if rows[name].kind == "count" else value
    return given


def _signed(function: Callable[..., Any], parameters: list[inspect.Parameter]) -> Callable[..., Any]:
    """Give a function that takes any keywords the signature that typer reads its parameters from."""
    context = inspect.Parameter("context", KEYWORD, annotation=typer.Context)
    function.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    function.__annotations__ = {one.name: one.annotation for one in (context, *parameters)}
    return function


ANNOTATED: Any = Annotated  # for types that are computed, which no type checker follows
KEYWORD = inspect.Parameter.KEYWORD_ONLY
TYPES: Mapping[str, Any] = {"bool": bool | None, "count": int | None, "list": list[str] | None}


def _parameter(row: Option) -> inspect.Parameter:
    spellings = option_spellings(row)
    if row.kind == "bool" and row.name != "version":
        spellings[-1] += f"/{row.negative}"
    declared = typer.Option(*spellings, count=row.kind == "count", show_default=False)
    annotation = ANNOTATED[TYPES.get(row.kind, str | None), declared]
    return inspect.Parameter(row.name, KEYWORD, default=None, annotation=annotation)


def _argument(name: str) -> inspect.Parameter:
    word = ARGUMENTS[name]
    declared = typer.Argument(metavar=f"[{word.metavar}]..." if word.many else word.metavar, show_default=False)
    return inspect.Parameter(name, KEYWORD, default=None, annotation=Annotated[list[str] | None, declared])
