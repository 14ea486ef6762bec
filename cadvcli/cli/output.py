"""What stdout gets: aligned tables for people; JSON, JSON lines, CSV and TSV for programs.

Every text passes ``cadvcli.text`` here, so that no name or label can move a cursor, start a line or break a parser.
CSV is RFC 4180 with its CR LF; TSV ends lines with LF and escapes tabs, which suits cut and awk. An unknown value is
null in JSON, an empty field in CSV and TSV, and a dash in a table.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, NamedTuple

from cadvcli.text import encode_json, printable

UNKNOWN = "-"
GAP = "  "
NARROWEST = 12  # a table doesn't cut a column below this many cells


class Heading(NamedTuple):
    """A column of a table: numbers are aligned to the right."""

    title: str
    right: bool = False


class Terminal(NamedTuple):
    """What standard output is: ``width`` is None where nothing must fit, in a pipe or a file."""

    is_terminal: bool
    width: int | None
    color: bool


def terminal(environ: Mapping[str, str] = os.environ) -> Terminal:
    """What standard output is now; COLUMNS, NO_COLOR and TERM=dumb have their say."""
    if not sys.stdout.isatty():
        return Terminal(False, None, False)
    from shutil import get_terminal_size

    color = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Terminal(True, get_terminal_size().columns, color)


def write(text: str) -> None:
    """Write to standard output; it is flushed at the end, or by ``flush`` when a person waits for it."""
    sys.stdout.write(text)


def flush() -> None:
    """Let readers see what was written: after each round of something that goes on."""
    sys.stdout.flush()


def write_json(value: Any) -> None:
    """Write one value as a JSON document: on one line, or laid out for the eye on a terminal."""
    write(_json(value, laid_out=sys.stdout.isatty()) + "\n")


def _json(value: Any, laid_out: bool = False) -> str:
    encoded = encode_json(value)
    if laid_out:
        import msgspec

        encoded = msgspec.json.format(encoded, indent=2)
    return encoded.decode()


def display_width(text: str) -> int:
    """How many cells of a terminal a printable text takes: two for East Asian wide ones, none for combining marks."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(character) in ("Mn", "Me") else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def clip(text: str, width: int) -> str:
    """Text cut to so many cells, an ellipsis in the last of them if anything was cut."""
    if display_width(text) <= width:
        return text
    kept, room = [], width - 1
    for character in text:
        room -= display_width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def table(headings: Sequence[Heading], rows: Iterable[Sequence[str | None]], width: int | None = None) -> str:
    """Aligned lines with a headline. Where they would be wider than ``width`` cells, the widest columns are cut."""
    lines = [[heading.title for heading in headings]]
    lines += [[UNKNOWN if cell is None else printable(cell) for cell in row] for row in rows]
    widths = [max(display_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    if width is not None:
        widths = _fitted(widths, headings, width)
        lines = [[clip(cell, room) for cell, room in zip(line, widths, strict=True)] for line in lines]
    return "".join(_aligned(line, widths, headings) + "\n" for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int], headings: Sequence[Heading]) -> str:
    cells = []
    for cell, room, heading in zip(line, widths, headings, strict=True):
        space = " " * (room - display_width(cell))
        cells.append(space + cell if heading.right else cell + space)
    return GAP.join(cells).rstrip()


def _fitted(widths: Sequence[int], headings: Sequence[Heading], width: int) -> list[int]:
    """Column widths that fit, if cutting text columns down to NARROWEST can do that; numbers are never cut."""
    fitted = list(widths)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    texts = [at for at, heading in enumerate(headings) if not heading.right and widths[at] > NARROWEST]
    while excess > 0 and texts:
        widest = max(texts, key=lambda at: fitted[at])
        if fitted[widest] <= NARROWEST:
            break
        fitted[widest] -= 1
        excess -= 1
    return fitted


class Records(AbstractContextManager["Records"]):
    """Writes rows of the flat naming as ``json`` (one array), ``jsonl``, ``csv`` or ``tsv``, as they come::

    with Records("csv", keys) as records:
        records.write(rows)
    """

    def __init__(self, form: str, keys: Sequence[str]) -> None:
        self.form = form
        self.keys = keys
        self.written = 0

    def __enter__(self) -> "Records":
        """Write what stands before the first row."""
        if self.form in ("csv", "tsv"):
            write(self._line(self.keys))
        elif self.form == "json":
            write("[")
        return self

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows and let them be read."""
        for row in rows:
            write(self._record(row))
            self.written += 1
        flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End a JSON array, also one that was interrupted; one that a failure cut short stays open, to be noticed."""
        if self.form == "json" and (kind is None or issubclass(kind, KeyboardInterrupt)):
            write("\n]\n" if self.written else "]\n")

    def _record(self, row: Mapping[str, Any]) -> str:
        if self.form in ("csv", "tsv"):
            return self._line([field(row.get(key)) for key in self.keys])
        text = _json({key: row.get(key) for key in self.keys})
        if self.form == "jsonl":
            return text + "\n"
        return (",\n" if self.written else "\n") + text

    def _line(self, fields: Sequence[str]) -> str:
        if self.form == "tsv":
            return "\t".join(fields) + "\n"
        return ",".join(_quoted(text) for text in fields) + "\r\n"


def field(value: Any) -> str:
    """A value as one field of CSV or TSV: text on one line, what has parts as JSON, "" where it is unknown."""
    if value is None:
        return ""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else _json(value)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"') or text != text.strip(" "):
        return '"' + text.replace('"', '""') + '"'
    return text


