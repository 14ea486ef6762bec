"""Container engines: who owns a cgroup, and who the container in it is. One module per engine.

An engine is asked in the order of ``ORDER``. The first that claims a path and knows its id decides; a path that
even ``raw`` doesn't claim is nobody's and no container.
"""

from collections.abc import Callable

from cadvcli.host import Host
from cadvcli.runtimes.docker import Docker
from cadvcli.runtimes.raw import Raw
from cadvcli.runtimes.runtime import Runtime, RuntimeSettings

__all__ = ["ORDER", "Docker", "Raw", "Runtime", "RuntimeSettings", "runtimes_for"]

#: Who is asked first. Raw claims whatever is left, so it is the last.
ORDER: tuple[Callable[[Host, RuntimeSettings], Runtime], ...] = (Docker, Raw)


def runtimes_for(host: Host, settings: RuntimeSettings = RuntimeSettings()) -> list[Runtime]:  # noqa: B008  # frozen
    """Every engine in the order asked, none of them connected yet."""
    return [runtime(host, settings) for runtime in ORDER]
