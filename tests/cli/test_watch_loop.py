"""What the loop of ``watch`` is made of; tests/cli/test_watch.py has the loop itself in a real terminal."""

import logging
import os
import select
import signal

from cadvcli.cli.watch_loop import Notes, Signals


def test_signals_wait_until_they_are_taken_and_wake_the_loop():
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGWINCH)
        os.kill(os.getpid(), signal.SIGHUP)
        assert select.select([signals.fd], [], [], 10)[0]
        assert sorted(signals.take()) == [signal.SIGHUP, signal.SIGWINCH]
        assert signals.take() == []
        assert not select.select([signals.fd], [], [], 0)[0]


def test_signals_have_their_way_again_afterwards():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)]
    with Signals():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)]
    assert after == before
    assert signal.set_wakeup_fd(-1) == -1


def test_log_lines_are_kept_off_the_screen_and_written_afterwards():
    log, written = logging.getLogger("cadvcli"), []
    handler = logging.Handler()
    handler.emit = written.append
    before, log.handlers = log.handlers, [handler]
    try:
        notes = Notes()
        assert notes.last == ""
        with notes.kept():
            logging.getLogger("cadvcli.runtimes").warning("docker: %s", "away")
            assert (notes.last, written) == ("docker: away", [])
        assert [record.getMessage() for record in written] == ["docker: away"]
    finally:
        log.handlers = before
