"""``watch`` on a terminal: one loop that waits for keys, signals, news and the time, and draws."""

import logging
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from cadvcli.cli import cells
from cadvcli.cli.cells import CELLS
from cadvcli.cli.keys import decode
from cadvcli.cli.screen import Screen
from cadvcli.cli.watch_feed import Feed
from cadvcli.cli.watch_view import ANEW, QUIT, REDRAW, TABLE, Scene, View
from cadvcli.errors import TimedOut
from cadvcli.model.clock import Clock
from cadvcli.units import format_duration

#: What a shell reports for a program that a signal has ended.
_BY_SIGNAL = 128
_MS = 1_000_000


def draw(settings: Any) -> int | None:
    """Take the terminal over until a key, a signal or the time-out ends it; the exit status."""
    shown = cells.chosen(settings.columns) or [CELLS[name] for name in TABLE]
    view, screen = View(shown, raw=settings.raw), Screen()
    with Signals() as signals:
        feed = Feed(settings, [column.key for column in view.columns], signals.wake)
        feed.start()
        try:
            with screen:
                return Loop(settings, view, screen, feed, signals).run()
        finally:
            feed.stop()


class Loop:
    """The terminal, what is shown on it, and where that comes from."""

    def __init__(self, settings: Any, view: View, screen: Screen, feed: Feed, signals: "Signals") -> None:
        self._interval_ns: int = settings.interval
        self._timeout_ns: int | None = settings.timeout
        self._view = view
        self._screen = screen
        self._feed = feed
        self._signals = signals
        self._told = Notes()
        self._clock = Clock()
        self._scene: Scene | None = None
        self._due_ns = 0

    def run(self) -> int | None:
        """Draw until the end; the exit status."""
        with self._told.kept():
            return self._run()

    def _run(self) -> int | None:
        poll = select.poll()
        poll.register(self._screen.keys, select.POLLIN)
        poll.register(self._signals.fd, select.POLLIN)
        end_ns = None if self._timeout_ns is None else self._clock.boot_ns() + self._timeout_ns
        while True:
            self._ask()
            message = self._told.last or next(iter(self._feed.missing), "")
            self._screen.draw(self._view.lines(self._scene, *self._screen.size(), message))
            ready = dict(poll.poll(self._idle_ms(end_ns)))
            ended = self._obey()
            if ended is not None:
                return ended
            if self._screen.keys in ready and self._type():
                return None
            if end_ns is not None and self._clock.boot_ns() >= end_ns:
                assert self._timeout_ns is not None
                raise TimedOut(f"ended after {format_duration(self._timeout_ns)}")

    def _ask(self) -> None:
        """Take a scene that is there, and have the next one made if it is time, or something came or went."""
        self._scene = self._feed.take() or self._scene
        now_ns = self._clock.boot_ns()
        if not self._feed.busy and not self._view.paused and (now_ns >= self._due_ns or self._feed.stirred):
            self._feed.ask(raw=self._view.raw, tree=self._view.tree)
            self._due_ns = now_ns + self._interval_ns

    def _idle_ms(self, end_ns: int | None) -> int | None:
        """How long nothing is to be done, None: until somebody calls."""
        times = [] if self._view.paused or self._feed.busy else [self._due_ns]
        times += [] if end_ns is None else [end_ns]
        return max(0, -(-(min(times) - self._clock.boot_ns()) // _MS)) if times else None

    def _obey(self) -> int | None:
        """Do what signals want; an exit status if they want an end."""
        for number in self._signals.take():
            if number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                return _BY_SIGNAL + number
            if number == signal.SIGTSTP:
                self._screen.leave()
                os.kill(os.getpid(), signal.SIGSTOP)
                self._screen.enter()
            elif number == signal.SIGCONT:
                self._screen.forget()
        return None

    def _type(self) -> bool:
        """Take what was typed. Whether that, or the terminal's end, is the end."""
        typed = self._screen.read()
        for key in decode(typed):
            wish = self._view.press(key)
            if wish == QUIT:
                return True
            if wish == ANEW:
                self._due_ns = 0
            elif wish == REDRAW:
                self._screen.forget()
        return not typed


class Signals:
    """Signals that were caught and wait for the loop; ``fd`` is readable when there are any, or other news."""

    _CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)

    def __init__(self) -> None:
        self.fd, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._waiting: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        """Catch them from now on."""
        self._before = {number: signal.signal(number, self._caught) for number in self._CAUGHT}
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        return self

    def __exit__(self, *exc: object) -> None:
        """Let them have their way again."""
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.fd)
        os.close(self.wake)

    def _caught(self, number: int, frame: FrameType | None) -> None:
        self._waiting.append(number)

    def take(self) -> list[int]:
        """Those that came since the last time."""
        with suppress(BlockingIOError):
            while os.read(self.fd, 4096):
                pass
        taken, self._waiting = self._waiting, []
        return taken


class Notes(logging.Handler):
    """Log lines that came while the screen was up: the last one is shown there, and all are written afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.records.append(record)

    @property
    def last(self) -> str:
        """The newest line's message."""
        return self.records[-1].getMessage() if self.records else ""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep log lines off the screen while the context lasts."""
        log = logging.getLogger("cadvcli")
        handlers, log.handlers = log.handlers, [self]
        try:
            yield
        finally:
            log.handlers = handlers
            for record in self.records:
                log.handle(record)
