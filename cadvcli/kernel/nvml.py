"""NVIDIA's management library, as ``nvidia-ml-py`` speaks to it: the GPUs, what they hold, and who uses them.

The package is the extra ``nvidia``; the library it loads, libnvidia-ml.so.1, comes with the driver. Memory is in bytes,
and a GPU's as a whole. https://docs.nvidia.com/deploy/nvml-api/
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from msgspec import Struct

from cadvcli.errors import HostError
from cadvcli.host import Host

T = TypeVar("T")

PCI = "/sys/bus/pci/devices"
_VENDOR = "0x10de"
#: The duty cycle is the mean of the driver's samples in this time; it keeps about 16 seconds of them.
_WINDOW_USEC = 10_000_000


class Gpu(Struct, frozen=True, kw_only=True):
    """One GPU at one moment. None: this GPU doesn't tell."""

    minor: int | None  #: of /dev/nvidiaN
    uuid: str
    model: str
    memory_total_bytes: int | None
    memory_used_bytes: int | None
    duty_percent: int | None
    pids: frozenset[int]  #: the processes that use it, as the machine numbers them


def has_nvidia(host: Host) -> bool:
    """Whether the machine has a device of NVIDIA's on its PCI bus."""
    return any(
        (host.text(f"{PCI}/{name}/vendor") or "").lower() == _VENDOR for name in host.listdir(PCI) or ()
    )


class Nvml:
    """The library, loaded. HostError says why it can't be."""

    def __init__(self) -> None:
        try:
            self._nvml: Any = import_module("pynvml")
        except ImportError:
            raise HostError("NVIDIA GPU", "needs nvidia-ml-py: pip install 'cadvcli[nvidia]'") from None
        try:
            self._nvml.nvmlInit()
        except self._nvml.NVMLError as error:
            raise HostError("NVIDIA GPU", f"{error}; is the driver loaded?") from None

    def close(self) -> None:
        """Unload it."""
        self._told(self._nvml.nvmlShutdown)

    def gpus(self, wall_ns: int) -> list[Gpu]:
        """The GPUs now. One that doesn't answer is left out."""
        nvml = self._nvml
        found = []
        for index in range(self._told(nvml.nvmlDeviceGetCount) or 0):
            handle = self._told(nvml.nvmlDeviceGetHandleByIndex, index)
            uuid = self._told(nvml.nvmlDeviceGetUUID, handle) if handle is not None else None
            if uuid is None:
                continue
            memory = self._told(nvml.nvmlDeviceGetMemoryInfo, handle)
            found.append(
                Gpu(
                    minor=self._told(nvml.nvmlDeviceGetMinorNumber, handle),
                    uuid=_text(uuid),
                    model=_text(self._told(nvml.nvmlDeviceGetName, handle) or ""),
                    memory_total_bytes=int(memory.total) if memory else None,
                    memory_used_bytes=int(memory.used) if memory else None,
                    duty_percent=self._duty(handle, wall_ns),
                    pids=self._pids(handle),
                )
            )
        return found

    def _duty(self, handle: Any, wall_ns: int) -> int | None:
        """The mean of the last ten seconds; where the driver has no samples, its own mean of the last one or less."""
        nvml = self._nvml
        since = wall_ns // 1000 - _WINDOW_USEC
        found = self._told(nvml.nvmlDeviceGetSamples, handle, nvml.NVML_GPU_UTILIZATION_SAMPLES, since)
        samples = [int(sample.sampleValue.uiVal) for sample in found[1] if sample.timeStamp >= since] if found else []
        if samples:
            return sum(samples) // len(samples)
        rates = self._told(nvml.nvmlDeviceGetUtilizationRates, handle)
        return None if rates is None else int(rates.gpu)

    def _pids(self, handle: Any) -> frozenset[int]:
        nvml = self._nvml
        compute = self._told(nvml.nvmlDeviceGetComputeRunningProcesses, handle) or ()
        graphics = self._told(nvml.nvmlDeviceGetGraphicsRunningProcesses, handle) or ()
        return frozenset(int(process.pid) for process in (*compute, *graphics))

    def _told(self, ask: Callable[..., T], *arguments: Any) -> T | None:
        """The answer; None where this GPU or driver has none."""
        try:
            return ask(*arguments)
        except self._nvml.NVMLError:
            return None


def _text(word: str | bytes) -> str:
    """Older packages answer bytes."""
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else word
