"""A terminal that lines are drawn on: the alternate screen, only changed lines rewritten, and left as it was found.

Escape sequences are those of ECMA-48 and xterm, which every terminal of today obeys:
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
"""

import os
import sys
import termios
import tty
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, NamedTuple

from cadvcli.cli.output import clip
from cadvcli.errors import CadvcliError

PLAIN, BOLD, DIM, REVERSE = "", "\x1b[1m", "\x1b[2m", "\x1b[7m"
_ALTERNATE, _NORMAL = "\x1b[?1049h", "\x1b[?1049l"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
_CLEAR, _CLEAR_TO_END, _RESET = "\x1b[2J", "\x1b[K", "\x1b[0m"


class Line(NamedTuple):
    """One line of the screen; its text is printable and may be longer than the screen is wide."""

    text: str
    style: str = PLAIN


class Screen(AbstractContextManager["Screen"]):
    """The terminal, taken over while the context lasts. ``keys`` is readable when somebody typed."""

    def __init__(self) -> None:
        if not sys.stdout.isatty():
            raise CadvcliError("standard output is no terminal")
        if os.environ.get("TERM", "dumb") == "dumb":
            raise CadvcliError("this terminal can't be drawn on (TERM=dumb): see watch --events and stats --interval")
        self._out = sys.stdout.fileno()
        self._opened: int | None = None
        if sys.stdin is not None and sys.stdin.isatty():
            self.keys = sys.stdin.fileno()
        else:
            try:
                self.keys = self._opened = os.open("/dev/tty", os.O_RDONLY | os.O_CLOEXEC)
            except OSError as error:
                raise CadvcliError(f"there is no keyboard to read from: /dev/tty: {error.strerror}") from None
        self._before: list[Any] | None = None
        self._drawn: list[Line] = []
        self._size = (0, 0)

    def __enter__(self) -> "Screen":
        """Take the terminal over."""
        self.enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was, whatever happened."""
        self.leave()
        if self._opened is not None:
            os.close(self._opened)

    def enter(self) -> None:
        """Begin to draw, on a screen of our own."""
        self._before = termios.tcgetattr(self.keys)
        # Signals stay with the terminal: Ctrl-C, Ctrl-Z and Ctrl-\ reach us as such.
        tty.setcbreak(self.keys, termios.TCSADRAIN)
        self.forget()
        self._write(_ALTERNATE + _HIDE_CURSOR + _NO_WRAP + _CLEAR)

    def leave(self) -> None:
        """Give the terminal back. Nothing fails if it is gone."""
        if self._before is None:
            return
        with suppress(OSError):
            self._write(_RESET + _WRAP + _SHOW_CURSOR + _NORMAL)
        with suppress(OSError, termios.error):
            termios.tcsetattr(self.keys, termios.TCSADRAIN, self._before)
        self._before = None

    def size(self) -> tuple[int, int]:
        """Columns and lines now."""
        try:
            columns, lines = os.get_terminal_size(self._out)
        except OSError:
            columns, lines = 80, 24
        return columns or 80, lines or 24

    def draw(self, lines: Sequence[Line]) -> None:
        """Show these lines from the top; below them the screen is empty."""
        columns, height = size = self.size()
        changes = []
        if size != self._size:
            self._size, self._drawn = size, []
            changes.append(_RESET + _CLEAR)
        shown = [Line(clip(line.text, columns), line.style) for line in lines[:height]]
        for at in range(max(len(shown), len(self._drawn))):
            line = shown[at] if at < len(shown) else Line("")
            if at >= len(self._drawn) or self._drawn[at] != line:
                changes.append(f"\x1b[{at + 1};1H{line.style}{_padded(line, columns)}{_RESET}{_CLEAR_TO_END}")
        self._drawn = shown
        if changes:
            self._write("".join(changes))

    def forget(self) -> None:
        """Draw everything anew the next time: something else may have written here."""
        self._size = (0, 0)

    def read(self) -> bytes:
        """What was typed; b"" when the terminal is gone."""
        try:
            return os.read(self.keys, 1024)
        except OSError:
            return b""

    def _write(self, text: str) -> None:
        rest = text.encode("utf-8", "replace")
        while rest:
            rest = rest[os.write(self._out, rest) :]


def _padded(line: Line, columns: int) -> str:
    """The text; a line with a background of its own has it across the screen."""
    return line.text.ljust(columns) if line.style == REVERSE else line.text
