"""Protocol counters of one network namespace: ``/proc/PID/net/snmp`` and ``/proc/PID/net/netstat``.

Pairs of lines that begin with the same protocol: names, then values. https://docs.kernel.org/networking/snmp_counter.html
"""

from cadvcli.errors import ParseError


def parse_snmp(text: bytes, path: str) -> dict[str, dict[str, int]]:
    """The counters of each protocol by their names: ``{"Tcp": {"RtoMin": 200, …}}``. MaxConn may be -1."""
    found: dict[str, dict[str, int]] = {}
    lines = text.split(b"\n")
    for index in range(0, len(lines) - 1, 2):
        protocol, _, names = lines[index].partition(b":")
        same, _, values = lines[index + 1].partition(b":")
        try:
            if protocol != same:
                raise ValueError
            pairs = zip(names.decode("ascii").split(), map(int, values.split()), strict=True)
            found[protocol.decode("ascii")] = dict(pairs)
        except ValueError:
            raise ParseError(path, index + 2, "the values don't match the line of names above them") from None
    return found
