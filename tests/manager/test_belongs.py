"""Whose a process, a port, an interface or a folder is."""

import os
from contextlib import closing

import pytest
from msgspec import Struct

from cadvcli.errors import PermissionDenied
from cadvcli.host import Host
from cadvcli.manager.manager import Manager
from cadvcli.manager.select import select
from cadvcli.model.identity import Identity, Port, raw
from cadvcli.runtimes import RuntimeSettings, runtimes_for

WEB_ID, DB_ID = "3f2a" * 16, "99bb" * 16


class Known(Struct):
    """A container that may own it."""

    identity: Identity
    name: str = ""
    pid: int | None = None

    def main_pid(self):
        return self.pid


def docker(name, container_id, pid, **more):
    return Known(Identity(runtime="docker", name=name, id=container_id, **more), f"/docker/{container_id}", pid)


WEB = docker("web", WEB_ID, 4312, ports=(Port(container_port=80, host_ip="0.0.0.0", host_port=8080),))
DB = docker("db", DB_ID, 5000, host_paths=("/var/lib/docker/volumes/data/_data",))
KNOWN = [Known(raw("/"), "/"), Known(raw("/docker"), "/docker"), Known(raw("/ssh"), "/ssh"), WEB, DB]

MACHINE = """\
22 1 0:21 / /proc rw - proc proc rw
30 1 8:1 / / rw - ext4 /dev/sda1 rw
31 30 8:2 / /srv rw - ext4 /dev/sda2 rw
"""
TCP = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1161 1 0 100 0 0 10 0\n"
    "   1: 0100007F:1388 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1162 1 0 100 0 0 10 0\n"
)


@pytest.fixture
def machine(host):
    """A machine with two containers, one process of ssh and a pair of interfaces."""
    web = (
        "900 899 0:99 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/abc/diff,workdir=/w\n"
        "901 900 8:2 /site /usr/share/site rw - ext4 /dev/sda2 rw\n"
    )
    return host(
        {
            "/proc/4312/cgroup": f"3:cpu,cpuacct:/docker/{WEB_ID}\n1:name=systemd:/other\n",
            "/proc/4400/cgroup": f"0::/docker/{WEB_ID}/inner/group\n",
            "/proc/77/cgroup": "0::/ssh\n",
            "/proc/1/cgroup": "0::/\n",
            "/proc/self/mountinfo": MACHINE,
            "/proc/1/mountinfo": MACHINE,
            "/proc/4312/mountinfo": web,
            "/proc/5000/mountinfo": "700 1 0:98 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u/diff,workdir=/w\n",
            "/proc/1/net/tcp": TCP,
            "/sys/class/net/veth1a2b/ifindex": "7\n",
            "/sys/class/net/veth1a2b/iflink": "2\n",
            "/sys/class/net/eth0/ifindex": "3\n",
            "/sys/class/net/eth0/iflink": "3\n",
            "/sys/class/net/veth9/ifindex": "9\n",
            "/sys/class/net/veth9/iflink": "99\n",
            "/proc/4312/root/sys/class/net/lo/ifindex": "1\n",
            "/proc/4312/root/sys/class/net/lo/iflink": "1\n",
            "/proc/4312/root/sys/class/net/eth0/ifindex": "2\n",
            "/proc/4312/root/sys/class/net/eth0/iflink": "7\n",
            "/proc/5000/root/sys/class/net/eth0/ifindex": "2\n",
            "/proc/5000/root/sys/class/net/eth0/iflink": "8\n",
        }
    )


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pid:4312", "web"),
        ("pid:4400", "web"),
        ("pid:77", "/ssh"),
        ("pid:1", "/"),
        ("port:8080", "web"),
        ("port:8080/tcp", "web"),
        ("if:veth1a2b", "web"),
        ("path:/var/lib/docker/overlay2/abc/merged/etc/passwd", "web"),
        ("path:/var/lib/docker/overlay2/abc", "web"),
        ("path:/srv/site/index.html", "web"),
        ("path:/var/lib/docker/volumes/data/_data/x", "db"),
        (f"path:/var/lib/docker/containers/{DB_ID}/hosts", "db"),
    ],
)
def test_the_owner_of_a_thing_is_found(machine, word, name):
    selection = select([word], KNOWN, machine)
    assert [one.identity.name for one in selection.found] == [name]


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("pid:x", "'x' is no process id: write pid:4312"),
        ("pid:9", "there is no process 9"),
        ("port:0", "'0' is no port: write port:8080 or port:53/udp"),
        ("port:http", "'http' is no port: write port:8080 or port:53/udp"),
        ("port:8080/udp", "no container publishes port 8080/udp, and nothing listens on it"),
        ("port:5000", "no container publishes port 5000, and nothing listens on it"),
        ("port:22", "no container publishes port 22"),
        ("if:eth9", "this machine has no network interface 'eth9'"),
        ("if:../eth0", "this machine has no network interface '../eth0'"),
        ("if:eth0", "interface 'eth0' has no other end in a container"),
        ("if:veth9", "no container is at the other end of interface 'veth9'"),
        ("path:here", "'here' is no path: write path:/var/lib/docker/overlay2/…"),
        ("path:/opt", "no container has '/opt' as a layer, a volume or a mount"),
    ],
)
def test_a_thing_that_is_nobody_s_is_one_line(machine, word, line):
    assert select([word], KNOWN, machine).missing == [line]


def test_a_listener_in_the_machine_s_own_network_is_found_by_its_socket(machine):
    folder = machine.path("/proc/77/fd")
    os.makedirs(folder)
    os.symlink("socket:[1161]", folder + "/3")
    assert select(["port:22"], KNOWN, machine).found == [KNOWN[2]]


class AsNobody(Host):
    """A machine on which other users' processes keep their files and roots to themselves."""

    def listdir(self, path):
        if "/root/" in path or path.endswith("/fd"):
            raise PermissionDenied(path, "Permission denied")
        return super().listdir(path)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("if:veth9", "whose 'veth9' is can't be told: only root may look into containers' networks"),
        ("port:22", "no container publishes port 22; only root may see who listens on it"),
    ],
)
def test_what_only_root_may_see_is_said(machine, word, line):
    assert select([word], KNOWN, AsNobody(machine.root)).missing == [line]


@pytest.mark.real
def test_things_of_a_real_container(docker, tmp_path):
    """What Docker and the container itself say is found again from the outside."""
    folder = tmp_path / "data"
    folder.mkdir()
    docker.run("other")
    docker.run("web", ports={80: 0}, volumes=[f"{folder}:/data"])
    facts = docker.inspect("web")
    host = Host()
    with closing(Manager(host, None, runtimes_for(host, RuntimeSettings(docker=docker.endpoint)))) as manager:
        manager.discover()
        words = [f"pid:{facts['State']['Pid']}", f"path:{folder}/x", f"path:{docker.root}/containers/{facts['Id']}"]
        layer = (facts["GraphDriver"]["Data"] or {}).get("UpperDir")
        words += [f"path:{layer}/etc"] if layer else []
        for bindings in (facts["NetworkSettings"]["Ports"] or {}).values():
            words += [f"port:{binding['HostPort']}" for binding in bindings or ()]
        if docker.bridge:
            index = docker.exec("web", "cat", "/sys/class/net/eth0/iflink").strip()
            known = {host.text(f"/sys/class/net/{name}/ifindex"): name for name in os.listdir("/sys/class/net")}
            words.append(f"if:{known[index]}")
        for word in words:
            selection = select([word], manager.containers(), host)
            assert selection.missing == []
            assert [one.identity.id for one in selection.found] == [facts["Id"]], word
    assert len(words) >= 3
