"""``Count``: a number of the kernel's, or None where this kernel does not give it."""

Count = int | None
