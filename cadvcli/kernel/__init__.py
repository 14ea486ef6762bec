"""The kernel's interfaces, one module each: ``parse_x(text, path)`` is pure, ``read_x(host)`` reads.

Names and units are the kernel's own. Absent is None; malformed is ParseError with path and line.
"""
