"""What a NAME on the command line means: ``select(words, candidates, host)``.

A word is, in this order: a thing that belongs to a container (``pid:4312``, ``port:8080``, ``if:veth1a2b``,
``path:/var/lib/docker/overlay2/…``), a container's name or id, a Compose ``project/service`` or service, a cgroup
path, a glob, or the beginning of one id.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from cadvcli.errors import CadvcliError
from cadvcli.host import Host
from cadvcli.manager.belongs import BELONGS
from cadvcli.model.identity import Identity


class Candidate(Protocol):
    """What can be meant: a container, alive or not; ``name`` is its cgroup path, empty if it has none."""

    @property
    def identity(self) -> Identity: ...

    @property
    def name(self) -> str: ...

    def main_pid(self) -> int | None:
        """The process that speaks for it now."""


C = TypeVar("C", bound=Candidate)


class Selection(Struct, Generic[C], frozen=True):
    """Those meant, each once and in the order of the candidates, and a line for each word that meant none."""

    found: list[C]
    missing: list[str]


def select(words: Iterable[str], candidates: Sequence[C], host: Host) -> Selection[C]:
    """The candidates that the words mean. One that means none costs the others nothing."""
    chosen: set[int] = set()
    missing = []
    for word in words:
        try:
            chosen.update(id(one) for one in _meant(word, candidates, host))
        except CadvcliError as error:
            missing.append(str(error))
    return Selection([one for one in candidates if id(one) in chosen], missing)


def _meant(word: str, candidates: Sequence[C], host: Host) -> Sequence[C]:
    """Those that one word means, at least one; a CadvcliError that says why there is none."""
    kind, colon, thing = word.partition(":")
    if colon and kind in BELONGS:
        return BELONGS[kind](thing, candidates, host)
    for test in _EXACT:
        found = [one for one in candidates if test(one, word)]
        if found:
            return found
    if re.search(r"[*?\[]", word):
        found = [one for one in candidates if _matches(word, one)]
        if found:
            return found
        raise CadvcliError(f"no container matches '{word}'")
    found = [one for one in candidates if word and one.identity.id and one.identity.id.startswith(word)]
    if len(found) > 1:
        several = ", ".join(f"{one.identity.name} ({(one.identity.id or '')[: len(word) + 4]}…)" for one in found[:4])
        raise CadvcliError(f"'{word}' is the beginning of several ids: {several}{', …' if len(found) > 4 else ''}")
    if not found:
        raise CadvcliError(_no_such(word, candidates))
    return found


_EXACT: tuple[Callable[[Candidate, str], bool], ...] = (
    lambda one, word: word in (one.identity.name, one.identity.id),
    lambda one, word: word in one.identity.aliases,
    lambda one, word: one.identity.project is not None and word == f"{one.identity.project}/{one.identity.service}",
    lambda one, word: word == one.identity.service,
    lambda one, word: one.name != "" and one.name == _path(word),
    lambda one, word: word == f"/{one.identity.name}",  # as Docker's own API writes a name
)


def _path(word: str) -> str:
    """A cgroup path as the kernel writes it: one slash in front, none behind."""
    return "/" + word.strip("/") if "/" in word else word


def _matches(pattern: str, one: Candidate) -> bool:
    """Whether a glob matches: one without a slash the name, one with a slash also paths; ``*`` stays inside a part."""
    identity = one.identity
    if "/" not in pattern:
        return identity.runtime != "raw" and _glob(pattern).fullmatch(identity.name) is not None
    if identity.project is not None and _glob(pattern).fullmatch(f"{identity.project}/{identity.service}"):
        return True
    return one.name != "" and _glob(_path(pattern)).fullmatch(one.name) is not None


def _glob(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: ``**`` crosses slashes, ``*`` and ``?`` do not."""
    return re.compile("".join(_parts(pattern)), re.DOTALL)


def _parts(pattern: str) -> Iterator[str]:
    for part in re.findall(r"\*\*|\[!?\]?[^\]/]*\]|.", pattern, re.DOTALL):
        if part == "**":
            yield ".*"
        elif part in "*?":
            yield "[^/]" + ("*" if part == "*" else "")
        elif len(part) > 1:
            inner = part[1:-1]
            negated, inner = inner.startswith("!"), inner.removeprefix("!")
            escaped = re.sub(r"([\\\[\]^&|~])", r"\\\1", inner)
            yield f"[{'^/' if negated else ''}{escaped}]" if _is_set(escaped) else re.escape(part)
        else:
            yield re.escape(part)


def _is_set(inner: str) -> bool:
    """Whether this is a valid inside of brackets: ``z-a`` is none."""
    try:
        re.compile(f"[{inner}]")
    except re.error:
        return False
    return True


def _no_such(word: str, candidates: Iterable[Candidate]) -> str:
    from difflib import get_close_matches

    names: set[str] = set()
    for one in candidates:
        if one.identity.runtime != "raw" or "/" in word:
            names.update(name for name in (one.identity.name, one.identity.service) if name)
    near = get_close_matches(word, sorted(names), n=1, cutoff=0.6)
    return f"no such container '{word}'" + (f": did you mean '{near[0]}'?" if near else "")
