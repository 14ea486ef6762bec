"""Docker's words as an Identity."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.model.clock import parse_rfc3339
from cadvcli.model.identity import Identity, Port
from cadvcli.runtimes.docker_identity import (
    command,
    environment,
    identity_of_inspected,
    identity_of_listed,
    network_peer,
)
from cadvcli.runtimes.docker_wire import (
    Config,
    Endpoint,
    GraphDriver,
    Health,
    HostConfig,
    Inspected,
    Listed,
    ListedPort,
    Networks,
    State,
    decode,
    listed,
)

FORMS = (Inspected, Listed, State, Config, HostConfig, Networks, Endpoint, ListedPort, Health, GraphDriver)


def inspected(body: str, peer: str | None = None) -> Identity:
    other = decode(peer.encode(), Inspected) if peer else None
    return identity_of_inspected(decode(body.encode(), Inspected), "docker", "abc", (), other)


def of_list(body: str, **others: str) -> Identity:
    containers = {key: decode(value.encode(), Listed) for key, value in others.items()}
    return identity_of_listed(decode(body.encode(), Listed), "docker", containers)


def test_nothing_said_is_nothing_known() -> None:
    identity = inspected("{}")
    assert (identity.name, identity.id, identity.image, identity.labels) == ("abc", "abc", None, {})
    assert (identity.created_ns, identity.started_ns, identity.pid, identity.restart_count) == (None, None, None, None)
    assert (identity.health, identity.exit_code, identity.ip_address, identity.ports) == (None, None, "", ())


@pytest.mark.parametrize(
    ("status", "exit_code", "health"),
    [
        ("Up 58 seconds (Paused)", None, None),
        ("Up About a minute (healthy)", None, "healthy"),
        ("Up 3 hours (unhealthy)", None, "unhealthy"),
        ("Up Less than a second (health: starting)", None, "starting"),
        ("Exited (137) 2 minutes ago", 137, None),
        ("Exited (-1) 2 years ago", -1, None),
        ("Restarting (3) 4 seconds ago", 3, None),
        ("Created", None, None),
        ("Dead", None, None),
        ("Removal In Progress", None, None),
        ("Exited (99999999999999) 2 minutes ago", None, None),
    ],
)
def test_the_lists_status_tells_exit_code_and_health(status: str, exit_code: int | None, health: str | None) -> None:
    identity = of_list(f'{{"Id":"abc","Status":"{status}"}}')
    assert (identity.status, identity.exit_code, identity.health) == (status, exit_code, health)


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ('["/web"]', "web"),
        ('["/db/alias","/web"]', "web"),
        ('["/web","/a/b"]', "web"),
        ("[]", "abc"),
        ("null", "abc"),
        ('[""]', "abc"),
    ],
)
def test_of_several_names_the_containers_own_counts(names: str, name: str) -> None:
    identity = of_list(f'{{"Id":"abc","Names":{names}}}')
    assert (identity.name, identity.aliases) == (name, (name, "abc"))


@pytest.mark.parametrize(
    ("state", "word", "exit_code"),
    [
        ('{"Running":true}', "running", None),
        ('{"Running":true,"Paused":true}', "paused", None),
        ('{"Running":true,"Restarting":true,"ExitCode":3}', "restarting", 3),
        ('{"RemovalInProgress":true,"ExitCode":1}', "removing", 1),
        ('{"Dead":true,"ExitCode":1}', "dead", 1),
        ('{"StartedAt":"2026-11-23T18:27:40.1Z","ExitCode":7}', "exited", 7),
        ('{"StartedAt":"0001-01-01T00:00:00Z","ExitCode":0}', "created", None),
        ('{"Status":"exited","Running":true,"ExitCode":7}', "exited", 7),
    ],
)
def test_without_a_word_the_flags_tell_the_state(state: str, word: str, exit_code: int | None) -> None:
    identity = inspected(f'{{"State":{state}}}')
    assert (identity.state, identity.exit_code) == (word, exit_code)


def test_times_are_nanoseconds_and_the_year_1_is_none() -> None:
    identity = inspected(
        '{"Created":"2026-11-23T18:27:40.168677644Z",'
        '"State":{"StartedAt":"2026-11-23T18:27:40.7Z","FinishedAt":"0001-01-01T00:00:00Z"}}'
    )
    assert identity.created_ns == parse_rfc3339("2026-11-23T18:27:40.168677644Z") == 1795458460168677644
    assert identity.started_ns == 1795458460700000000
    assert identity.finished_ns is None


@pytest.mark.parametrize("created", ["-5", "0", "99999999999999999"])
def test_a_time_that_no_calendar_has_is_unknown(created: str) -> None:
    assert of_list(f'{{"Id":"abc","Created":{created}}}').created_ns is None


def test_no_health_check_is_no_health() -> None:
    assert inspected('{"State":{"Health":{"Status":"none"}}}').health is None
    assert inspected('{"State":{"Health":{"Status":"healthy"}}}').health == "healthy"


def test_the_command_is_written_as_docker_writes_it() -> None:
    assert command("sh", ["-c", "exit 7", ""]) == "sh -c 'exit 7' "
    assert command("sleep", []) == "sleep"
    assert command(None, []) is None


@pytest.mark.parametrize(
    ("prefixes", "kept"),
    [
        ((), {}),
        (("",), {}),
        (("APP_",), {"app_env": "prod=1", "app_": ""}),
        (("app_",), {}),
        (("APP_ENV", "SECRET"), {"app_env": "prod=1", "secret": "x"}),
        (("NOVALUE",), {}),
    ],
)
def test_variables_are_kept_by_prefix_with_lower_case_names(prefixes: tuple[str, ...], kept: dict[str, str]) -> None:
    assert environment(["SECRET=x", "APP_ENV=prod=1", "APP_=", "NOVALUE"], prefixes) == kept


@pytest.mark.parametrize(
    ("mode", "networks", "address"),
    [
        ("default", '{"bridge":{"IPAddress":"172.17.0.2"}}', "172.17.0.2"),
        ("bridge", '{"bridge":{"IPAddress":"172.17.0.2"}}', "172.17.0.2"),
        ("shop", '{"bridge":{"IPAddress":"172.17.0.2"},"shop":{"IPAddress":"10.0.0.2"}}', "10.0.0.2"),
        ("gone", '{"a":null,"b":{"IPAddress":""},"c":{"IPAddress":"10.0.0.3"}}', "10.0.0.3"),
        ("host", '{"host":{"IPAddress":""}}', ""),
        ("none", "{}", ""),
        ("bridge", "null", ""),
    ],
)
def test_the_address_is_the_one_in_the_network_of_the_mode(mode: str, networks: str, address: str) -> None:
    body = f'"HostConfig":{{"NetworkMode":"{mode}"}},"NetworkSettings":{{"Networks":{networks}}}'
    assert inspected(f"{{{body}}}").ip_address == address
    assert of_list(f'{{"Id":"abc",{body}}}').ip_address == address


def test_a_shared_networks_address_is_that_of_its_owner() -> None:
    owner = '{"Id":"web","NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}'
    sharing = '{"Id":"peer","HostConfig":{"NetworkMode":"container:web"},"NetworkSettings":{"Networks":{}}}'
    assert of_list(sharing, web=owner).ip_address == "172.17.0.2"
    assert inspected(sharing, owner).ip_address == "172.17.0.2"
    assert of_list(sharing).ip_address == ""


@pytest.mark.parametrize(
    ("mode", "peer"),
    [("container:web", "web"), ("container:../x", ""), ("container:a b", ""), ("container:", ""), ("bridge", "")],
)
def test_only_what_can_be_a_container_is_a_peer(mode: str, peer: str) -> None:
    assert network_peer(decode(f'{{"HostConfig":{{"NetworkMode":"{mode}"}}}}'.encode(), Inspected)) == peer


def test_ports_of_the_list_and_of_an_inspect_are_the_same() -> None:
    bound = """{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}],
        "53/udp":null,"443/tcp":[],"x/tcp":[{"HostPort":"99999999"}]}"""
    in_list = """[{"PrivatePort":53,"Type":"udp"},{"IP":"::","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
        {"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"PrivatePort":443,"Type":"tcp"},{}]"""
    expected = (
        Port(container_port=0),
        Port(container_port=53, protocol="udp"),
        Port(container_port=80, host_ip="0.0.0.0", host_port=8080),
        Port(container_port=80, host_ip="::", host_port=8080),
        Port(container_port=443),
    )
    assert inspected(f'{{"NetworkSettings":{{"Ports":{bound}}}}}').ports == expected
    assert of_list(f'{{"Id":"abc","Ports":{in_list}}}').ports == expected


def test_folders_of_the_container_are_its_layers_and_volumes_but_no_binds() -> None:
    identity = inspected("""{"GraphDriver":{"Data":{"UpperDir":"/l/diff","MergedDir":"/l/merged","LowerDir":"/x"}},
        "Mounts":[{"Type":"volume","Source":"/v/_data"},{"Type":"bind","Source":"/etc"},{"Type":"tmpfs","Source":""}]}""")
    assert identity.host_paths == ("/l/diff", "/l/merged", "/v/_data")
    assert identity.layer == "/l/diff"


@pytest.mark.parametrize(
    ("said", "folder"),
    [
        ('"LogPath":"/d/containers/ID/ID-json.log"', "/d/containers/ID"),
        ('"LogPath":"","HostnamePath":"/d/containers/ID/hostname"', "/d/containers/ID"),
        ('"HostnamePath":"/d/containers/PEER/hostname","ResolvConfPath":null', ""),
        ('"LogPath":"/elsewhere/x.log"', ""),
    ],
)
def test_the_folder_of_the_log_is_the_containers_own(said: str, folder: str) -> None:
    assert inspected('{"Id":"ID",' + said + "}").log_dir == folder


KEYS = sorted({field.encode_name for form in FORMS for field in msgspec.structs.fields(form)} | {"ID", "80/tcp", "x"})
TEXTS = st.sampled_from(["", "/", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9-23:59", "container:x", "Exited (1)"])
ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | TEXTS
JSON = st.recursive(ATOMS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner))


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_json_of_any_shape_is_an_identity_or_a_decode_error(said: dict[str, object]) -> None:
    body = msgspec.json.encode(said)
    with contextlib.suppress(msgspec.DecodeError):
        identity_of_inspected(decode(body, Inspected), "docker", "abc", ("", "A"))
    with contextlib.suppress(msgspec.DecodeError):
        for one in listed(b"[" + body + b"]"):
            identity_of_listed(one, "docker", {one.id: one})


@given(st.binary())
def test_bytes_of_any_kind_are_an_identity_or_a_decode_error(body: bytes) -> None:
    for whole in (body, b'{"Name":"' + body + b'"}', b'{"Id":"a","Names":["' + body + b'"]}'):
        with contextlib.suppress(msgspec.DecodeError):
            identity_of_inspected(decode(whole, Inspected), "docker", "abc", ())
        with contextlib.suppress(msgspec.DecodeError):
            listed(b"[" + whole + b"]")
