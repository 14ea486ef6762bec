"""What Docker says of a container, as far as we read it.

Three forms: an element of GET /containers/json, the answer to GET /containers/ID/json, and the files config.v2.json
and hostconfig.json that the daemon keeps, which say almost the same as the second. Every field may be missing or null:
versions from 1.24 on differ, and Podman's answers more so.
"""

import re
from threading import Lock
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")

_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_making = Lock()


class Endpoint(Struct, kw_only=True):
    """A container's place in one network."""

    ip_address: str | None = field(default=None, name="IPAddress")


class Binding(Struct, kw_only=True, rename="pascal"):
    """Where a port is published."""

    host_ip: str | None = None
    host_port: str | None = None


class Networks(Struct, kw_only=True, rename="pascal"):
    """NetworkSettings."""

    networks: dict[str, Endpoint | None] | None = None
    ports: dict[str, list[Binding] | None] | None = None


class HostConfig(Struct, kw_only=True, rename="pascal"):
    """HostConfig, and hostconfig.json."""

    network_mode: str | None = None


class Mount(Struct, kw_only=True, rename="pascal"):
    """Something mounted into the container; ``type`` is bind, volume or tmpfs."""

    type: str | None = None
    source: str | None = None


class ListedPort(Struct, kw_only=True, rename="pascal"):
    """A port as the list has it."""

    private_port: int = 0
    public_port: int | None = None
    ip: str | None = field(default=None, name="IP")
    type: str | None = None


class Listed(Struct, kw_only=True, rename="pascal"):
    """An element of GET /containers/json."""

    id: str
    names: list[str] | None = None
    image: str | None = None
    image_id: str | None = field(default=None, name="ImageID")
    command: str | None = None
    created: int | None = None
    ports: list[ListedPort] | None = None
    labels: dict[str, str] | None = None
    state: str | None = None
    status: str | None = None
    host_config: HostConfig | None = None
    network_settings: Networks | None = None
    mounts: list[Mount] | None = None


class Health(Struct, kw_only=True, rename="pascal"):
    """The result of the container's health checks."""

    status: str | None = None


class State(Struct, kw_only=True, rename="pascal"):
    """The container's state. The files have the flags alone, without ``status``."""

    status: str | None = None
    running: bool = False
    paused: bool = False
    restarting: bool = False
    dead: bool = False
    removing: bool = field(default=False, name="RemovalInProgress")
    oom_killed: bool | None = field(default=None, name="OOMKilled")
    pid: int | None = None
    exit_code: int | None = None
    started_at: str | None = None
    finished_at: str | None = None
    health: Health | None = None


class Config(Struct, kw_only=True, rename="pascal"):
    """What the container was made from."""

    image: str | None = None
    env: list[str] | None = None
    labels: dict[str, str] | None = None


class GraphDriver(Struct, kw_only=True, rename="pascal"):
    """Where the storage driver has the container's layers."""

    name: str | None = None
    data: dict[str, str] | None = None


class Inspected(Struct, kw_only=True, rename="pascal"):
    """The answer to GET /containers/ID/json, and config.v2.json."""

    id: str | None = None
    name: str | None = None
    created: str | None = None
    path: str | None = None
    args: list[str] | None = None
    image: str | None = None
    restart_count: int | None = None
    state: State | None = None
    config: Config | None = None
    host_config: HostConfig | None = None
    network_settings: Networks | None = None
    mounts: list[Mount] | None = None
    graph_driver: GraphDriver | None = None
    driver: str | None = None
    log_path: str | None = None
    hostname_path: str | None = None
    resolv_conf_path: str | None = None


class Cached(Struct, kw_only=True, rename="pascal"):
    """A record of the build cache; one that is shared is a layer of an image."""

    size: int = 0
    shared: bool = False


class DiskUsage(Struct, kw_only=True, rename="pascal"):
    """The answer to GET /system/df."""

    layers_size: int | None = None
    build_cache: list[Cached] | None = None


class _Named(Struct, rename="pascal"):
    id: str


def decoder(form: type[T]) -> msgspec.json.Decoder[T]:
    """What reads JSON as ``form``, made once.

    msgspec 0.21 works out a Struct when a decoder first needs it. Two threads that do so at once crash the
    interpreter, and the threads that ask the daemon begin together.
    """
    with _making:
        if form not in _decoders:
            _decoders[form] = msgspec.json.Decoder(form)
        return _decoders[form]


def decode(body: bytes, form: type[T]) -> T:
    """The JSON as ``form``. What isn't UTF-8 is replaced. msgspec.DecodeError if it is no such thing."""
    try:
        return decoder(form).decode(body)
    except msgspec.ValidationError:
        raise
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Bytes that aren't UTF-8, and halves of surrogate pairs, which JSON can spell and no text can hold.
        text = re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", r"\\ufffd", body.decode("utf-8", "replace"))
        return decoder(form).decode(text)


def listed(body: bytes) -> list[Listed]:
    """The elements of a list. One with a field of a strange type keeps its id alone, so that the others stay."""
    return [_element(bytes(raw)) for raw in decode(body, list[msgspec.Raw])]


def _element(raw: bytes) -> Listed:
    try:
        return decode(raw, Listed)
    except msgspec.ValidationError:
        return Listed(id=decode(raw, _Named).id)
