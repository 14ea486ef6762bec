"""The six commands on pure cgroup v2: one boot, all answers, many questions about them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).parent.parent.parent
VM = Path(os.environ.get("CADVCLI_VM") or ROOT.parent / "shared" / "vm")
GUEST = Path(__file__).parent / "six_commands.sh"
#: The guest's Python.
FOR = ("--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp")
PLATFORMS = tuple(f"--platform={name}_x86_64" for name in ("manylinux_2_28", "manylinux_2_17", "manylinux2014"))


def made(*argv: str | Path) -> None:
    """Run a tool that must succeed."""
    done = subprocess.run([str(word) for word in argv], capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def guest(tmp_path_factory):
    """What the script left in the guest's output folder, as a function of the file's name."""
    if not (VM / "run").exists():
        pytest.skip("no virtual machine: neither $CADVCLI_VM nor ../shared/vm has a program to run one")
    if os.geteuid():
        pytest.skip("the virtual machine needs root")
    folder = tmp_path_factory.mktemp("vm")
    wheels, out = folder / "wheels", folder / "out"
    pip = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")
    made(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, ROOT)
    made(*pip, "download", "-d", wheels, *FOR, *PLATFORMS, *wheels.glob("cadvcli-*.whl"))
    build = subprocess.run([str(VM / "build")], capture_output=True, check=False)
    if build.returncode:
        pytest.skip(f"the virtual machine could not be built: {build.stderr.decode().strip()[-200:]}")
    argv = [str(VM / "run"), "--timeout", "1500", "--out", str(out), str(GUEST), str(wheels)]
    run = subprocess.run(argv, capture_output=True, check=False)
    said = run.stdout.decode("utf-8", "replace") + run.stderr.decode("utf-8", "replace")
    assert run.returncode == 0, said[-3000:]
    return lambda name: (out / name).read_text("utf-8", "surrogateescape")


def rows(guest, name: str) -> dict[str, dict]:
    """The objects of an answer, by name."""
    return {row["name"]: row for row in json.loads(guest(f"{name}.out"))}


def cgroups(guest, name: str) -> dict[str, dict]:
    """The objects of an answer, by cgroup."""
    return {row["cgroup"]: row for row in json.loads(guest(f"{name}.out"))}


ASKED = ("machine", "containers", "tree", "raw", "stats", "rawstats", "table", "port", "export", "nobody", "dockerless")


@pytest.mark.parametrize("name", [*ASKED, "nobodymachine"])
def test_each_command_succeeds_without_a_traceback(guest, name):
    assert guest(f"{name}.status").strip() == "0", guest(f"{name}.err")
    assert "Traceback" not in guest(f"{name}.err")


def test_machine_is_the_rest_api_s_object(guest):
    told, served = json.loads(guest("machine.out")), json.loads(guest("v2.1-machine.json"))
    assert told["num_cores"] == 2
    assert {**told, "timestamp": ""} == {**served, "timestamp": ""}
    assert json.loads(guest("nobodymachine.out"))["num_cores"] == 2


def test_containers_of_docker_have_their_names_limits_and_ends(guest):
    found = rows(guest, "containers")
    assert {"web", "burner", "hostnet", "done", "survivor"} <= set(found)
    web = found["web"]
    assert web["id"] == guest("web.id").strip()
    assert web["cgroup"] == f"/system.slice/docker-{web['id']}.scope"
    assert web["memory_limit_bytes"] == 64 * 2**20
    assert web["labels"] == {"tier": "front"}
    assert found["done"]["exit_code"] == 7
    assert guest("port.out").strip() == web["id"][:12]


def test_every_engine_s_groups_show_as_plain_groups_at_least(guest):
    names = set(cgroups(guest, "raw"))
    blog = guest("blog.id").strip()
    assert any(blog in name for name in names)
    assert any("cri-containerd-api.scope" in name for name in names)
    assert "/system.slice/limited.service" in names
    assert any(name == "/" for name in names)
    assert "limited.service" in guest("tree.out")


def test_stats_are_what_the_containers_do(guest):
    found = rows(guest, "stats")
    assert found["burner"]["cpu_usage_ratio"] > 0.2
    assert found["hostnet"]["cpu_usage_ratio"] < 0.1
    web = found["web"]
    assert 0 < web["memory_usage_bytes"] <= web["memory_limit_bytes"] == 64 * 2**20
    assert web["network_receive_bytes_total"] > 0
    assert found["hostnet"]["network_receive_bytes_total"] is None
    assert web["psi_cpu_some_seconds_total"] is not None
    assert web["pids"] >= 1
    assert "burner" in guest("table.out").splitlines()[1]


def test_limits_of_a_unit_are_the_kernel_s(guest):
    limited = cgroups(guest, "rawstats")["/system.slice/limited.service"]
    assert limited["memory_limit_bytes"] == 64 * 2**20
    assert limited["pids_limit"] == 20
    assert limited["cpu_limit_ratio"] == pytest.approx(0.25)


def test_an_unknown_name_is_status_3_and_the_others_are_printed(guest):
    assert guest("names.status").strip() == "3"
    assert "nothing" in guest("names.err")
    assert set(rows(guest, "names")) == {"web"}


def test_nobody_sees_the_figures_and_not_the_names(guest):
    found = cgroups(guest, "nobody")
    web = found[f"/system.slice/docker-{guest('web.id').strip()}.scope"]
    assert web["memory_usage_bytes"] > 0
    assert web["network_receive_bytes_total"] > 0
    assert web["image"] is None
    assert "ermission" in guest("nobody.err")


def test_serve_has_metrics_and_both_apis_and_ends_with_status_0(guest):
    assert guest("serve.status").strip() == "0", guest("serve.err")
    assert "Traceback" not in guest("serve.err")
    metrics = guest("metrics.txt")
    for name in ("cpu_usage_seconds_total", "memory_working_set_bytes", "pressure_cpu_waiting_seconds_total"):
        assert re.search(rf'^container_{name}{{[^}}]*name="web"[^}}]*}} [0-9.e+]+$', metrics, re.M), name
    (info,) = json.loads(guest("v1.3-docker-web.json")).values()
    assert "web" in info["aliases"]
    assert info["spec"]["memory"]["limit"] == 64 * 2**20
    assert json.loads(guest("v2.1-stats-web.json"))


def test_a_container_comes_and_goes_in_watch_and_metrics(guest):
    assert guest("late-came.status").strip() == guest("late-went.status").strip() == "0"
    events = [json.loads(line) for line in guest("watch.out").splitlines()]
    late = [event["event_type"] for event in events if event["name"] == "late"]
    assert late == ["containerCreation", "containerDeletion"]
    assert guest("watch.status").strip() == "130"


def test_export_has_a_line_for_each_container(guest):
    lines = [json.loads(line) for line in guest("export.out").splitlines()]
    assert len(lines) >= 5


def test_without_docker_usage_stays_and_names_come_from_its_files(guest):
    found = cgroups(guest, "dockerless")
    survivors = {row["name"]: row for row in found.values() if row["runtime"] == "docker"}
    assert {"web", "burner", "hostnet"} <= set(survivors)
    assert all(row["memory_usage_bytes"] is not None for row in survivors.values())
    assert guest("dockerless.err").count("\n") == 1
