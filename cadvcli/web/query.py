"""The options in a query string that /metrics and every v2 request have in common."""

from msgspec import Struct

from cadvcli.web.go import parse_duration, parse_int, parse_query, quoted

NAME, DOCKER, PODMAN = "name", "docker", "podman"
TYPES = (NAME, DOCKER, PODMAN)


class Options(Struct, frozen=True, kw_only=True):
    """Which containers, how many samples of each, and how old the newest may be; None: whatever is there."""

    type: str = NAME
    count: int = 64
    recursive: bool = False
    max_age_ns: int | None = None


class BadOption(ValueError):
    """An option has no meaning; the text is what cAdvisor says then."""


def parse_options(query: bytes) -> Options:
    """The options of a query string; what isn't there or is empty has its default."""
    given = {name: value for name, value in parse_query(query).items() if value}
    kind = given.get("type", NAME)
    if kind not in TYPES:
        raise BadOption(f"unknown 'type' {quoted(kind)}")
    return Options(
        type=kind,
        count=_count(given["count"]) if "count" in given else 64,
        recursive=given.get("recursive") == "true",
        max_age_ns=_age_ns(given["max_age"]) if "max_age" in given else None,
    )


def _count(text: str) -> int:
    try:
        count = parse_int(text)
    except ValueError:
        raise BadOption(f"failed to parse 'count' option: {text}") from None
    if count < -1:
        raise BadOption(f"invalid 'count' option: only -1 and larger values allowed, not {count}")
    return count


def _age_ns(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise BadOption(f"failed to parse 'max_age' option: {error}") from None
