"""What every test may ask for: inline and recorded machines, goldens, and the installed command."""

import os
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from cadvcli.host import Host
from tests import nobody as ordinary_user
from tests import recorded as recordings
from tests.cgroups import Cgroups
from tests.cgroups import why_not as why_no_cgroups
from tests.dockerd import docker, dockerd  # noqa: F401  # fixtures

# How long an example takes tells about the machine, not about us.
settings.register_profile("cadvcli", deadline=None)
settings.load_profile("cadvcli")

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


def ran(argv: list[str], stdin: str, env: dict[str, str] | None, cwd: Path, timeout: float) -> Run:
    """Runs a command to its end, as text that keeps invalid bytes."""
    done = subprocess.run(
        argv,
        input=stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        env=environment(env),
        cwd=cwd,
        timeout=timeout,
        check=False,
    )
    out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    return Run(done.returncode, out, err)


@pytest.fixture
def cadvcli(tmp_path: Path) -> Callable[..., Run]:
    """Runs the installed command as a person would: ``cadvcli("machine", "-o", "json").out``."""

    def run(*args: str, stdin: str = "", env: dict[str, str] | None = None, timeout: float = 60) -> Run:
        return ran([command(), *args], stdin, env, tmp_path, timeout)

    return run


@pytest.fixture
def nobody(tmp_path: Path) -> Callable[..., list[str]]:
    """Gives the argv that runs the installed command as an ordinary user: ``Popen(nobody("serve"))``."""
    if reason := ordinary_user.why_not():
        pytest.skip(reason)
    stage = tmp_path / "stage"
    stage.mkdir()
    return lambda *args: ordinary_user.as_nobody([command(), *args], stage)


@pytest.fixture
def cadvcli_as_nobody(nobody: Callable[..., list[str]]) -> Callable[..., Run]:
    """Runs the installed command as an ordinary user, in ``/``: ``cadvcli_as_nobody("stats").err``."""

    def run(*args: str, stdin: str = "", env: dict[str, str] | None = None, timeout: float = 60) -> Run:
        return ran(nobody(*args), stdin, {"HOME": "/nonexistent", **(env or {})}, Path("/"), timeout)

    return run


@pytest.fixture
def cgroups() -> Iterator[Cgroups]:
    """Real groups: ``cgroups.make("web", "sleep", "60").name``; gone after the test. Its tests are marked ``real``."""
    if reason := why_no_cgroups():
        pytest.skip(reason)
    with Cgroups() as made:
        yield made
