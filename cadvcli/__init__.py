"""cadvcli: what the containers of this machine are doing.

The rooms, from the bottom up: ``host`` reads the machine's files, ``kernel`` parses them, ``machine``,
``runtimes`` and ``collectors`` decide what they mean, ``manager`` keeps what is alive now, and ``storage``,
``web`` and ``cli`` show it. Imports point only down.
"""

__version__ = "0.1.0"
