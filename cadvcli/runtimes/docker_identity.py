"""The Identity that Docker's words make, as ``docker_wire`` has them. Pure; Podman's use it too."""

import re
from collections.abc import Iterable, Mapping

from cadvcli.model.clock import SECOND, parse_rfc3339
from cadvcli.model.identity import Identity, Port
from cadvcli.runtimes.docker_wire import (
    Binding,
    Config,
    GraphDriver,
    HostConfig,
    Inspected,
    Listed,
    ListedPort,
    Mount,
    State,
)

#: The states in which the exit code is that of a process that ended; in the others Docker writes a 0.
ENDED = frozenset({"exited", "dead", "restarting", "removing"})
#: The end of the year 9999: what a time in text can hold.
LAST_SECOND = 253_402_300_800


def identity_of_listed(one: Listed, runtime: str, others: Mapping[str, Listed]) -> Identity:
    """The Identity that an element of the list makes; ``others`` are all of them by id."""
    mode = network_mode(one.host_config)
    peer = others.get(mode.removeprefix("container:"))
    name, status = _own_name(one.names) or one.id, one.status or ""
    exited = re.match(r"(?:Exited|Restarting) \((-?\d{1,10})\)", status)
    health = re.search(r"\((?:health: )?(healthy|unhealthy|starting)\)", status)
    return Identity(
        runtime=runtime,
        name=name,
        id=one.id,
        namespace=runtime,
        aliases=(name, one.id),
        image=one.image or None,
        image_id=one.image_id or None,
        labels=one.labels or {},
        command=one.command,
        created_ns=one.created * SECOND if one.created and 0 < one.created < LAST_SECOND else None,
        state=one.state or None,
        status=status or None,
        exit_code=int(exited[1]) if exited else None,
        health=health[1] if health else None,
        network_mode=mode,
        ip_address=address(peer or one),
        ports=_listed_ports(one.ports or ()),
        host_paths=_volumes(one.mounts),
        complete=False,
    )


def identity_of_inspected(
    one: Inspected, runtime: str, container_id: str, env_prefixes: Iterable[str], peer: Inspected | None = None
) -> Identity:
    """The Identity that an inspect makes; files don't say the id. ``peer`` is the container whose network it shares."""
    mode, networks = network_mode(one.host_config), one.network_settings
    config, state = one.config or Config(), one.state or State()
    container_id = one.id or container_id
    name = (one.name or "").removeprefix("/") or container_id
    word = state.status or state_word(state)
    return Identity(
        runtime=runtime,
        name=name,
        id=container_id,
        namespace=runtime,
        aliases=(name, container_id),
        image=config.image or None,
        image_id=one.image or None,
        labels=config.labels or {},
        envs=environment(config.env or (), env_prefixes),
        command=command(one.path, one.args or ()),
        created_ns=parse_rfc3339(one.created or ""),
        started_ns=parse_rfc3339(state.started_at or ""),
        finished_ns=parse_rfc3339(state.finished_at or ""),
        state=word,
        exit_code=state.exit_code if word in ENDED else None,
        oom_killed=state.oom_killed,
        health=_health(state),
        restart_count=one.restart_count,
        pid=state.pid or None,
        network_mode=mode,
        ip_address=address(peer or one),
        ports=_bound_ports((networks.ports if networks else None) or {}),
        host_paths=_layers(one.graph_driver) + _volumes(one.mounts),
        layer=((one.graph_driver.data if one.graph_driver else None) or {}).get("UpperDir", ""),
        log_dir=own_folder(one, container_id),
    )


def state_word(state: State) -> str:
    """The state in Docker's word, from the flags, as the daemon itself makes it."""
    if state.running:
        return "paused" if state.paused else "restarting" if state.restarting else "running"
    if state.removing:
        return "removing"
    if state.dead:
        return "dead"
    return "exited" if parse_rfc3339(state.started_at or "") else "created"


def command(path: str | None, arguments: Iterable[str]) -> str | None:
    """The command line as Docker's list writes it: what has a blank stands in quotes."""
    if path is None:
        return None
    return " ".join([path, *(f"'{word}'" if " " in word else word for word in arguments)])


def environment(variables: Iterable[str], prefixes: Iterable[str]) -> dict[str, str]:
    """The variables whose name starts with a prefix, the names in lower case as cAdvisor has them."""
    wanted = tuple(prefix for prefix in prefixes if prefix)
    split = (variable.partition("=") for variable in variables)
    return {key.lower(): value for key, equals, value in split if equals and key.startswith(wanted)}


def network_mode(host_config: HostConfig | None) -> str:
    """Docker's word for where the network comes from: a network's name, host, none or container:ID."""
    return (host_config.network_mode if host_config else None) or ""


def network_peer(one: Inspected) -> str:
    """The id or name of the container whose network this one shares, empty if it has a network of its own."""
    found = re.fullmatch(r"container:([A-Za-z0-9][\w.-]*)", network_mode(one.host_config), re.ASCII)
    return found[1] if found else ""


def address(one: Listed | Inspected) -> str:
    """The IP address in the network that the mode names, else in the first that gave one; empty if there is none."""
    mode = network_mode(one.host_config)
    known = (one.network_settings.networks if one.network_settings else None) or {}
    # Up to Docker 26 the mode of the standard network is "default" and the network's name "bridge".
    ordered = [known.get("bridge" if mode == "default" else mode), *known.values()]
    return next((place.ip_address for place in ordered if place and place.ip_address), "")


def _own_name(names: list[str] | None) -> str:
    """The container's own name. With --link others' names for it stand there too: `/other/alias`."""
    plain = [name.removeprefix("/") for name in names or ()]
    return min(plain, key=lambda name: name.count("/"), default="")


def _health(state: State) -> str | None:
    status = state.health.status if state.health else None
    return None if status in (None, "", "none") else status


def _listed_ports(ports: Iterable[ListedPort]) -> tuple[Port, ...]:
    made = (
        Port(
            container_port=port.private_port,
            protocol=port.type or "tcp",
            host_ip=port.ip or "",
            host_port=port.public_port or 0,
        )
        for port in ports
    )
    return tuple(sorted(made, key=_order))


def _bound_ports(ports: Mapping[str, list[Binding] | None]) -> tuple[Port, ...]:
    made: list[Port] = []
    for name, bindings in ports.items():
        number, _, protocol = name.partition("/")
        for binding in bindings or (Binding(),):
            made.append(
                Port(
                    container_port=_number(number),
                    protocol=protocol or "tcp",
                    host_ip=binding.host_ip or "",
                    host_port=_number(binding.host_port),
                )
            )
    return tuple(sorted(made, key=_order))


def _order(port: Port) -> tuple[int, str, str, int]:
    return port.container_port, port.protocol, port.host_ip, port.host_port


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,5}", text) else 0


def own_folder(one: Inspected, container_id: str) -> str:
    """``<data root>/containers/<id>``, where the log and the settings are; empty if none of its files is named.

    A container in another's network has the other's files of host names.
    """
    for file in (one.log_path, one.hostname_path, one.resolv_conf_path):
        folder = (file or "").rpartition("/")[0]
        if folder.endswith("/containers/" + container_id):
            return folder
    return ""


def _layers(driver: GraphDriver | None) -> tuple[str, ...]:
    """The folders that hold the container's writable layer and its whole tree, by drivers that have such."""
    data = (driver.data if driver else None) or {}
    return tuple(data[key] for key in ("UpperDir", "WorkDir", "MergedDir") if data.get(key))


def _volumes(mounts: list[Mount] | None) -> tuple[str, ...]:
    return tuple(mount.source for mount in mounts or () if mount.source and mount.type == "volume")
