"""A machine's GPUs as the package nvidia-ml-py tells of them: a module ``pynvml`` in a folder, to be found first."""

import json
import sys
from pathlib import Path

import pytest

from cadvcli.kernel.nvml import PCI

MODULE = '''
"""What pynvml has, of GPUs in gpus.json beside it, which is read anew at each question. A null is not supported."""

import json
import pathlib
from types import SimpleNamespace

NVML_GPU_UTILIZATION_SAMPLES = 1


class NVMLError(Exception):
    pass


def _gpus():
    return json.loads(pathlib.Path(__file__).with_name("gpus.json").read_text())


def _of(gpu, name):
    value = _gpus()[gpu][name]
    if value is None:
        raise NVMLError("Not Supported")
    return value


def nvmlInit():
    if _gpus() is None:
        raise NVMLError("Driver Not Loaded")


def nvmlShutdown():
    pathlib.Path(__file__).with_name("shut").touch()


def nvmlDeviceGetCount():
    return len(_gpus())


def nvmlDeviceGetHandleByIndex(index):
    return index


def nvmlDeviceGetMinorNumber(gpu):
    return _of(gpu, "minor")


def nvmlDeviceGetUUID(gpu):
    return _of(gpu, "uuid")


def nvmlDeviceGetName(gpu):
    return _of(gpu, "name").encode()


def nvmlDeviceGetMemoryInfo(gpu):
    total, used = _of(gpu, "memory")
    return SimpleNamespace(total=total, used=used, free=total - used)


def nvmlDeviceGetSamples(gpu, kind, since):
    values = [SimpleNamespace(timeStamp=since, sampleValue=SimpleNamespace(uiVal=each)) for each in _of(gpu, "samples")]
    return 1, [SimpleNamespace(timeStamp=since - 1, sampleValue=SimpleNamespace(uiVal=100)), *values]


def nvmlDeviceGetUtilizationRates(gpu):
    return SimpleNamespace(gpu=_of(gpu, "rate"), memory=0)


def nvmlDeviceGetComputeRunningProcesses(gpu):
    return [SimpleNamespace(pid=pid) for pid in _of(gpu, "pids")]


def nvmlDeviceGetGraphicsRunningProcesses(gpu):
    return []
'''


class FakeNvml:
    """The GPUs of a machine. ``set`` says what they are from the next question on; None: the driver isn't loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "pynvml.py").write_text(MODULE)
        self.set([])

    def set(self, gpus: list[dict[str, object]] | None) -> None:
        """Say what the GPUs are."""
        (self.folder / "gpus.json").write_text(json.dumps(gpus))

    @property
    def was_shut(self) -> bool:
        """Whether the library was unloaded."""
        return (self.folder / "shut").exists()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the package be found here until the test ends."""
        monkeypatch.syspath_prepend(str(self.folder))
        monkeypatch.delitem(sys.modules, "pynvml", raising=False)


def gpu(minor: int | None, pids: tuple[int, ...] = (), **other: object) -> dict[str, object]:
    """A GPU that is busy for 40 % of its time."""
    known = {"uuid": f"GPU-{minor}", "name": "H200", "memory": [1000, 100], "samples": [30, 51], "rate": 7}
    return {"minor": minor, "pids": pids, **known, **other}


def pci_device(root: Path, vendor: str = "0x10de") -> None:
    """Put a device of that vendor on the machine's bus."""
    folder = Path(f"{root}{PCI}/0000:01:00.0")
    folder.mkdir(parents=True)
    (folder / "vendor").write_text(vendor + "\n")
