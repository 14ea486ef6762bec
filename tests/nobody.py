"""Running a command as an ordinary user, wherever Python and the clone lie.

As root we become ``nobody`` for the command. Where that user can't reach our Python or clone (below /root), the
command gets a mount namespace in which just those folders are visible there.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

NOBODY = 65534
BECOME = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --inh-caps=-all --bounding-set=-all"


def as_nobody(command: Sequence[str], stage: Path) -> list[str]:
    """The command that runs ``command`` as nobody, or as it is where we are an ordinary user already.

    ``stage`` is an empty folder to hold mounts, seen by the command alone.
    """
    if os.geteuid():
        return list(command)
    hidden = _hidden(Path(path) for path in {sys.base_prefix, sys.prefix, str(Path(__file__).parent.parent)})
    become = f"exec {BECOME} {shlex.join(command)}"
    if not hidden:
        return ["sh", "-c", become]
    lines = ["set -e", "umask 022"]
    for number, path in enumerate(hidden):
        stage.joinpath(str(number)).mkdir(exist_ok=True)
        lines.append(shlex.join(["mount", "--bind", str(path), f"{stage}/{number}"]))
    for wall in sorted(set(hidden.values())):
        lines.append(shlex.join(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(wall)]))
    # The stage may lie behind a wall itself, so the descriptors of its folders are what is bound back.
    for number, path in enumerate(hidden):
        lines.insert(2 + len(hidden) + number, f"exec {number + 3}<{shlex.quote(f'{stage}/{number}')}")
        lines.append(shlex.join(["mkdir", "-p", str(path)]))
        lines.append(f"mount --bind /proc/self/fd/{number + 3} {shlex.quote(str(path))}; exec {number + 3}<&-")
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join([*lines, "cd /", become])]


def why_not() -> str | None:
    """Why no command can be run as an ordinary user here, None if it can."""
    missing = [name for name in ("setpriv", "unshare", "mount") if not shutil.which(name)]
    return f"becoming nobody needs {missing[0]}" if os.geteuid() == 0 and missing else None


def _hidden(paths: Iterable[Path]) -> dict[Path, Path]:
    """The paths that others can't reach, each with the topmost folder that keeps them out."""
    found: dict[Path, Path] = {}
    for path in sorted(paths):
        real = path.resolve()
        walls = [folder for folder in reversed(real.parents) if not folder.stat().st_mode & 0o001]
        if walls:
            found[real] = walls[0]
    return found
