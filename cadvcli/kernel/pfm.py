"""libpfm4, where it is installed: what a CPU's maker calls its events, as the number that perf_event_open takes.

https://perfmon2.sourceforge.net/docs_v4.html (pfm_get_os_event_encoding, perf_event)
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING

from cadvcli.kernel.perf import Attr

if TYPE_CHECKING:
    import ctypes

_LIBRARY = "libpfm.so.4"
#: User and kernel (PFM_PLM3, PFM_PLM0); PFM_OS_PERF_EVENT.
_LEVELS, _OS = 8 | 1, 1
#: struct perf_event_attr as the newest libpfm knows it, and room.
_ATTR_BYTES = 256
#: pfm_perf_encode_arg_t: attr, fstr, its own size, idx, cpu, flags, padding.
_ARGUMENT = struct.Struct("@PPNiiii")


@cache
def _library() -> ctypes.CDLL | None:
    import ctypes

    try:
        library = ctypes.CDLL(_LIBRARY)
        return library if library.pfm_initialize() == 0 else None
    except (OSError, AttributeError):
        return None


def installed() -> bool:
    """Whether the library is there and knows this CPU."""
    return _library() is not None


def encoded(name: str) -> Attr | None:
    """The event of this name (``unc_m_cas_count:rd``); None if there is no library or it knows no such event."""
    import ctypes

    library = _library()
    if library is None:
        return None
    attr = ctypes.create_string_buffer(_ATTR_BYTES)
    packed = _ARGUMENT.pack(ctypes.addressof(attr), 0, _ARGUMENT.size, 0, 0, 0, 0)
    argument = ctypes.create_string_buffer(packed, _ARGUMENT.size)
    if library.pfm_get_os_event_encoding(name.encode(), _LEVELS, _OS, argument) != 0:
        return None
    kind, _, config = struct.unpack_from("=IIQ", attr)
    config1, config2 = struct.unpack_from("=QQ", attr, 56)
    return Attr(kind, config, config1, config2)
