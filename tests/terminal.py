"""A real terminal of the test's own: tmux runs a command in it, draws what it writes and types what a test says.

    with Terminal(["cadvcli", "watch"], environment()) as terminal:
        terminal.until("web")
        terminal.type("q")
        terminal.until("status 0")

A control client hears of everything that is drawn, so a test waits for output and never for the clock.
"""

import contextlib
import os
import select
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE_SECONDS = 20

#: With job control, as a person's shell has it: a command that stopped goes on at Enter. stty tells how it left.
SHELL = """\
{command} & echo $! >{folder}/pid
fg >/dev/null; status=$?
while [ $status = 147 ]; do echo stopped; read _; fg >/dev/null; status=$?; done
echo status $status; stty -a; exec cat
"""


def why_not() -> str | None:
    """Why there can be no terminal here, None if there can."""
    return None if shutil.which("tmux") else "a terminal: missing tmux (apt install tmux)"


class Terminal:
    """One terminal, with a shell line in it that says ``status N`` when the command has ended."""

    def __init__(self, argv: Sequence[str], env: dict[str, str], width: int = 120, height: int = 16) -> None:
        self.argv = list(argv)
        self.env = env
        self.size = (width, height)
        self._folder = Path(tempfile.mkdtemp(prefix="tmux-"))  # a socket's path may have 107 bytes
        self._socket = f"{self._folder}/socket"

    def __enter__(self) -> "Terminal":
        script = SHELL.format(command=shlex.join(self.argv), folder=self._folder)
        width, height = map(str, self.size)
        self._tmux("new-session", "-d", "-x", width, "-y", height, "bash", "--norc", "-m", "-c", script)
        self._tmux("set-option", "-g", "window-size", "manual")
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._tmux("resize-window", "-x", width, "-y", height)
        self._control = subprocess.Popen(
            [*self._base(), "-C", "attach"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._tmux("kill-server")
        with self._control:
            self._control.kill()
        shutil.rmtree(self._folder)

    @property
    def pid(self) -> int:
        """The command's process."""
        return int((self._folder / "pid").read_text())

    def screen(self) -> str:
        """What is to be seen now."""
        return self._tmux("capture-pane", "-p")

    def says(self, variable: str) -> str:
        """One of tmux's own variables of this terminal: alternate_on, cursor_flag, …"""
        return self._tmux("display-message", "-p", f"#{{{variable}}}").strip()

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names for those that are no characters: Up, Escape, C-c."""
        self._tmux("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        """Make the window another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def until(self, wanted: str | Callable[[str], object]) -> str:
        """Wait until the screen has this text, or is as wanted; the screen then."""
        test = wanted if callable(wanted) else lambda text: wanted in text
        end = time.monotonic() + PATIENCE_SECONDS
        assert self._control.stdout is not None
        while True:
            seen = self.screen()
            if test(seen):
                return seen
            left = end - time.monotonic()
            assert left > 0, f"not on the screen: {wanted}\n{seen}"
            if select.select([self._control.stdout], [], [], min(left, 1))[0]:
                os.read(self._control.stdout.fileno(), 65536)

    def _base(self) -> list[str]:
        return ["tmux", "-f", "/dev/null", "-S", self._socket]

    def _tmux(self, *arguments: str) -> str:
        env = {name: value for name, value in self.env.items() if name != "TMUX"} | {"TERM": "xterm-256color"}
        done = subprocess.run([*self._base(), *arguments], capture_output=True, text=True, env=env, check=True)
        return done.stdout
