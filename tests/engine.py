"""A client for a real Docker daemon, as far as tests need one: it makes containers and changes them.

Nothing of the product's is in it, so that what the product says can be compared with what was asked for.
"""

import http.client
import io
import json
import os
import shutil
import socket
import struct
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

IMAGE = "busybox:latest"
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


class Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Refused(Exception):
    """The daemon said no; ``status`` is its HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Engine:
    """The daemon behind one socket."""

    def __init__(self, socket_path: str) -> None:
        self.socket = socket_path

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON, or its text where it is none."""
        raw = self.send(method, path, b"" if body is None else json.dumps(body).encode())
        try:
            return json.loads(raw)
        except ValueError:
            return raw.decode(errors="replace")

    def send(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> bytes:
        """The answer's body; Refused if its status is no success."""
        connection = Connection(self.socket)
        try:
            connection.request(method, path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise Refused(response.status, raw.decode(errors="replace").strip())
        return raw

    def import_busybox(self, tag: str = IMAGE) -> None:
        """Make an image of a static busybox without any registry."""
        repository, _, version = tag.partition(":")
        query = urlencode({"fromSrc": "-", "repo": repository, "tag": version or "latest"})
        self.send("POST", f"/images/create?{query}", busybox_tree(), "application/x-tar")

    def create(self, name: str, cmd: Sequence[str] = ("sleep", "100000"), **options: Any) -> str:
        """Make a container and return its id; the options are those of ``settings``."""
        made = self.ask("POST", f"/containers/create?name={quote(name)}", settings(cmd, **options))
        return str(made["Id"])

    def run(self, name: str, cmd: Sequence[str] = ("sleep", "100000"), **options: Any) -> str:
        """Make a container, start it and return its id."""
        container = self.create(name, cmd, **options)
        self.start(container)
        return container

    def start(self, container: str) -> None:
        self.send("POST", f"/containers/{container}/start")

    def stop(self, container: str, seconds: int = 0) -> None:
        self.send("POST", f"/containers/{container}/stop?t={seconds}")

    def restart(self, container: str, seconds: int = 0) -> None:
        self.send("POST", f"/containers/{container}/restart?t={seconds}")

    def kill(self, container: str, signal: str = "KILL") -> None:
        self.send("POST", f"/containers/{container}/kill?signal={signal}")

    def pause(self, container: str) -> None:
        self.send("POST", f"/containers/{container}/pause")

    def unpause(self, container: str) -> None:
        self.send("POST", f"/containers/{container}/unpause")

    def rename(self, container: str, name: str) -> None:
        self.send("POST", f"/containers/{container}/rename?name={quote(name)}")

    def update(self, container: str, **limits: Any) -> None:
        """Change limits, in the API's own words: ``update(web, Memory=1 << 26, MemorySwap=-1)``."""
        self.ask("POST", f"/containers/{container}/update", limits)

    def wait(self, container: str) -> int:
        """The exit code, once the container has ended."""
        return int(self.ask("POST", f"/containers/{container}/wait")["StatusCode"])

    def rm(self, container: str) -> None:
        """Remove the container, running or not, with its volumes."""
        self.send("DELETE", f"/containers/{container}?force=1&v=1")

    def inspect(self, container: str) -> dict[str, Any]:
        """What the daemon says of one container."""
        said: dict[str, Any] = self.ask("GET", f"/containers/{container}/json")
        return said

    def containers(self) -> list[dict[str, Any]]:
        """All containers, running or not."""
        said: list[dict[str, Any]] = self.ask("GET", "/containers/json?all=1")
        return said

    def pid(self, container: str) -> int:
        """The main process of a running container."""
        return int(self.inspect(container)["State"]["Pid"])

    def exec(self, container: str, *cmd: str) -> str:
        """Run a command in the container; what it wrote, once it has ended."""
        wanted = {"Cmd": cmd, "AttachStdout": True, "AttachStderr": True}
        made = self.ask("POST", f"/containers/{container}/exec", wanted)
        raw = self.send("POST", f"/exec/{made['Id']}/start", b'{"Detach": false, "Tty": false}')
        out = b""
        while raw:  # frames: stream number, three zeros, length
            (length,) = struct.unpack(">xxxxI", raw[:8])
            out, raw = out + raw[8 : 8 + length], raw[8 + length :]
        return out.decode(errors="replace")


def settings(
    cmd: Sequence[str],
    *,
    image: str = IMAGE,
    memory: str | int = 0,
    memory_swap: str | int = 0,
    cpus: float = 0,
    cpuset: str = "",
    pids: int = 0,
    env: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    ports: Mapping[int, int] | None = None,
    network: str = "",
    volumes: Sequence[str] = (),
    restart: str = "",
    health: str = "",
    host: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of a create. ``ports`` are container port → port on 127.0.0.1, ``volumes`` source:target,
    ``restart`` as on-failure:3, ``health`` a shell line run each second, ``host`` more of HostConfig as it stands.
    """
    policy, _, retries = restart.partition(":")
    check = {"Test": ["CMD-SHELL", health], "Interval": 10**9, "Timeout": 10**10, "Retries": 1} if health else None
    published = {
        f"{inner}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(outer)}] for inner, outer in (ports or {}).items()
    }
    return {
        "Image": image,
        "Cmd": list(cmd),
        "Env": [f"{key}={value}" for key, value in (env or {}).items()],
        "Labels": dict(labels or {}),
        "ExposedPorts": {port: {} for port in published},
        "StopSignal": "SIGKILL",
        **({"Healthcheck": check} if check else {}),
        "HostConfig": {
            "Memory": size(memory),
            "MemorySwap": size(memory_swap),
            "NanoCpus": int(cpus * 1e9),
            "CpusetCpus": cpuset,
            "PidsLimit": pids or None,
            "NetworkMode": network or "default",
            "PortBindings": published,
            "Binds": list(volumes),
            "RestartPolicy": {"Name": policy, "MaximumRetryCount": int(retries or 0)},
            **(host or {}),
        },
    }


def size(text: str | int) -> int:
    """Bytes of ``64m``."""
    return text if isinstance(text, int) else int(text[:-1]) * UNITS[text[-1]] if text[-1:] in UNITS else int(text)


def busybox_tree() -> bytes:
    """A tar of a root file system: busybox, its applets as links, and the folders a shell wants."""
    busybox = shutil.which("busybox", path=os.defpath) or "/bin/busybox"
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    tree = io.BytesIO()
    with tarfile.open(fileobj=tree, mode="w") as tar:
        for folder in ("bin", "tmp", "etc", "data"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        entry = tar.gettarinfo(busybox, "bin/busybox")
        entry.mode = 0o755
        with open(busybox, "rb") as binary:
            tar.addfile(entry, binary)
        for applet in applets:
            entry = tarfile.TarInfo(f"bin/{applet}")
            if applet != "busybox":
                entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(entry)
        for name, text in (("etc/passwd", b"root:x:0:0:root:/:/bin/sh\n"), ("etc/group", b"root:x:0:\n")):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return tree.getvalue()
