"""Who owns a cgroup, engines asked in their order."""

from pathlib import Path

from cadvcli.host import Host
from cadvcli.model.identity import Identity
from cadvcli.runtimes import ORDER, Docker, Raw, RuntimeSettings, runtimes_for
from tests.runtimes.paths import ID, PATHS


def identify(host: Host, cgroup: str) -> Identity | None:
    """Who the first engine that claims the group and knows its id says that it is."""
    claims = ((runtime, runtime.claims(cgroup)) for runtime in runtimes_for(host))
    said = (runtime.describe(claimed, cgroup) for runtime, claimed in claims if claimed is not None)
    return next((identity for identity in said if identity is not None), None)


def test_raw_is_asked_last() -> None:
    assert ORDER[-1] is Raw
    assert [runtime.name for runtime in runtimes_for(Host())] == ["docker", "raw"]


def test_a_path_that_nobody_claims_is_no_container(tmp_path: Path) -> None:
    host = Host(str(tmp_path))
    for owner, path in PATHS:
        assert (identify(host, path) is None) == (owner == "nobody"), path


def test_without_docker_a_bare_id_is_a_plain_group_and_dockers_own_form_is_dockers(tmp_path: Path) -> None:
    host = Host(str(tmp_path))
    plain, own = identify(host, f"/k8s.io/{ID}"), identify(host, f"/docker/{ID}")
    assert plain is not None
    assert (plain.runtime, plain.name, plain.id) == ("raw", f"/k8s.io/{ID}", None)
    assert own is not None
    assert (own.runtime, own.name, own.id, own.complete) == ("docker", ID, ID, False)


def test_every_engine_is_made_from_a_host_and_settings(tmp_path: Path) -> None:
    for runtime in ORDER:
        made = runtime(Host(str(tmp_path)), RuntimeSettings())
        assert isinstance(made, Docker | Raw)
        made.close()
