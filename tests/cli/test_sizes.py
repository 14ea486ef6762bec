"""What ``containers --size`` finds out."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cadvcli.cli.cells import Shown
from cadvcli.cli.sizes import CELL, CLEAR, Sizes, total
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.model.column import Size
from cadvcli.model.identity import Identity
from cadvcli.runtimes.runtime import Used
from tests.dockerd import Dockerd
from tests.machines import Machine
from tests.manager.test_disk import Engine
from tests.manager.test_manager import Plain

MANY = Size(layer_bytes=2_000_000, logs_bytes=3000, finished=True)
SOME = Size(layer_bytes=1_000_000, logs_bytes=None, finished=False)


@pytest.fixture
def manager(tmp_path: Path) -> Manager:
    """The manager of a machine with a container ``web`` that wrote a file, and ``gone`` without folders."""
    machine = Machine(tmp_path)
    for name in ("web", "gone"):
        machine.group(f"/docker/{name}")
    for folder in ("diff", "logs"):
        (machine.root / "layers/web" / folder).mkdir(parents=True)
    (machine.root / "layers/web/diff/file").write_bytes(b"x" * 20_000)
    manager = Manager(machine.host, Settings(kinds=frozenset({"pids"})), (Engine(Path("/layers")), Plain()))
    manager.discover()
    return manager


def test_layer_and_logs_are_walked_through(manager: Manager) -> None:
    folder = Path(manager.host.path("/layers/web"))
    used = {name: (folder / name).stat().st_blocks * 512 for name in ("diff", "diff/file", "logs")}
    assert Sizes(manager, 60 * SECOND).of(manager.containers()) == {
        "web": Size(layer_bytes=used["diff"] + used["diff/file"], logs_bytes=used["logs"], finished=True)
    }


def test_when_the_time_is_over_what_was_found_is_told_as_such(manager: Manager) -> None:
    found = Sizes(manager, 0).of(manager.containers())
    assert not found["web"].finished
    assert set(found) == {"web", "gone"}


def test_progress_is_for_terminals_alone(
    manager: Manager, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Sizes(manager, 60 * SECOND).of(manager.containers())
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Sizes(manager, 60 * SECOND).of(manager.containers())
    said = capsys.readouterr().err
    assert "1 of 2 containers" in said
    assert said.endswith(CLEAR)


def test_without_containers_nothing_is_started(manager: Manager) -> None:
    assert Sizes(manager, SECOND).of([manager.container("/")]) == {}


@pytest.mark.parametrize(
    ("size", "finished", "text"), [(2_003_000, True, "2MB"), (1_000_000, False, "≥ 1MB"), (None, None, "-")]
)
def test_what_is_not_finished_is_at_least_so_much(size: int | None, finished: bool | None, text: str) -> None:
    shown = Shown({"size_bytes": size, "size_finished": finished}, Identity(runtime="docker", name="web"), 0)
    assert CELL.text(shown) == text


class Keeper(Engine):
    """An engine with images."""

    def used(self) -> Used | None:
        return Used(image_bytes=5_000_000, build_cache_bytes=70)


def test_the_last_line_has_what_all_of_it_takes(tmp_path: Path) -> None:
    manager = Manager(Machine(tmp_path).host, Settings(), (Keeper(tmp_path),))
    assert total({"a": MANY, "b": SOME}, manager) == "Total: layers ≥ 3MB, logs ≥ 3kB, images 5MB, build cache 70B\n"
    assert total({"a": MANY}, manager).startswith("Total: layers 2MB, logs 3kB, ")


def test_an_engine_that_does_not_tell_is_left_out(manager: Manager) -> None:
    assert total({"a": MANY}, manager) == "Total: layers 2MB, logs 3kB\n"


def test_ids_alone_have_no_size(cadvcli: Callable[..., Any]) -> None:
    run = cadvcli("containers", "--size", "--quiet")
    assert (run.rc, run.err) == (2, "cadvcli: --quiet prints ids only: leave out --size\n")


@pytest.mark.real
def test_against_docker(docker: Dockerd, cadvcli: Callable[..., Any]) -> None:
    web = docker.run("web", ["sh", "-c", "head -c 3000000 /dev/zero > /big; echo done; sleep 1000"])
    stopped = docker.run("stopped", ["sh", "-c", "head -c 100000 /dev/zero > /small"])
    docker.wait(stopped)
    ask = ("containers", "--all", "--size", "--docker", docker.endpoint, "--docker-root", docker.root)
    found: dict[str, Any] = {}
    while not found or found["web"]["size_layer_bytes"] < 3_000_000:
        found = {one["name"]: one for one in json.loads(cadvcli(*ask, "-o", "json").out)}
    for name, container in (("web", web), ("stopped", stopped)):
        layer = Path(docker.inspect(container)["GraphDriver"]["Data"]["UpperDir"])
        blocks = sum(os.lstat(path).st_blocks for path in (layer, *layer.rglob("*")))
        one = found[name]
        assert one["size_layer_bytes"] == blocks * 512
        assert one["size_finished"] is True
        assert one["size_bytes"] == one["size_layer_bytes"] + one["size_logs_bytes"]
    run = cadvcli(*ask)
    assert run.out.splitlines()[0].split()[-1] == "SIZE"
    assert run.out.splitlines()[-1].startswith("Total: layers 3.")
    assert ", build cache 0B" in run.out.splitlines()[-1]
    assert run.err == ""
