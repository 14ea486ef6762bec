"""``Registry``: the containers that are alive, by their cgroup names and by their aliases in a namespace."""

from collections.abc import Iterator

from cadvcli.errors import UnknownContainer
from cadvcli.manager.container import Container


class Registry:
    """Containers by (namespace, name); the canonical name is the cgroup path, in the namespace ``""``."""

    def __init__(self) -> None:
        self._by_name: dict[str, Container] = {}
        self._by_alias: dict[str, dict[str, Container]] = {}
        self._sorted: list[Container] | None = None

    def __iter__(self) -> Iterator[Container]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def sorted(self) -> list[Container]:
        """All containers by name, ``/`` first. The list is shared: it is not to be changed."""
        if self._sorted is None:
            self._sorted = [self._by_name[name] for name in sorted(self._by_name)]
        return self._sorted

    def get(self, name: str) -> Container | None:
        """The container with this cgroup path, None if there is none."""
        return self._by_name.get(name)

    def add(self, container: Container) -> None:
        """Register it under its name and all aliases; of two with one alias the later has it."""
        self._by_name[container.name] = container
        self._sorted = None
        aliases = self._by_alias.setdefault(container.identity.namespace, {})
        for alias in container.identity.aliases:
            aliases[alias] = container

    def remove(self, container: Container) -> None:
        """Take it out with all its aliases."""
        if self._by_name.get(container.name) is container:
            del self._by_name[container.name]
            self._sorted = None
        aliases = self._by_alias.get(container.identity.namespace, {})
        for alias in container.identity.aliases:
            if aliases.get(alias) is container:
                del aliases[alias]

    def by_alias(self, namespace: str, alias: str) -> Container:
        """The container with this alias, else the one whose alias begins so. UnknownContainer in cAdvisor's words."""
        aliases = self._by_alias.get(namespace, {})
        if alias in aliases:
            return aliases[alias]
        found = {container.name: container for known, container in aliases.items() if known.startswith(alias)}
        if len(found) > 1:
            raise UnknownContainer(
                f'unable to find container in "{namespace}" namespace. Container "{alias}" is not unique'
            )
        if not found:
            raise UnknownContainer(f'unable to find container "{alias}" in "{namespace}" namespace')
        return next(iter(found.values()))

    def of(self, namespace: str) -> list[Container]:
        """All containers of a namespace by name, each once."""
        found = {container.name: container for container in self._by_alias.get(namespace, {}).values()}
        return [found[name] for name in sorted(found)]
