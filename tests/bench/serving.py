"""``cadvcli serve`` as it runs for real: the CPU of a scrape, a scrape beside a big answer, memory, and latency."""

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.table import Row
from tests.cgroups import Cgroups, why_not
from tests.conftest import command, environment

GROUPS = 1000
#: How big the other answer is, in bytes.
ENCODED = 20_000_000
ROUNDS = 9


class Server:
    """A running ``cadvcli serve``."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid = process.pid
        self.port = port

    def get(self, path: str, body: bytes | None = None) -> bytes:
        """The answer to a GET, or to a POST of ``body``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET" if body is None else "POST", path, body)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text[:200]!r}")
        return text

    def cpu_ns(self) -> int:
        """CPU time of all of its threads so far, from schedstat: it counts nanoseconds, stat only ticks."""
        paths = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(path.read_text().split()[0]) for path in paths)

    def rss(self) -> int:
        """Its resident memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])


@contextmanager
def served(*arguments: str) -> Iterator[Server]:
    """A server of ours on a free port, ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [command(), "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL, env=environment())
    server = Server(process, port)
    try:
        for _ in range(600):
            try:
                server.get("/healthz")
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"cadvcli serve ended with status {process.returncode}") from None
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def slab() -> int:
    """The kernel's own memory in bytes."""
    return 1024 * int(Path("/proc/meminfo").read_text().partition("\nSlab:")[2].split()[0])


def rows() -> Iterator[Row]:
    """Scrapes of 1,000 plain groups, alone and beside a big answer; what the server weighs."""
    if why_not() is not None:
        return
    with Cgroups("/cadvcli-bench") as cgroups:
        for number in range(GROUPS):
            cgroups.make(f"c{number}")
        before = slab()
        # Nothing but the scrapes samples.
        quiet = ("--housekeeping-interval=1h", "--max-housekeeping-interval=1h", "--storage-duration=1h")
        with served(*quiet) as server:
            page = server.get("/metrics?max_age=0s")
            cpu, wall = scraped(server)
            remark = f"{page.count(b'cadvcli-bench') / GROUPS:.0f} series each, {len(page) / 1e6:.1f} MB"
            yield Row(f"{GROUPS} plain groups: CPU of a fresh /metrics", cpu, "ms", 200, remark)
            yield Row(f"{GROUPS} plain groups: wall time of it", wall, "ms")
            yield from beside(server)
            yield Row("RSS", server.rss() / 1e6, "MB", None, f"{GROUPS} groups, some 25 samples each")
            yield Row("Slab: more since the server runs", (slab() - before) / 1e6, "MB", None, "the whole machine's")


def scraped(server: Server) -> tuple[float, float]:
    """CPU and wall milliseconds of a fresh page, medians."""
    cpu, wall = [], []
    for _ in range(ROUNDS):
        began, used = time.perf_counter_ns(), server.cpu_ns()
        server.get("/metrics?max_age=0s")
        wall.append((time.perf_counter_ns() - began) / 1e6)
        cpu.append((server.cpu_ns() - used) / 1e6)
    return median(cpu), median(wall)


def beside(server: Server) -> Iterator[Row]:
    """The same page while another answer is being encoded."""
    path = "/api/v1.3/subcontainers/cadvcli-bench"
    one, two = (len(server.get(path, json.dumps({"num_stats": count}).encode())) for count in (1, 2))
    count = 1 + -(-(ENCODED - one) // (two - one))
    asked = json.dumps({"num_stats": count}).encode()
    for _ in range(count):
        timed(server)
    alone, together, overtaken = [], [], 0
    with ThreadPoolExecutor(1) as other:
        for _ in range(5):
            alone.append(timed(server))
            encoding = other.submit(server.get, path, asked)
            time.sleep(0.02)
            together.append(timed(server))
            overtaken += encoding.done()
            answer = encoding.result()
    remark = f"{len(answer) / 1e6:.0f} MB" + (f", {overtaken} of 5 done before the page" if overtaken else "")
    yield Row("  alone, before it", median(alone), "ms")
    yield Row("  beside an answer that is being encoded", median(together) / median(alone), "x", 2, remark)


def timed(server: Server) -> float:
    """Wall milliseconds of a fresh page."""
    began = time.perf_counter_ns()
    server.get("/metrics?max_age=0s")
    return (time.perf_counter_ns() - began) / 1e6


def latency() -> Iterator[Row]:
    """How long a new group takes to show in /metrics and among the events, and one that ended to be gone."""
    if why_not() is not None:
        return
    with Cgroups("/cadvcli-bench") as cgroups, served() as server:
        came, went = [], []
        for number in range(ROUNDS):
            group = cgroups.make(f"c{number}")
            came.append(until(server, group.name, True))
            cgroups.remove(group)
            went.append(until(server, group.name, False))
        yield Row("a new group is in /metrics after", median(came), "ms", 200, f"at worst {max(came):.0f}")
        yield Row("a group that ended is gone after", median(went), "ms", 200, f"at worst {max(went):.0f}")
    with Cgroups("/cadvcli-bench") as cgroups:
        yield Row("an event of a new group after", median(heard(cgroups)), "ms", 200)


def until(server: Server, name: str, there: bool) -> float:
    """Milliseconds until the page names a group, or no longer does."""
    began = time.perf_counter_ns()
    wanted = f'id="{name}"'.encode()
    while (wanted in server.get("/metrics")) is not there:
        if time.perf_counter_ns() - began > 10e9:
            raise SystemExit(f"{name} is not {'there' if there else 'gone'} after ten seconds")
    return (time.perf_counter_ns() - began) / 1e6


def heard(cgroups: Cgroups) -> list[float]:
    """Milliseconds until ``watch --events`` prints the line of a new group."""
    argv = [command(), "watch", "--events", "--raw", "-o", "jsonl"]
    watching = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
    assert watching.stdout
    took = []
    try:
        # It has its watches when the first group made after its start is heard of.
        awaited(watching, cgroups, "first")
        for number in range(ROUNDS):
            name = f"e{number}"
            began = time.perf_counter_ns()
            cgroups.make(name)
            while f"/{name}\"".encode() not in (line := watching.stdout.readline()):
                assert line
            took.append((time.perf_counter_ns() - began) / 1e6)
    finally:
        watching.terminate()
        watching.wait(10)
    return took


def awaited(watching: subprocess.Popen[bytes], cgroups: Cgroups, name: str) -> None:
    """Make groups until one of them is told."""
    assert watching.stdout
    os.set_blocking(watching.stdout.fileno(), False)
    for number in range(200):
        cgroups.make(f"{name}{number}")
        time.sleep(0.05)
        if name.encode() in (watching.stdout.read() or b""):
            break
    time.sleep(0.2)
    watching.stdout.read()
    os.set_blocking(watching.stdout.fileno(), True)
