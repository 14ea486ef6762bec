"""What every test may ask for: inline and recorded machines, goldens, and the installed command."""

import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cadvcli.host import Host
from tests import recorded as recordings

GOLDEN = Path(__file__).parent / "golden"
MakeHost = Callable[[dict[str, str | bytes]], Host]


class Run(NamedTuple):
    """How a command ended."""

    rc: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden``: write what came out into tests/golden instead of comparing; review the diff as code."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden from what the commands print")


@pytest.fixture
def host(tmp_path: Path) -> MakeHost:
    """Builds a machine of just these files: ``host({"/proc/loadavg": "0.00 …\\n"})``."""

    def build(files: dict[str, str | bytes]) -> Host:
        root = tmp_path / "host"
        root.mkdir(exist_ok=True)
        for path, content in files.items():
            file = root / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return Host(str(root))

    return build


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], recordings.Recording]:
    """Gives a recorded machine by name, unpacked once: its ``root`` folder, ``host()`` and ``answer(path)``."""
    unpacked: dict[str, recordings.Recording] = {}

    def find(name: str) -> recordings.Recording:
        if name not in unpacked:
            unpacked[name] = recordings.unpack(name, tmp_path_factory.mktemp("hosts") / name)
        return unpacked[name]

    return find


@pytest.fixture(scope="session")
def recorded(recording: Callable[[str], recordings.Recording]) -> Callable[[str], recordings.RecordedHost]:
    """Gives the Host of a recorded machine: ``recorded("docker-v1")``. It is shared: copy it before changing it."""
    return lambda name: recording(name).host()


@pytest.fixture(scope="session")
def answer(recording: Callable[[str], recordings.Recording]) -> Callable[[str, str], Any]:
    """Gives what was said of a recorded machine: ``answer("docker-v1", "cadvisor/v1.3-machine.json")``."""
    return lambda name, path: recording(name).answer(path)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a whole output with tests/golden/NAME: ``golden("machine-table.txt", run.out)``."""
    update = request.config.getoption("--update-golden")

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert file.exists(), f"{file} is missing: pytest --update-golden writes it"
        assert text == file.read_bytes().decode("utf-8", "surrogateescape")

    return compare


def command() -> str:
    """Where the installed entry point lies."""
    return str(Path(sysconfig.get_path("scripts")) / "cadvcli")


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """Our environment without what would change the command's answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CADVCLI_", "DOCKER_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(extra or {})}


@pytest.fixture
def cadvcli(tmp_path: Path) -> Callable[..., Run]:
    """Runs the installed command as a person would: ``cadvcli("machine", "-o", "json").out``."""

    def run(*args: str, stdin: str = "", env: dict[str, str] | None = None, timeout: float = 60) -> Run:
        done = subprocess.run(
            [command(), *args],
            input=stdin.encode(),
            capture_output=True,
            env=environment(env),
            cwd=tmp_path,
            timeout=timeout,
            check=False,
        )
        out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
        return Run(done.returncode, out, err)

    return run
