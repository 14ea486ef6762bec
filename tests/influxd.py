"""A real influxd 1.8: built by Go once and kept in a cache folder, started on free ports in a folder of the test's."""

import fcntl
import os
import shutil
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import msgspec
import pytest

VERSION = "1.8.10"
MODULE = f"github.com/influxdata/influxdb/cmd/influxd@v{VERSION}"

CONFIGURATION = """
reporting-disabled = true
bind-address = "127.0.0.1:{backup}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  auth-enabled = {auth}
  flux-enabled = false
  log-enabled = false
  https-enabled = {tls}
  https-certificate = "{folder}/server.crt"
  https-private-key = "{folder}/server.key"
"""


def cache_folder() -> Path:
    """Where servers that take long to build are kept from run to run."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "cadvcli-tests"


def binary() -> Path:
    """The server's binary, built if need be (about a minute); skips the test where that is impossible."""
    cache = cache_folder()
    built = cache / "bin" / f"influxd-{VERSION}"
    if built.exists():
        return built
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        pytest.skip("InfluxDB: no Go here to build influxd with")
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "influxd.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs at once build it once
        if not built.exists():
            _build(go, cache, built)
    return built


def _build(go: str, cache: Path, built: Path) -> None:
    target = cache / "building"
    environment = {**os.environ, "GOPATH": str(cache / "go"), "GOBIN": str(target)}
    environment |= {"GOCACHE": str(cache / "go" / "cache"), "GOFLAGS": "-modcacherw"}
    try:
        done = subprocess.run(
            [go, "install", "-ldflags", f"-X main.version={VERSION}", MODULE],
            env=environment, capture_output=True, text=True, timeout=900, check=False, cwd=cache,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("InfluxDB: building influxd took more than 15 minutes")
    if done.returncode:
        pytest.skip(f"InfluxDB: influxd could not be built: {done.stderr.strip().splitlines()[-1]}")
    built.parent.mkdir(exist_ok=True)
    (target / "influxd").rename(built)
    shutil.rmtree(cache / "go", ignore_errors=True)  # 900 MB of sources that nobody needs again


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_certificate(folder: Path) -> None:
    """``server.crt`` and ``server.key`` for 127.0.0.1, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("TLS: no openssl here to make a certificate with")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.crt"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


class Influxd:
    """One server; ``start`` and ``stop`` may be repeated and keep its data and its port."""

    def __init__(self, folder: Path, auth: bool = False, tls: bool = False) -> None:
        self.port = free_port()
        self.certificate = folder / "server.crt"
        self._tls = tls
        self._folder = folder
        self._program = binary()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if tls:
            make_certificate(folder)
        text = CONFIGURATION.format(
            port=self.port, backup=free_port(), folder=folder, auth=str(auth).lower(), tls=str(tls).lower()
        )
        (folder / "influx.conf").write_text(text)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self._program, "run", "-config", str(self._folder / "influx.conf")], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"influxd did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, kill: bool = False) -> None:
        """End it by its pid; ``kill`` leaves it no time to put anything in order."""
        if self._process is not None:
            if kill:
                self._process.kill()
            else:
                self._process.terminate()
            self._process.wait(30)
            self._process = None

    def query(self, text: str, db: str = "", user: str = "", password: str = "") -> list[dict[str, Any]]:
        """The series that a query answers with."""
        request = Request(f"{self.url}/query", urlencode({"q": text, "db": db, "epoch": "ns"}).encode())
        if user:
            request.add_header("Authorization", "Basic " + b64encode(f"{user}:{password}".encode()).decode())
        with urlopen(request, timeout=30, context=self._trust()) as answer:
            result = msgspec.json.decode(answer.read())["results"][0]
        if "error" in result:
            raise AssertionError(result["error"])
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    def points(self, db: str = "cadvisor") -> dict[tuple[str, tuple[tuple[str, str], ...], int], int]:
        """All that is stored: (measurement, tags, time in ns) to value."""
        found = {}
        for series in self.query("SELECT value FROM /.*/ GROUP BY *", db):
            tags = tuple(sorted((key, text) for key, text in series.get("tags", {}).items() if text))
            for wall_ns, value in series["values"]:
                found[series["name"], tags, wall_ns] = value
        return found

    def _trust(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=str(self.certificate)) if self._tls else None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/ping", timeout=1, context=self._trust()) as answer:
                return bool(answer.status == 204)
        except (URLError, OSError):
            return False
