"""``python -m tests.bench [PART…]``: all parts, or those named."""

import logging
import os
import platform
import sys
from collections.abc import Callable, Iterator

from tests.bench import memory, sampling, serving, startup
from tests.bench.table import Row, show

PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "startup": startup.rows,
    "sampling": sampling.rows,
    "history": memory.rows,
    "serving": serving.rows,
    "latency": serving.latency,
}


def main(wanted: list[str]) -> int:
    """Measure and print; 1 if a figure is over what it may be."""
    if unknown := set(wanted) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    logging.disable()  # what a machine lacks is no figure
    print(f"Python {platform.python_version()}, Linux {platform.release()}, {os.cpu_count()} CPUs, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}")
    good = [show(part, PARTS[part]()) for part in wanted or PARTS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
