"""Kind ``accelerator``: which container has which GPU."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.collectors.accelerator import parse_devices
from cadvcli.manager.manager import Manager
from cadvcli.manager.plan import Plan
from cadvcli.manager.settings import Settings
from cadvcli.model.stats import AcceleratorStats
from cadvcli.runtimes import runtimes_for
from tests.decoding import rows
from tests.fakes.nvml import FakeNvml, gpu, pci_device
from tests.machines import MOUNTINFO_V1, Machine


@pytest.fixture
def nvml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNvml:
    fake = FakeNvml(tmp_path / "package")
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    pci_device(machine.root)
    return machine


def manager_of(machine: Machine) -> Manager:
    manager = Manager(machine.host, Settings(kinds=frozenset({"accelerator"})), runtimes_for(machine.host))
    manager.discover()
    return manager


def found(manager: Manager) -> dict[str, list[str]]:
    """The GPUs of each group now."""
    manager.sample()
    samples = {one.name: manager.latest(one) for one in manager.containers()}
    return {name: [each.id for each in sample.stats.accelerators] for name, sample in samples.items() if sample}


def test_a_container_has_the_gpus_that_its_processes_use(machine: Machine, nvml: FakeNvml) -> None:
    for name in ("/a", "/a/inner", "/ab"):
        machine.group(name)
    machine.process(7, {"cgroup": "0::/a/inner\n"})
    nvml.set([gpu(0, pids=(7, 99)), gpu(1)])
    manager = manager_of(machine)
    assert found(manager) == {"/": ["GPU-0", "GPU-1"], "/a": ["GPU-0"], "/a/inner": ["GPU-0"], "/ab": []}
    assert not nvml.was_shut
    manager.close()
    assert nvml.was_shut


def test_on_v1_it_has_those_that_its_device_files_allow(machine: Machine, nvml: FakeNvml) -> None:
    Path(f"{machine.root}/proc/1/mountinfo").write_text(MOUNTINFO_V1)
    lists = {"a": "c 195:1 rwm\nc 195:255 rw\nc 1:3 rwm\n", "all": "c 195:* rw\n", "root": "a *:* rwm\n"}
    for name, text in lists.items():
        folder = Path(f"{machine.root}/sys/fs/cgroup/devices/{name}")
        folder.mkdir(parents=True)
        (folder / "devices.list").write_text(text)
    nvml.set([gpu(0), gpu(1)])
    manager = manager_of(machine)
    assert found(manager) == {"/": ["GPU-0", "GPU-1"], "/a": ["GPU-1"], "/all": ["GPU-0", "GPU-1"], "/root": []}
    manager.close()


def test_figures_become_wire_and_families(machine: Machine, nvml: FakeNvml) -> None:
    nvml.set([gpu(0, memory=None)])
    manager = manager_of(machine)
    manager.sample()
    sample = manager.latest(manager.container("/"))
    assert sample is not None
    assert sample.stats.accelerators == [
        AcceleratorStats(
            make="nvidia", model="H200", id="GPU-0", memory_total=None, memory_used=None, duty_cycle=40
        )
    ]
    assert rows("container_accelerator_duty_cycle", sample.stats) == {("nvidia", "H200", "GPU-0"): 40}
    assert rows("container_accelerator_memory_used_bytes", sample.stats) == {("nvidia", "H200", "GPU-0"): None}
    manager.close()


def test_without_a_device_the_library_is_not_asked(tmp_path: Path, nvml: FakeNvml) -> None:
    nvml.set([gpu(0)])
    assert found(manager_of(Machine(tmp_path))) == {"/": []}


def test_a_device_without_a_driver_is_said_once(
    machine: Machine, nvml: FakeNvml, caplog: pytest.LogCaptureFixture
) -> None:
    machine.group("/a")
    nvml.set(None)
    with caplog.at_level(logging.INFO, "cadvcli.collectors.accelerator"):
        assert found(manager_of(machine)) == {"/": [], "/a": []}
    said = [record.getMessage() for record in caplog.records if record.name.endswith("accelerator")]
    assert said == ["NVIDIA GPU: Driver Not Loaded; is the driver loaded?"]


def test_a_slot_that_is_no_json_costs_the_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    assert Plan({"accelerator"}, 2).decode((b"\xff[",), "/a").accelerators == []
    assert "accelerator figures are incomplete" in caplog.text


@given(st.binary())
def test_any_bytes_are_a_list_of_devices(text: bytes) -> None:
    assert all(0 <= minor < 128 for minor in parse_devices(text))
