"""The terminal that lines are drawn on, as a program's bytes and as tmux shows them."""

import os
import pty
import re
import subprocess
import sys
import termios

import pytest

from cadvcli.cli.screen import Line, Screen
from cadvcli.errors import CadvcliError
from tests.conftest import environment

DRAW = """
from cadvcli.cli.screen import Line, Screen, REVERSE
with Screen() as screen:
{body}
"""


class Ended(Exception):
    """The program closed its terminal."""


def output(body, *, term="xterm"):
    """What a program with these lines writes to its terminal, its exit status, and whether it left it as it was."""
    mine, theirs = pty.openpty()
    termios.tcsetwinsize(mine, (5, 20))
    before = termios.tcgetattr(mine)
    script = DRAW.format(body="\n".join("    " + line for line in body))
    argv = [sys.executable, "-c", script]
    with subprocess.Popen(
        argv, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=environment({"TERM": term})
    ) as process:
        process.wait(timeout=20)
    same = termios.tcgetattr(mine) == before
    os.close(theirs)
    written = b""
    while True:
        try:
            written += os.read(mine, 65536)
        except OSError:  # EIO: all that was written is read
            break
    os.close(mine)
    return written.decode(), process.returncode, same


ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J", "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"


def test_the_terminal_is_taken_over_and_given_back():
    assert output(["pass"]) == (ENTER + LEAVE, 0, True)


def test_the_terminal_is_given_back_after_a_failure():
    assert output(["1 / 0"]) == (ENTER + LEAVE, 1, True)


def test_only_changed_lines_are_written():
    first = "screen.draw([Line('one'), Line('two')])"
    text, status, _ = output([first, "screen.draw([Line('one'), Line('TWO')])", "screen.draw([Line('one')])"])
    assert status == 0
    drawn = re.findall(r"\x1b\[(\d);1H([^\x1b]*)", text)
    assert drawn == [("1", "one"), ("2", "two"), ("2", "TWO"), ("2", "")]


def test_lines_are_cut_to_the_screen_and_not_drawn_below_it():
    text, _, _ = output(["screen.draw([Line('x' * 30)] + [Line(str(n)) for n in range(9)])"])
    drawn = re.findall(r"\x1b\[(\d);1H([^\x1b]*)", text)
    assert drawn == [("1", "x" * 19 + "…"), ("2", "0"), ("3", "1"), ("4", "2"), ("5", "3")]


def test_a_line_with_a_background_has_it_across_the_screen():
    text, _, _ = output(["screen.draw([Line('head', REVERSE)])"])
    assert "\x1b[7mhead" + " " * 16 + "\x1b[0m" in text


def test_what_was_forgotten_is_drawn_anew():
    text, _, _ = output(["screen.draw([Line('one')])", "screen.forget()", "screen.draw([Line('one')])"])
    assert text.count("one") == 2
    assert text.count("\x1b[2J") == 3


def test_a_terminal_that_cannot_be_drawn_on_is_left_alone():
    assert output(["pass"], term="dumb") == ("", 1, True)


def test_no_terminal_is_said(capsys):
    with pytest.raises(CadvcliError, match="no terminal"):
        Screen()


def test_a_line_is_plain_unless_it_says_otherwise():
    assert Line("x").style == ""
