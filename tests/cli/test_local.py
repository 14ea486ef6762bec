"""This machine as the options say."""

from types import SimpleNamespace

from cadvcli.cli.local import complain, host_of, manager_of, runtimes_of

OPTIONS = {"docker": "unix:///nowhere.sock", "docker_root": "/var/lib/docker", "docker_env_metadata_whitelist": ()}


def options(root="/"):
    return SimpleNamespace(host_root=root, **OPTIONS)


def test_the_machine_lies_below_the_host_root(tmp_path):
    assert host_of(options(str(tmp_path))).path("/proc") == f"{tmp_path}/proc"


def test_plain_groups_are_what_is_left_by_the_engines():
    runtimes = runtimes_of(options(), host_of(options()))
    assert (runtimes[0].name, runtimes[-1].name) == ("docker", "raw")


def test_a_manager_knows_its_kinds_and_has_not_looked_yet(recording):
    manager = manager_of(options(str(recording("docker-v1").root)), ("cpu",), 7)
    assert (manager.settings.kinds, manager.settings.storage_duration_ns) == ({"cpu"}, 7)
    assert manager.containers() == []
    manager.close()


def test_complaints_are_lines_of_their_own_whatever_is_in_them(capsys):
    complain(["one", "two\nthree\x1b[2J"])
    assert capsys.readouterr().err == "cadvcli: one\ncadvcli: two\\nthree\\x1b[2J\n"
