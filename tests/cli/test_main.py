"""The command as a process: its exit statuses, its one line on stderr, its streams and what it imports."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from cadvcli.cli import COMMANDS, main, require_linux
from cadvcli.errors import CadvcliError
from tests.conftest import Run, command, environment

#: Runs our command line with a stand-in for a subcommand, whose ``run`` is the first argument.
STAND_IN = """
import sys, types
source, *words = sys.argv[1:]
module = types.ModuleType("cadvcli.cli.machine")
module.HELP = "Stand in."
exec("import os, sys, logging\\nfrom cadvcli.errors import *\\ndef run(settings):\\n  " + source, module.__dict__)
sys.modules[module.__name__] = module
sys.argv[1:] = words or ["machine"]
from cadvcli.cli import main
sys.exit(main())
"""

#: Modules that cost more than the commands which have no use for them may spend.
HEAVY = {
    *("asyncio", "ssl", "http", "email", "socket", "json", "csv"),
    *("starlette", "uvicorn", "httptools", "influxdb_client", "elasticsearch"),
    *("psutil", "tabulate", "rich", "pydantic"),
}


BUFFERED = {**environment(), "PYTHONUNBUFFERED": ""}


def stand_in(run: str, *words: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", STAND_IN, run, *words],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": BUFFERED, **options},  # type: ignore[call-overload]
    )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, (out or b"").decode("utf-8", "surrogateescape"), (err or b"").decode()


def test_help_lists_every_command_with_its_summary(cadvcli: Callable[..., Run]):
    run = cadvcli("--help")
    assert (run.rc, run.err) == (0, "")
    for one in COMMANDS:
        assert f"  {one.name:<10}  {one.summary}\n" in run.out
    assert cadvcli().out == run.out


def test_an_unknown_word_is_one_line_and_status_2(cadvcli: Callable[..., Run]):
    assert cadvcli("stast") == (2, "", "cadvcli: unknown command 'stast': did you mean 'stats'?\n")
    assert cadvcli("stats", "--intervall", "2") == (
        2, "", "cadvcli: unknown option '--intervall': did you mean '--interval'?\n",
    )
    assert cadvcli("machine", "-o", "jsno") == (
        2, "", "cadvcli: --format: unknown format 'jsno': did you mean 'json'?\n",
    )


def test_a_hostile_word_is_escaped_in_the_complaint(cadvcli: Callable[..., Run]):
    run = cadvcli("\x1b[2Jst\nats\udcff")
    assert run.err.startswith("cadvcli: unknown command '\\x1b[2Jst\\nats\\xff'")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        ("CadvcliError('it failed')", 1, "it failed"),
        ("UsageError('wrong')", 2, "wrong"),
        ("UnknownContainer('no web')", 3, "no web"),
        ("TimedOut('too slow')", 124, "too slow"),
        ("HostError('/proc/x', 'Input/output error')", 1, "/proc/x: Input/output error"),
        ("CadvcliError('two\\nlines \\x1b[2J')", 1, "two\\nlines \\x1b[2J"),
        ("FileNotFoundError(2, 'No such file or directory', '/x/y')", 1, "/x/y: No such file or directory"),
        ("RuntimeError('odd')", 1, "internal error: RuntimeError: odd; run with -vv for the traceback"),
        ("BrokenPipeError(32, 'Broken pipe')", 1,
         "internal error: BrokenPipeError: [Errno 32] Broken pipe; run with -vv for the traceback"),
    ],
)
def test_an_error_is_one_line_and_its_status(error, status, line):
    assert ended(stand_in(f"print('before'); raise {error}")) == (status, "before\n", f"cadvcli: {line}\n")


def test_a_command_may_return_a_status():
    assert ended(stand_in("return 3")) == (3, "", "")


def test_the_traceback_of_an_unexpected_error_is_told_with_vv():
    status, _, err = ended(stand_in("raise RuntimeError('odd\\x1b')", "-v", "machine", "-v"))
    assert status == 1
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.endswith("cadvcli: internal error: RuntimeError: odd\\x1b; run with -vv for the traceback\n")
    assert "\x1b" not in err


def test_a_reader_that_leaves_ends_it_silently_with_0():
    endless = stand_in("[print('x' * 80) for _ in iter(int, 1)]")
    assert endless.stdout is not None
    endless.stdout.readline()
    endless.stdout.close()
    assert ended(endless) == (0, "", "")


def test_a_reader_that_left_before_the_last_flush_is_no_failure_either():
    reading, writing = os.pipe()
    os.close(reading)
    process = stand_in("print('late')", stdout=writing)
    os.close(writing)
    assert ended(process) == (0, "", "")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([command(), "--help"], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_one_line():
    with open("/dev/full", "wb") as full:
        status, _, err = ended(stand_in("print('lost')", stdout=full))
    assert (status, err) == (1, "cadvcli: can't write the output: No space left on device\n")


def test_closed_standard_streams_are_no_failure():
    shell = f'{sys.executable} -c "$0" "print(1); sys.stderr.write(str(2))" >&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", shell, STAND_IN], check=False, timeout=60).returncode == 0


def test_an_interrupt_prints_nothing_and_is_status_130():
    process = stand_in("import time; print('two'); os.write(1, b'one\\n'); time.sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline() == b"one\n"
    process.send_signal(signal.SIGINT)
    assert ended(process) == (130, "two\n", "")


def test_an_interrupt_on_a_terminal_leaves_the_prompt_on_its_own_line():
    ours, theirs = pty.openpty()
    process = stand_in("print('one', flush=True); import time; time.sleep(60)", stderr=theirs)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    process.stdout.close()
    assert os.read(ours, 100) == b"\r\n"
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("locale", ["C", "POSIX", "", "xx_XX.nonsense"])
def test_text_is_utf8_and_keeps_any_byte_whatever_the_locale(locale):
    env = {**environment(), "LC_ALL": locale, "LANG": locale, "PYTHONCOERCECLOCALE": "0"}
    process = stand_in("print(sys.argv[2] if len(sys.argv) > 2 else 'grüße 容器 \\udcff')", env=env)
    assert ended(process) == (0, "grüße 容器 \udcff\n", "")


def test_a_locale_of_another_encoding_changes_no_name(tmp_path):
    localedef = which("localedef")
    if localedef is None or not Path("/usr/share/i18n/locales/de_DE").exists():
        pytest.skip("localedef and its sources (Debian: locales) are not here to make a Latin-1 locale")
    made = [localedef, "-i", "de_DE", "-f", "ISO-8859-1", str(tmp_path / "de_DE.ISO-8859-1")]
    subprocess.run(made, check=False, capture_output=True)
    env = {**environment(), "LOCPATH": str(tmp_path), "LC_ALL": "de_DE.ISO-8859-1"}
    asked = [sys.executable, "-c", "import sys; print(sys.getfilesystemencoding())"]
    assert subprocess.run(asked, env=env, capture_output=True, check=True).stdout == b"iso8859-1\n"
    done = subprocess.run([command(), "größe"], env=env, capture_output=True, check=False, timeout=60)
    assert done.stderr.decode().startswith("cadvcli: unknown command 'größe'")
    assert done.returncode == 2


def test_elsewhere_a_local_command_is_one_clear_line():
    require_linux("linux")
    with pytest.raises(CadvcliError, match="read from a Linux kernel's files, and this is darwin"):
        require_linux("darwin")


def test_a_caller_in_the_same_process_gets_the_status(capsys):
    assert main(["--version"]) == 0
    assert main(["stast"]) == 2
    assert capsys.readouterr().err == "cadvcli: unknown command 'stast': did you mean 'stats'?\n"


def imported(*words: str) -> set[str]:
    """The top-level modules that a run of the installed command imports."""
    run = [sys.executable, "-X", "importtime", command(), *words]
    done = subprocess.run(run, env=environment(), capture_output=True, check=True, timeout=60)
    names = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines() if b"import time:" in line}
    return names | {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_imports_nothing_that_works(word):
    modules = imported(word)
    assert not modules & (HEAVY | {"msgspec", "tomllib", "logging", "inotify_simple"})
    ours = {name for name in modules if name.startswith("cadvcli.")}
    assert ours == {f"cadvcli.{name}" for name in ("cli", "cli.help", "cli.params", "errors", "options", "units")}


def test_machine_imports_no_server_no_client_and_no_registry():
    modules = imported("machine", "-o", "json")
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith(("cadvcli.manager", "cadvcli.web", "cadvcli.storage"))}


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_only_the_invoked_command_is_imported(one):
    others = {f"cadvcli.cli.{other.name}" for other in COMMANDS if other != one}
    assert not imported(one.name, "--help") & (HEAVY | others)
