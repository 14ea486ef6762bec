"""The command line: which subcommands there are, and the one place where errors become lines and exit statuses.

A subcommand is a module ``cadvcli/cli/<name>.py`` and its row in ``COMMANDS``. The module has

    HELP                         what --help and the man page say; its first line is the summary in COMMANDS
    run(settings) -> int | None  does the work, None is status 0; raises CadvcliError

and imports what is heavy inside ``run``. Its options are the rows of ``cadvcli.options`` that name it; ``settings``
has each as an attribute (see ``params.Values``). Only the invoked command's module is ever imported.
"""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from cadvcli.errors import CadvcliError

INTERRUPTED = 130


class Command(NamedTuple):
    """A subcommand as data, so that ``cadvcli --help`` imports none of them. ``arguments`` name options.ARGUMENTS."""

    name: str
    summary: str
    arguments: tuple[str, ...] = ()


COMMANDS: tuple[Command, ...] = (
    Command("machine", "Show what this machine is: processors, memory, disks, networks."),
    Command("containers", "List containers.", ("names",)),
    Command("stats", "Show what containers use now.", ("names",)),
    Command("watch", "Watch containers live, or stream their events.", ("names",)),
    Command("serve", "Serve metrics, the cAdvisor API and the web pages."),
    Command("export", "Send samples of containers to a storage backend."),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; whatever fails is said in one line on stderr.

    Without ``arguments`` it is the process's own command line, and the process ends here.
    """
    _prepare_streams()
    if arguments is not None:
        return _status_of(arguments)
    _insist_on_utf8()
    # Imports make nothing but what stays: searching it for garbage again and again would take 5 of 70 ms.
    gc.disable()
    status = _status_of(sys.argv[1:])
    # Everything is written by now. The interpreter's own way out takes another 8 of 70 ms to free what the kernel
    # frees anyway, and would complain there about a reader that has left.
    os._exit(status)


def _status_of(arguments: Sequence[str]) -> int:
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _flush_what_can_be()
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError as error:
        # Only standard output that lost its reader ends silently; a socket of ours that broke is a failure.
        if _reader_is_gone():
            return 0
        _flush_what_can_be()
        return _complain(error)
    except Exception as error:
        _flush_what_can_be()
        return _complain(error)


def _run(arguments: Sequence[str]) -> int:
    from cadvcli.cli.params import parse

    invocation = parse(arguments)
    if invocation is None:
        return 0
    from importlib import import_module

    from cadvcli.cli.config import settle
    from cadvcli.cli.log import start_logging

    start_logging(invocation.given.get("verbose", 0))
    settings = settle(invocation, os.environ)
    start_logging(settings.verbose)
    require_linux(sys.platform)
    module = import_module(f"cadvcli.cli.{invocation.command}")
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    status: int | None = module.run(settings)
    return status or 0


def require_linux(platform: str) -> None:
    """Raise unless this is Linux: what we show comes from its kernel's files."""
    if platform != "linux":
        raise CadvcliError(f"containers are read from a Linux kernel's files, and this is {platform}")


def _complain(error: Exception) -> int:
    """Say in one line what went wrong and return the exit status for it."""
    from cadvcli.text import printable

    if isinstance(error, CadvcliError):
        line, status = str(error), error.exit_code
    elif isinstance(error, OSError) and error.filename is not None and error.strerror:
        line, status = f"{os.fsdecode(error.filename)}: {error.strerror}", 1
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
        line, status = f"can't write the output: {error.strerror}", 1
    else:
        line, status = f"internal error: {type(error).__name__}: {error}; run with -vv for the traceback", 1
        _show_traceback(error)
    sys.stderr.write(f"cadvcli: {printable(line)}\n")
    return status


def _show_traceback(error: Exception) -> None:
    """Write the traceback of an unexpected error, for -vv only."""
    import logging
    import traceback

    from cadvcli.text import printable

    if logging.getLogger("cadvcli").isEnabledFor(logging.DEBUG):
        for line in "".join(traceback.format_exception(error)).splitlines():
            sys.stderr.write(printable(line) + "\n")


def _prepare_streams() -> None:
    """Make stdout and stderr UTF-8 that can carry any byte, whatever the locale; a closed one becomes /dev/null."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Started with `>&-`: writes must go nowhere, and not into the next file that we open.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _insist_on_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale says another encoding: file names are UTF-8 on Linux."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode and sys.executable:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _reader_is_gone() -> bool:
    """Whether standard output is a pipe that nobody reads any more."""
    import select

    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return False
    return any(events & select.POLLERR for _, events in poll.poll(0))


def _flush_what_can_be() -> None:
    """Let what was written before a failure be read; a failure to do so is not worth another word."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
