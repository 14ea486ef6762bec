"""Our log on stderr."""

import logging
import sys

import pytest

from cadvcli.cli.log import Line, start_logging


@pytest.fixture(autouse=True)
def log_as_it_was():
    log = logging.getLogger("cadvcli")
    kept = (log.handlers[:], log.propagate, log.level)
    yield
    log.handlers[:], log.propagate = kept[:2]
    log.setLevel(kept[2])


@pytest.mark.parametrize(("verbose", "levels"), [(0, "W"), (1, "WI"), (2, "WID"), (9, "WID")])
def test_each_v_tells_more(capsys, verbose, levels):
    start_logging(verbose)
    log = logging.getLogger("cadvcli.manager")
    log.warning("warned")
    log.info("told")
    log.debug("everything")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1][0] for line in lines] == list(levels)


def test_started_twice_each_record_is_still_one_line(capsys):
    start_logging(0)
    start_logging(1)
    logging.getLogger("cadvcli.x").info("once")
    assert capsys.readouterr().err.count("once") == 1


def record(message: str, *args: object, exc_info: object = None) -> logging.LogRecord:
    made = logging.LogRecord("cadvcli.runtimes.docker", logging.WARNING, "f", 1, message, args, exc_info)  # type: ignore[arg-type]
    made.created, made.msecs = 1795466067.125, 125.0
    return made


def test_a_record_is_one_line_in_utc():
    assert Line().format(record("away, %s", "names come from files")) == (
        "2026-11-23T20:34:27.125Z WARNING docker: away, names come from files"
    )


def test_a_hostile_record_is_one_line_too():
    assert Line().format(record("name %s", "a\nb\x1b\udcff")).endswith("name a\\nb\\x1b\\xff")


def test_an_exception_tells_what_and_where_in_the_same_line():
    try:
        int("x")
    except ValueError:
        text = Line().format(record("container /a", exc_info=sys.exc_info()))
    assert "container /a: ValueError: invalid literal for int() with base 10: 'x' (" in text
    assert "test_log.py:" in text
    assert "\n" not in text
