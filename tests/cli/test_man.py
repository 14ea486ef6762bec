"""The man pages are fresh, and man has nothing to complain of."""

import subprocess
from importlib import import_module
from pathlib import Path
from shutil import which

import pytest

from cadvcli.cli import COMMANDS
from cadvcli.cli.man import pages, roff
from cadvcli.options import TOP, options_of

FOLDER = Path(__file__).parents[2] / "man"
NAMES = sorted(f"{TOP}{part}.1" for part in ("", *(f"-{one.name}" for one in COMMANDS)))


@pytest.mark.parametrize("name", NAMES)
def test_page_is_fresh(request, name):
    text = pages()[name]()
    if request.config.getoption("--update-golden"):
        (FOLDER / name).write_text(text)
    assert (FOLDER / name).read_text() == text, "pytest --update-golden tests/cli/test_man.py writes it anew"


def test_there_is_no_page_of_a_command_that_is_gone():
    assert sorted(file.name for file in FOLDER.iterdir()) == NAMES == sorted(pages())


@pytest.mark.parametrize("name", NAMES)
def test_man_has_nothing_to_complain_of(name):
    if which("man") is None or which("groff") is None:
        pytest.skip("man and groff (Debian: man-db, groff) are not here to format a page")
    file = str(FOLDER / name)
    # Of its many kinds of warnings man turns on all but the layout ones, which depend on the width.
    formatted = subprocess.run(
        ["man", "-l", "--warnings", "-E", "UTF-8", file], capture_output=True, text=True, check=True, timeout=60,
        env={"MANWIDTH": "100", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "MAN_KEEP_FORMATTING": ""},
    )
    assert formatted.stderr == ""
    assert "EXIT STATUS" in formatted.stdout


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_every_option_is_on_its_page_and_the_summary_is_that_of_the_command(one):
    page = pages()[f"{TOP}-{one.name}.1"]()
    for row in options_of(one.name).values():
        assert f"\\fB{roff(row.long)}\\fR" in page
    assert import_module(f"cadvcli.cli.{one.name}").HELP.splitlines()[0] == one.summary


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("--raw", "\\-\\-raw"), ("a\\b", "a\\eb"), (".SH", "\\&.SH"), ("a\n'b", "a\n\\&'b"), ("plain", "plain")],
)
def test_roff_prints_text_as_it_is(text, escaped):
    assert roff(text) == escaped
