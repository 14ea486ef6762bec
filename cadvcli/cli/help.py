"""How options and help texts are worded, the same in --help, in the man pages and for the shells."""

from collections.abc import Iterable

from cadvcli.options import Option

ABOUT = "What the containers of this machine are doing, from the kernel's own files."


def option_spellings(row: Option) -> list[str]:
    """How an option may be written, the short form first: ``["-o", "--format"]``."""
    return [row.short, row.long] if row.short else [row.long]


def metavar(row: Option) -> str:
    """What stands for an option's value in --help: ``DURATION``, ``table|json``; "" for one that takes none."""
    if row.kind in ("bool", "count"):
        return ""
    if row.kind == "choice":
        return "|".join(row.choices)
    return row.metavar or {"str": "TEXT", "list": "NAME,…", "int": "N", "float": "N"}.get(row.kind, row.kind.upper())


def described(row: Option) -> str:
    """An option's help with what goes without saying it: its default."""
    if row.kind == "bool":
        return row.help if row.default == "false" else f"{row.help} [on; {row.negative} switches it off]"
    return f"{row.help} [{row.default}]" if row.default and row.kind != "count" else row.help


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a HELP text: what blank lines part."""
    found = [part.strip("\n") for part in text.expandtabs(4).split("\n\n")]
    return [part for part in found if part]


def is_verbatim(paragraph: str) -> bool:
    """Whether a paragraph is an example, to be shown as it stands: each of its lines is indented."""
    return all(line.startswith("    ") for line in paragraph.splitlines())


def sections(rows: Iterable[Option]) -> dict[str, list[Option]]:
    """The rows of a command by the heading they stand under in --help and in its man page."""
    found: dict[str, list[Option]] = {}
    for row in rows:
        title = f"{row.area.capitalize()} options" if row.area else "Options"
        found.setdefault(title, []).append(row)
    return found
