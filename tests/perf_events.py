"""Whether perf events can be counted here, and configuration files for tests that do."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from cadvcli.kernel.perf import SOFTWARE, Attr, open_event


def why_not() -> str | None:
    """Why no perf event can be counted on a CPU here, None if it can."""
    try:
        os.close(open_event(Attr(SOFTWARE, 0), 0))
    except OSError as error:
        return f"perf_event_open: {error.strerror}"
    return None


def config_file(folder: Path, core: Sequence[object] = (), uncore: Sequence[object] = (), **custom: object) -> str:
    """The path of a new configuration file; ``core_custom`` and ``uncore_custom`` are events by number."""
    config = {
        "core": {"events": core, "custom_events": custom.get("core_custom", [])},
        "uncore": {"events": uncore, "custom_events": custom.get("uncore_custom", [])},
    }
    path = folder / "perf.json"
    path.write_text(json.dumps(config))
    return str(path)
