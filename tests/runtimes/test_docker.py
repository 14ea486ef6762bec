"""The runtime `docker`: on recorded machines, with a daemon in trouble, and with a real one."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cadvcli.errors import RuntimeUnavailable
from cadvcli.host import Host
from cadvcli.model.clock import SECOND, parse_rfc3339
from cadvcli.model.identity import Identity, Port
from cadvcli.runtimes import Docker, RuntimeSettings
from cadvcli.runtimes.runtime import Used
from tests.dockerd import Dockerd
from tests.fakes.docker import Behaviour, FakeDocker
from tests.recorded import Recording
from tests.runtimes.paths import ID, PATHS, POD

MakeHost = Callable[[dict[str, str | bytes]], Host]
Find = Callable[[str], Recording]

ROOT = "/var/lib/docker"
WEB = "0bc2c5d212a92c1127db516d68f3ba7192179adcd67d8b2296561b43b637ecc7"
NETPEER = "5052cc7dd4a6e3dfeb056dcf934f4bb129839f07a3a6d072d9c1212b9f73f65f"


@pytest.fixture
def fake(recording: Find) -> Iterator[FakeDocker]:
    with FakeDocker.of(recording("docker-v1")) as daemon:
        yield daemon


def docker_at(daemon: FakeDocker | Dockerd, host: Host | None = None, **settings: Any) -> Docker:
    return Docker(host or Host("/nonexistent"), RuntimeSettings(docker=daemon.endpoint, **settings))


def described(docker: Docker, container_id: str, cgroup: str = "") -> Identity:
    identity = docker.describe(container_id, cgroup)
    assert identity is not None
    return identity


# -- claims


@pytest.mark.parametrize(("owner", "path"), PATHS, ids=[path for _, path in PATHS])
def test_dockers_forms_and_bare_ids_are_claimed(owner: str, path: str) -> None:
    claimed = Docker(Host("/nonexistent"), RuntimeSettings()).claims(path)
    assert claimed == (ID if owner in ("docker", "anyone") else None)


# -- a recorded daemon


def test_one_question_names_every_container(fake: FakeDocker) -> None:
    docker = docker_at(fake)
    names = [identity.name for identity in docker.list()]
    assert names == ["done", "paused", "sleepy", "pinned", "hostnet", "netpeer", "writer", "burner", "web"]
    assert fake.asked == ["/_ping", "/v1.41/containers/json?all=1"]
    docker.close()


def test_the_list_tells_all_but_what_only_an_inspect_has(fake: FakeDocker) -> None:
    docker = docker_at(fake)
    web = {identity.name: identity for identity in docker.list()}["web"]
    assert web == Identity(
        runtime="docker",
        name="web",
        id=WEB,
        namespace="docker",
        aliases=("web", WEB),
        image="busybox:latest",
        image_id="sha256:37098e05963bd4bf942a6fc92bdfe7ce02323d8fd3febbb9c8156008919c7339",
        labels={"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "tier": "front"},
        command="sh -c 'mkdir -p /www; echo hello > /www/index.html; httpd -f -p 80 -h /www'",
        created_ns=1795458460 * SECOND,
        state="paused",
        status="Up About a minute (Paused)",
        network_mode="default",
        ip_address="172.17.0.2",
        ports=(Port(container_port=80, host_ip="127.0.0.1", host_port=18080),),
        complete=False,
    )
    docker.close()


def test_an_inspect_tells_the_rest(fake: FakeDocker) -> None:
    docker = docker_at(fake, env_prefixes=("APP_",))
    listed = {identity.name: identity for identity in docker.list()}
    web, done, sleepy = (described(docker, listed[name].id or "") for name in ("web", "done", "sleepy"))
    assert web.complete
    assert web.envs == {"app_env": "prod"}
    assert web.created_ns == parse_rfc3339("2026-11-23T18:27:40.168677644Z")
    assert web.started_ns == parse_rfc3339("2026-11-23T18:27:40.698947821Z")
    assert (web.pid, web.state, web.exit_code, web.restart_count, web.oom_killed) == (13145, "paused", None, 0, False)
    assert any(path.endswith("/merged") for path in web.host_paths)
    assert web.layer == f"{ROOT}/overlay2/fb55938496b6ff68174efc7b98f2b76ae98f56fd2c85fd964514f86cddacf76e/diff"
    assert web.log_dir == f"{ROOT}/containers/{WEB}"
    assert (done.state, done.exit_code, done.pid) == ("exited", 7, None)
    assert (sleepy.state, sleepy.exit_code, sleepy.restart_count) == ("exited", 3, 3)
    docker.close()


@pytest.mark.parametrize("machine", ["docker-v1", "mixed-v2"])
def test_list_and_inspect_agree_on_what_both_tell(recording: Find, machine: str) -> None:
    with FakeDocker.of(recording(machine)) as daemon:
        docker = docker_at(daemon)
        listed = docker.list()
        assert listed
        for one in listed:
            inspect = described(docker, one.id or "")
            for field in ("name", "id", "aliases", "image", "image_id", "labels", "command", "state", "network_mode"):
                assert getattr(one, field) == getattr(inspect, field), (one.name, field)
            assert (one.ip_address, one.ports) == (inspect.ip_address, inspect.ports), one.name
            assert one.created_ns == (inspect.created_ns or 0) // SECOND * SECOND
            if one.exit_code is not None:
                assert one.exit_code == inspect.exit_code
        docker.close()


def test_identities_are_what_cadvisor_said_of_the_same_machine(recording: Find) -> None:
    machine = recording("docker-v1")
    with FakeDocker.of(machine) as daemon:
        docker = docker_at(daemon)
        theirs: dict[str, Any] = machine.answer("cadvisor/v1.2-docker.json")
        assert len(theirs) > 5
        for path, said in theirs.items():
            claimed = docker.claims(path)
            assert claimed == said["id"]
            ours = described(docker, claimed or "", path)
            # cAdvisor: restart counts stand among the labels.
            labels = {key: value for key, value in said["spec"].get("labels", {}).items() if key != "restartcount"}
            assert list(ours.aliases) == said["aliases"]
            assert (ours.namespace, ours.labels, ours.image) == (said["namespace"], labels, said["spec"]["image"])
            assert ours.created_ns == parse_rfc3339(said["spec"]["creation_time"])
        docker.close()


def test_a_container_in_anothers_network_has_its_address(fake: FakeDocker) -> None:
    docker = docker_at(fake)
    netpeer = described(docker, NETPEER)
    assert (netpeer.network_mode, netpeer.ip_address) == (f"container:{WEB}", "172.17.0.2")
    docker.close()


@pytest.mark.parametrize("api_version", ["1.24", "1.40", "1.44", "1.52"])
def test_every_api_version_names_the_containers(recording: Find, api_version: str) -> None:
    with FakeDocker.of(recording("docker-v1"), api_version) as daemon:
        docker = docker_at(daemon)
        assert len(docker.list()) == 9
        assert described(docker, WEB).name == "web"
        assert docker.available() is None
        docker.close()


def test_an_id_that_the_daemon_does_not_know_is_not_dockers(fake: FakeDocker) -> None:
    docker = docker_at(fake)
    assert docker.describe(ID, f"/docker/{POD}/docker/{ID}") is None
    assert docker.describe("../../info") is None
    docker.close()


def test_hostile_names_and_labels_come_through_as_they_are() -> None:
    name, key = "/x\n\x1b[31m\0" + "y" * 4000, 'a"b\\c{}\r\n'
    one = {"Id": ID, "Name": name, "Config": {"Labels": {key: "v\x7f"}, "Image": "\u202e", "Env": ["", "=", "A"]}}
    with FakeDocker([{"Id": ID, "Names": [name], "Labels": {key: "v\x7f"}}], [one]) as daemon:
        docker = docker_at(daemon, env_prefixes=("A", "="))
        for identity in (docker.list()[0], described(docker, ID)):
            assert identity.name == name[1:]
            assert identity.labels == {key: "v\x7f"}
        docker.close()


# -- a daemon in trouble


CONFIG = {
    "ID": WEB,
    "Name": "/web",
    "Created": "2026-11-23T18:27:40.168677644Z",
    "Path": "sleep",
    "Args": ["1"],
    "RestartCount": 2,
    "Config": {"Image": "busybox:latest", "Labels": {"tier": "front"}, "Env": ["APP_ENV=prod"]},
    "State": {"Running": True, "Pid": 13145, "StartedAt": "2026-11-23T18:27:40.698947821Z"},
}


@pytest.fixture
def machine(host: MakeHost) -> Host:
    """A machine with the daemon's files of one container, which runs."""
    folder = f"{ROOT}/containers/{WEB}"
    return host(
        {
            f"{folder}/config.v2.json": json.dumps(CONFIG),
            f"{folder}/hostconfig.json": '{"NetworkMode":"default"}',
            "/proc/13145/cgroup": f"4:memory:/docker/{WEB}\n",
        }
    )


TROUBLE: tuple[Behaviour, ...] = ("hang", "drip", "half", "close", "error", "page", "garbage")


@pytest.mark.parametrize("behaviour", TROUBLE)
def test_whatever_the_daemon_does_its_files_tell(fake: FakeDocker, machine: Host, behaviour: Behaviour) -> None:
    fake.behave = behaviour
    docker = docker_at(fake, machine, timeout_seconds=0.1, env_prefixes=("APP_",))
    web = described(docker, WEB, f"/docker/{WEB}")
    assert (web.name, web.image, web.labels) == ("web", "busybox:latest", {"tier": "front"})
    assert web.envs == {"app_env": "prod"}
    assert (web.state, web.pid, web.restart_count, web.network_mode) == ("running", 13145, 2, "default")
    assert not web.complete
    assert [identity.name for identity in docker.list()] == ["web"]
    assert docker.available() is not None
    docker.close()


@pytest.mark.parametrize("behaviour", TROUBLE)
def test_without_files_the_path_tells_the_id(fake: FakeDocker, behaviour: Behaviour) -> None:
    fake.behave = behaviour
    docker = docker_at(fake, timeout_seconds=0.1)
    web = described(docker, WEB, f"/docker/{WEB}")
    assert (web.name, web.id, web.aliases, web.complete) == (WEB, WEB, (WEB,), False)
    with pytest.raises(RuntimeUnavailable):
        docker.list()
    docker.close()


def test_a_container_that_is_busy_is_named_by_the_list_and_costs_the_others_nothing(
    fake: FakeDocker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fake.busy = WEB
    docker = docker_at(fake, timeout_seconds=0.2)
    for _ in range(3):
        web = described(docker, WEB)
        assert (web.name, web.image, web.complete) == ("web", "busybox:latest", False)
    assert fake.asked.count(f"/v1.41/containers/{WEB}/json") == 1
    peer = described(docker, NETPEER)
    assert (peer.name, peer.complete) == ("netpeer", True)
    assert caplog.records == []
    docker.close()


def test_trouble_is_said_once_with_what_happens_instead(
    fake: FakeDocker, machine: Host, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fake.stop()
    docker = docker_at(fake, machine)
    for _ in range(3):
        docker.list()
        docker.describe(WEB, f"/docker/{WEB}")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", f"docker: nothing listens at {fake.path}: is Docker running? (names come from {ROOT})")
    ]
    docker.close()


def test_a_container_that_neither_daemon_nor_files_know_is_not_dockers(fake: FakeDocker, machine: Host) -> None:
    fake.stop()
    docker = docker_at(fake, machine)
    assert docker.describe(ID, f"/k8s.io/{ID}") is None
    docker.close()


def test_broken_files_cost_the_name_alone(fake: FakeDocker, machine: Host) -> None:
    Path(machine.path(f"{ROOT}/containers/{WEB}/config.v2.json")).write_text('{"Na')
    fake.stop()
    docker = docker_at(fake, machine)
    assert described(docker, WEB, f"/docker/{WEB}").name == WEB
    assert [identity.name for identity in docker.list()] == [WEB]
    docker.close()


def test_files_that_this_user_may_not_read_leave_the_id(fake: FakeDocker, machine: Host) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody who may not")
    fake.stop()
    docker = docker_at(fake, machine)
    os.chmod(machine.path(ROOT), 0o710)
    os.seteuid(65534)
    try:
        assert described(docker, WEB, f"/docker/{WEB}").name == WEB
        with pytest.raises(RuntimeUnavailable):
            docker.list()
    finally:
        os.seteuid(0)
    docker.close()


def test_with_an_empty_endpoint_docker_is_left_out(machine: Host, caplog: pytest.LogCaptureFixture) -> None:
    docker = Docker(machine, RuntimeSettings(docker=""))
    assert docker.claims(f"/docker/{WEB}") is None
    assert docker.describe(WEB, f"/docker/{WEB}") is None
    assert docker.list() == []
    assert "--docker" in (docker.available() or "")
    assert caplog.records == []


def test_where_docker_is_not_installed_nothing_is_said_and_nothing_is_there(
    host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    docker = Docker(host({"/etc/hostname": "x"}), RuntimeSettings())
    assert docker.list() == []
    assert docker.describe(ID, f"/k8s.io/{ID}") is None
    assert caplog.records == []


def test_a_daemon_that_was_stopped_still_has_its_containers_listed_without_a_word(
    machine: Host, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    Path(machine.path("/proc/13145/cgroup")).unlink()
    docker = Docker(machine, RuntimeSettings())
    assert [(identity.name, identity.state) for identity in docker.list()] == [("web", "exited")]
    assert caplog.records == []


def test_an_inspect_that_makes_no_sense_leaves_what_the_list_says(fake: FakeDocker) -> None:
    fake.inspect_answers[WEB] = b'{"Name":5}'
    docker = docker_at(fake)
    web = described(docker, WEB)
    assert (web.name, web.complete) == ("web", False)
    docker.close()


def test_a_list_that_makes_no_sense_is_trouble_like_any_other(fake: FakeDocker, machine: Host) -> None:
    fake.list_answer = b'[{"Id":5}]'
    docker = docker_at(fake, machine)
    assert [identity.name for identity in docker.list()] == ["web"]
    docker.close()


def test_bytes_that_are_no_text_cost_nothing_else() -> None:
    listed = b'[{"Id":"a","Names":["/\xff"]},{"Id":"b","Names":["/\\udc00"]},{"Id":"c","Names":["/c"]}]'
    with FakeDocker(listed, []) as daemon:
        docker = docker_at(daemon)
        assert [identity.name for identity in docker.list()] == ["\ufffd", "\ufffd", "c"]
        docker.close()


def test_what_images_and_the_build_cache_take(fake: FakeDocker) -> None:
    fake.disk_answer = {
        "LayersSize": 5000,
        "BuildCache": [{"Size": 70, "Shared": False}, {"Size": 900, "Shared": True}],
    }
    docker = docker_at(fake)
    assert docker.used() == Used(image_bytes=5000, build_cache_bytes=70)
    fake.disk_answer = {"LayersSize": None, "BuildCache": None}
    assert docker.used() == Used(image_bytes=0, build_cache_bytes=0)
    fake.disk_answer = None
    assert docker.used() is None
    fake.stop()
    assert docker.used() is None
    docker.close()


# -- a real daemon


@pytest.mark.real
def test_a_real_daemon_tells_of_a_real_container(docker: Dockerd) -> None:
    web = docker.run("web", labels={"tier": "front"}, env={"APP_ENV": "prod"}, memory="64m")
    peer = docker.run("peer", network="container:web")
    ended = docker.run("ended", ["sh", "-c", "exit 7"])
    docker.wait(ended)
    runtime = Docker(Host(), RuntimeSettings(docker=docker.endpoint, docker_root=docker.root, env_prefixes=("APP",)))
    assert runtime.available() is None
    assert {one.name: (one.id, one.state) for one in runtime.list()} == {
        "web": (web, "running"),
        "peer": (peer, "running"),
        "ended": (ended, "exited"),
    }
    identity, said = described(runtime, web), docker.inspect(web)
    assert (identity.envs, identity.labels, identity.pid) == ({"app_env": "prod"}, {"tier": "front"}, docker.pid(web))
    assert identity.started_ns == parse_rfc3339(said["State"]["StartedAt"])
    cgroup = Path(f"/proc/{identity.pid}/cgroup").read_text()
    assert all(runtime.claims(line) == web for line in cgroup.splitlines())
    assert described(runtime, peer).ip_address == identity.ip_address
    assert described(runtime, ended).exit_code == 7
    runtime.close()


@pytest.mark.real
def test_a_real_daemon_that_stops_leaves_its_files_and_is_found_again(docker: Dockerd) -> None:
    web = docker.run("web", labels={"tier": "front"})
    runtime = Docker(Host(), RuntimeSettings(docker=docker.endpoint, docker_root=docker.root))
    before = described(runtime, web)
    docker.stop_daemon()
    try:
        without = described(runtime, web, f"/docker/{web}")
    finally:
        docker.start_daemon()
    for field in ("name", "id", "image", "labels", "command", "created_ns", "started_ns", "state", "pid", "ip_address"):
        assert getattr(without, field) == getattr(before, field), field
    assert not without.complete
    again = Docker(Host(), RuntimeSettings(docker=docker.endpoint, docker_root=docker.root))
    assert described(again, web) == before
    runtime.close()
    again.close()


@pytest.mark.real
def test_a_real_daemon_that_hangs_costs_its_time_out_once(docker: Dockerd) -> None:
    web = docker.run("web")
    runtime = Docker(Host(), RuntimeSettings(docker=docker.endpoint, docker_root=docker.root, timeout_seconds=0.2))
    with docker.hung():
        assert [described(runtime, web).name for _ in range(50)] == ["web"] * 50
    runtime.close()
