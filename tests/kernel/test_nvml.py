"""NVIDIA's management library, as a fake package tells of it."""

import sys
from pathlib import Path

import pytest

from cadvcli.errors import HostError
from cadvcli.kernel.nvml import PCI, Gpu, Nvml, has_nvidia
from tests.fakes.nvml import FakeNvml, gpu

NOW = 1_700_000_000_000_000_000


@pytest.fixture
def nvml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNvml:
    fake = FakeNvml(tmp_path / "package")
    fake.install(monkeypatch)
    return fake


def test_the_duty_cycle_is_the_mean_of_the_last_ten_seconds(nvml: FakeNvml) -> None:
    nvml.set([gpu(0, pids=(7, 8))])
    assert Nvml().gpus(NOW) == [
        Gpu(
            minor=0,
            uuid="GPU-0",
            model="H200",
            memory_total_bytes=1000,
            memory_used_bytes=100,
            duty_percent=40,
            pids=frozenset({7, 8}),
        )
    ]


def test_without_samples_the_drivers_own_mean_counts(nvml: FakeNvml) -> None:
    nvml.set([gpu(0, samples=[]), gpu(1, samples=None), gpu(2, samples=None, rate=None)])
    assert [one.duty_percent for one in Nvml().gpus(NOW)] == [7, 7, None]


def test_what_a_gpu_does_not_tell_is_absent_and_one_that_tells_nothing_is_left_out(nvml: FakeNvml) -> None:
    nvml.set([gpu(None, uuid="GPU-a", memory=None, name=None, pids=None), gpu(1, uuid=None)])  # type: ignore[arg-type]
    (only,) = Nvml().gpus(NOW)
    assert (only.minor, only.model, only.memory_total_bytes, only.pids) == (None, "", None, frozenset())


def test_a_driver_that_is_not_loaded_is_said(nvml: FakeNvml) -> None:
    nvml.set(None)
    with pytest.raises(HostError, match="NVIDIA GPU: Driver Not Loaded; is the driver loaded"):
        Nvml()


def test_a_missing_package_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    with pytest.raises(HostError, match=r"pip install 'cadvcli\[nvidia\]'"):
        Nvml()


def test_a_gpu_is_known_by_its_maker(host) -> None:
    assert not has_nvidia(host({"/proc/stat": ""}))
    assert not has_nvidia(host({f"{PCI}/0000:00:01.0/vendor": "0x8086\n"}))
    assert has_nvidia(host({f"{PCI}/0000:00:01.0/vendor": "0x8086\n", f"{PCI}/0000:01:00.0/vendor": "0x10DE\n"}))


def test_against_the_real_package() -> None:
    real = pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
    for name in (
        "nvmlInit", "nvmlShutdown", "nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex", "nvmlDeviceGetMinorNumber",
        "nvmlDeviceGetUUID", "nvmlDeviceGetName", "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetSamples",
        "nvmlDeviceGetUtilizationRates", "nvmlDeviceGetComputeRunningProcesses",
        "nvmlDeviceGetGraphicsRunningProcesses", "NVML_GPU_UTILIZATION_SAMPLES", "NVMLError",
    ):  # fmt: skip
        assert hasattr(real, name), name
