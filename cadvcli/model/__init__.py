"""cAdvisor's wire as msgspec Structs: names, units and field order as its REST API writes them.

A number the kernel did not give is ``None`` here. The wire has no null for it: ``web`` writes 0 there, as
cAdvisor does, our own outputs write null, and /metrics leaves the sample out.
"""

#: A number of the kernel's, or None where this kernel does not give it.
Count = int | None
