"""Who a container is."""

import pytest

from cadvcli.model.identity import Identity, Port, raw


def test_a_plain_group_is_called_by_its_path_and_has_no_id() -> None:
    group = raw("/system.slice/cron.service")
    assert (group.runtime, group.name, group.id) == ("raw", "/system.slice/cron.service", None)
    assert (group.namespace, group.aliases, group.labels, group.image) == ("", (), {}, None)


@pytest.mark.parametrize(
    ("labels", "service", "project"),
    [
        ({}, None, None),
        ({"com.docker.compose.service": "web", "com.docker.compose.project": "shop"}, "web", "shop"),
        ({"com.docker.compose.project": "shop"}, None, "shop"),
    ],
)
def test_compose_names_its_services_in_labels(labels: dict[str, str], service: str | None, project: str | None) -> None:
    identity = Identity(runtime="docker", name="shop-web-1", labels=labels)
    assert (identity.service, identity.project) == (service, project)


def test_labels_of_one_are_not_those_of_another() -> None:
    one, other = Identity(runtime="docker", name="a"), Identity(runtime="docker", name="b")
    assert one.labels is not other.labels
    assert one.envs is not other.envs


def test_it_never_changes() -> None:
    with pytest.raises(AttributeError):
        raw("/a").name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Port(container_port=80).host_port = 8080  # type: ignore[misc]
