"""Sockets of one network namespace: ``/proc/PID/net/{tcp,tcp6,udp,udp6}``, a line for each socket.

The tables grow with the sockets (150 bytes each), so they are counted while they are read, and what is kept is the
counts as ``key value`` lines. TCP states are those of include/net/tcp_states.h, in hexadecimal.
https://docs.kernel.org/networking/proc_net_tcp.html
"""

import re
from collections import Counter

#: TCP states by their number, as cAdvisor names them.
TCP_STATES = {
    1: "Established",
    2: "SynSent",
    3: "SynRecv",
    4: "FinWait1",
    5: "FinWait2",
    6: "TimeWait",
    7: "Close",
    8: "CloseWait",
    9: "LastAck",
    10: "Listen",
    11: "Closing",
}

#: A state that a kernel has and we don't know (12 NEW_SYN_RECV is never shown) is counted with none of these.
_TCP = re.compile(rb"^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) ", re.MULTILINE)
_UDP = re.compile(
    rb"^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} [0-9A-F]{2} ([0-9A-F]{8}):([0-9A-F]{8}) .*?(\d+) *$",
    re.MULTILINE,
)


def count_tcp(text: bytes) -> bytes:
    """How many sockets there are in each state: ``Established 3`` and so on, all eleven."""
    found = Counter(int(state, 16) for state in _TCP.findall(text))
    return b"".join(b"%s %d\n" % (name.encode(), found[number]) for number, name in TCP_STATES.items())


def count_udp(text: bytes) -> bytes:
    """Sockets, datagrams dropped, bytes in the receive queues and in the send queues: ``Listen 2`` and so on."""
    rows = _UDP.findall(text)
    sums = (
        len(rows),
        sum(int(drops) for _, _, drops in rows),
        sum(int(rx, 16) for _, rx, _ in rows),
        sum(int(tx, 16) for tx, _, _ in rows),
    )
    return b"Listen %d\nDropped %d\nRxQueued %d\nTxQueued %d\n" % sums
