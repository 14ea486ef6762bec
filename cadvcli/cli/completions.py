"""What bash, zsh and fish need to complete our command line, made from the rows of ``cadvcli.options``.

The scripts know commands, options and choices, and never run cadvcli: a container's name that a shell would expand
could run what it says. They lie in completions/, a test fails when they are stale, and ``pytest --update-golden``
writes them.
"""

from cadvcli.cli import COMMANDS
from cadvcli.cli.help import metavar, option_spellings
from cadvcli.options import TOP, Option, options_of

FILES = ("config", "host_root")


def scripts() -> dict[str, str]:
    """The scripts by file name, as each shell's folder of completions wants it."""
    return {f"{TOP}.bash": _bash(), f"_{TOP}": _zsh(), f"{TOP}.fish": _fish()}


def _rows(command: str) -> list[Option]:
    return list(options_of(command).values())


def _spellings(row: Option) -> list[str]:
    return [*option_spellings(row), *([row.negative] if row.negative and row.name != "version" else [])]


BASH = """\
# bash completion for {top}
_{top}() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command={top} word
    # COMP_WORDBREAKS splits --format=json into three words.
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $before == "=" ]]; then
        before=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in
            {names}) command=$word; break ;;
        esac
    done
    local options=""
    case $command:$before in
{values}
    esac
    case $command in
{options}
    esac
    if [[ $current != -* && $command == {top} ]]; then
        options="{words}"
    fi
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
}}
complete -F _{top} {top}
"""


def _bash() -> str:
    values, options = [], []
    for command in (TOP, *(command.name for command in COMMANDS)):
        for reply, patterns in _bash_values(command).items():
            values.append(f"        {'|'.join(patterns)}) {reply}return ;;")
        words = " ".join(spelling for row in _rows(command) for spelling in _spellings(row))
        options.append(f'        {command}) options="{words} --help" ;;')
    words = " ".join(command.name for command in COMMANDS)
    return BASH.format(
        top=TOP, words=words, names=words.replace(" ", "|"), values="\n".join(values), options="\n".join(options)
    )


def _bash_values(command: str) -> dict[str, list[str]]:
    """What completes the word behind an option: the reply, and the options it is for."""
    found: dict[str, list[str]] = {}
    for row in _rows(command):
        if not metavar(row):
            continue
        source = "-f" if row.name in FILES else f'-W "{" ".join(row.choices)}"' if row.choices else ""
        reply = f'mapfile -t COMPREPLY < <(compgen {source} -- "$current"); ' if source else ""
        found.setdefault(reply, []).extend(f"{command}:{spelling}" for spelling in option_spellings(row))
    return found


ZSH = """\
#compdef {top}
_{top}() {{
    local -a commands
    local line state
    commands=(
{commands}
    )
    _arguments -C \\
{top_options}
        '1: :->command' \\
        '*:: :->argument'
    case $state in
        command) _describe -t commands command commands ;;
        argument)
            case $line[1] in
{cases}
            esac ;;
    esac
}}
_{top} "$@"
"""


def _zsh() -> str:
    commands = [f"        '{command.name}:{_zsh_text(command.summary)}'" for command in COMMANDS]
    cases = []
    for command in COMMANDS:
        lines = [f"                {command.name}) _arguments \\"]
        lines += [f"                    {spec} \\" for row in _rows(command.name) for spec in _zsh_specs(row)]
        rest = "'*:name: '" if command.arguments else "'*: : '"
        cases.append("\n".join([*lines, f"                    {rest} ;;"]))
    top = [f"        {spec} \\" for row in _rows(TOP) for spec in _zsh_specs(row)]
    return ZSH.format(top=TOP, commands="\n".join(commands), top_options="\n".join(top), cases="\n".join(cases))


def _zsh_text(text: str) -> str:
    for mark in "\\[]:":
        text = text.replace(mark, "\\" + mark)
    return text.replace("'", "'\\''")


def _zsh_specs(row: Option) -> list[str]:
    """A spec of _arguments for each spelling."""
    specs = []
    for spelling in _spellings(row):
        value = ""
        if row.name in FILES:
            value = f":{metavar(row)}:_files"
        elif row.choices:
            value = f":{row.name}:({' '.join(row.choices)})"
        elif metavar(row):
            value = f":{_zsh_text(metavar(row))}: "
        equals = "=" if value and spelling.startswith("--") else ""
        repeat = "*" if row.kind in ("list", "count") else ""
        specs.append(f"'{repeat}{spelling}{equals}[{_zsh_text(row.help)}]{value}'")
    return specs


def _fish() -> str:
    names = " ".join(command.name for command in COMMANDS)
    none_yet = f'"not __fish_seen_subcommand_from {names}"'
    lines = [f"# fish completion for {TOP}", f"complete -c {TOP} -f"]
    for command in COMMANDS:
        lines.append(f"complete -c {TOP} -n {none_yet} -a {command.name} -d {_fish_text(command.summary)}")
    for row in _rows(TOP):
        lines += _fish_lines(row, none_yet)
    for command in COMMANDS:
        for row in _rows(command.name):
            lines += _fish_lines(row, f'"__fish_seen_subcommand_from {command.name}"')
    return "\n".join(lines) + "\n"


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fish_lines(row: Option, condition: str) -> list[str]:
    short = f" -s {row.short[1:]}" if row.short else ""
    line = f"complete -c {TOP} -n {condition}{short} -l {row.long[2:]} -d {_fish_text(row.help)}"
    if row.name in FILES:
        return [line + " -r -F"]
    if row.choices:
        return [line + f" -x -a {_fish_text(' '.join(row.choices))}"]
    if metavar(row):
        return [line + " -x"]
    if row.negative and row.name != "version":
        return [line, f"complete -c {TOP} -n {condition} -l {row.negative[2:]} -d {_fish_text('Not: ' + row.help)}"]
    return [line]
