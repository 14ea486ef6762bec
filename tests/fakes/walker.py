"""A directory walker at its pipes that answers from a file, or hangs. As the real one it runs isolated, as a script.

    Walker((walker.__file__, "answers.json"))       # {path: [bytes, inodes, device]}; other paths fail
    Walker((walker.__file__, ""))                   # takes questions and never answers
"""

import json
import os
import struct
import sys


def read(length: int) -> bytes:
    """So many bytes; ends the process where there are no more."""
    text = b""
    while len(text) < length:
        more = os.read(0, length - len(text))
        if not more:
            sys.exit()
        text += more
    return text


def main(file: str) -> None:
    """Answer until nobody asks any more."""
    known = {}
    if file:
        with open(file, encoding="utf-8") as found:
            known = json.load(found)
    while True:
        message = read(struct.unpack("!I", read(4))[0])
        number, path = struct.unpack_from("!I", message)[0], message[8:].decode()
        if not file:
            continue
        if path in known:
            answer = struct.pack("!IBQQQ", number, 1, *known[path])
        else:
            answer = struct.pack("!IBQQQ", number, 2, 0, 0, 0) + b"No such file or directory"
        os.write(1, struct.pack("!I", len(answer)) + answer)


if __name__ == "__main__":
    main(sys.argv[1])
