"""``cadvcli watch`` in a real terminal: what it shows, what keys and signals do, and how it leaves."""

import os
import signal
import time

import pytest

from cadvcli.cli.watch import HELP
from tests.conftest import command, environment
from tests.machines import Machine
from tests.terminal import Terminal, why_not


@pytest.fixture
def machine(tmp_path):
    """A machine with three plain groups."""
    made = Machine(tmp_path)
    for name in ("/web", "/db", "/shop"):
        made.group(name)
    return made


@pytest.fixture
def watch(machine):
    """Gives a terminal in which the command runs on the machine."""
    if reason := why_not():
        pytest.skip(reason)

    def start(*arguments, **size):
        options = ("--host-root", machine.host.root, "--raw", "--interval", "50ms")
        return Terminal([command(), "watch", *options, *arguments], environment(), **size)

    return start


def left_clean(terminal):
    """Whether the terminal is as a shell wants it."""
    settings = terminal.until("icrnl").split()
    flags = (terminal.says("alternate_on"), terminal.says("cursor_flag"), terminal.says("wrap_flag"))
    return flags == ("0", "1", "1") and {"icanon", "echo", "isig"} <= {word.rstrip(";") for word in settings}


pytestmark = pytest.mark.real


def test_it_draws_what_is_there_and_q_leaves(watch):
    with watch() as terminal:
        screen = terminal.until("/web")
        assert "cadvcli watch" in screen
        assert "q quit" in screen
        assert terminal.says("alternate_on") == "1"
        terminal.type("q")
        terminal.until("status 0")
        assert left_clean(terminal)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_the_terminal_clean(watch, number, status):
    with watch() as terminal:
        terminal.until("/web")
        os.kill(terminal.pid, number)
        terminal.until(f"status {status}")
        assert left_clean(terminal)


def test_ctrl_c_leaves_the_terminal_clean(watch):
    with watch() as terminal:
        terminal.until("/web")
        terminal.type("C-c")
        terminal.until("status 130")
        assert left_clean(terminal)


def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(watch):
    with watch() as terminal:
        terminal.until("/web")
        terminal.type("C-z")
        terminal.until("stopped")
        assert terminal.says("alternate_on") == "0"
        terminal.type("Enter")
        terminal.until("/web")
        assert terminal.says("alternate_on") == "1"
        terminal.type("q")
        terminal.until("status 0")
        assert left_clean(terminal)


def test_it_follows_the_window_s_size(watch):
    with watch(width=100, height=12) as terminal:
        terminal.until("sort: c m i b p n  r reverse")
        terminal.resize(40, 6)
        screen = terminal.until(lambda text: "below" in text and "sort" not in text)
        assert len(screen.splitlines()) <= 6
        terminal.resize(120, 20)
        terminal.until(lambda text: "below" not in text and "r reverse" in text and "/web" in text)


def test_keys_filter_draw_the_tree_pause_and_help(watch):
    with watch() as terminal:
        terminal.until("/web")
        terminal.type("/", "s", "h", "o", "Enter")
        terminal.until(lambda text: "/shop" in text and "/web" not in text)
        terminal.type("Escape")
        terminal.until("/web")
        terminal.type("t")
        terminal.until("└─ web")
        terminal.type("h")
        terminal.until("any key leaves it")
        terminal.type("x", "Space")
        terminal.until("PAUSED")


def test_a_group_that_comes_shows_at_once_and_one_that_goes_is_gone(watch, machine):
    with watch("--interval", "1h") as terminal:
        terminal.until("/web")
        machine.group("/young")
        terminal.until("/young")
        machine.remove("/young")
        terminal.until(lambda text: "/young" not in text)


def test_columns_can_be_chosen(watch):
    with watch("--columns", "name,usage,cpu_time") as terminal:
        assert "NAME" in terminal.until("CPU TIME")


def test_time_runs_out_with_status_124(watch):
    with watch("--timeout", "100ms") as terminal:
        terminal.until("status 124")
        assert "ended after 100ms" in terminal.screen()
        assert left_clean(terminal)


def test_a_keyboard_is_found_where_standard_input_is_none(machine):
    if reason := why_not():
        pytest.skip(reason)
    line = f"exec {command()} watch --raw --host-root {machine.host.root} </dev/null"
    with Terminal(["sh", "-c", line], environment()) as terminal:
        terminal.until("/web")
        terminal.type("q")
        terminal.until("status 0")


def test_a_machine_that_cannot_be_read_is_one_line_and_no_screen(tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    with Terminal([command(), "watch", "--host-root", str(tmp_path)], environment()) as terminal:
        screen = terminal.until("status 1")
        assert screen.startswith("cadvcli: ")
        assert left_clean(terminal)


def test_a_real_container_is_there_a_moment_after_it_started(docker):
    if reason := why_not():
        pytest.skip(reason)
    docker.run("old")
    argv = [command(), "watch", "--docker", docker.endpoint, "--interval", "1h"]
    with Terminal(argv, environment()) as terminal:
        terminal.until("old")
        docker.run("young")
        begun = time.monotonic()
        terminal.until("young")
        print(f"in watch {time.monotonic() - begun:.3f} s after docker had started it")
        docker.kill("young")
        terminal.until(lambda text: "young" not in text)


def test_help_begins_with_the_summary():
    assert HELP.startswith("Watch containers live, or stream their events.\n\n")
