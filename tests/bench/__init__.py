"""What it costs: ``python -m tests.bench [PART…]`` measures and prints a table. By hand, never a test.

A figure is worth what the machine's quiet is worth: run it alone. As root it makes cgroups of its own, up to 1,000.
"""
