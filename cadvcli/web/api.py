"""/api/VERSION/TYPE/ARGS: finds who answers, and says in cAdvisor's words why nobody does."""

from typing import Any

from cadvcli.web import api_v1, api_v2
from cadvcli.web.answer import Answer, Scope, pieced, refusal
from cadvcli.web.go import quoted
from cadvcli.web.query import BadOption, Options, parse_options
from cadvcli.web.request import Refused, Request
from cadvcli.web.site import Endpoint, Site

#: More than any request needs.
MOST_BODY_BYTES = 1 << 20


def versions() -> dict[str, dict[str, api_v1.Handler]]:
    """Who answers each request type of each version; those of v1 pass theirs on to the next."""
    found: dict[str, dict[str, api_v1.Handler]] = {}
    inherited: dict[str, api_v1.Handler] = {}
    for version, requests in api_v1.REQUESTS.items():
        inherited = {**inherited, **requests}
        found[version] = inherited
    return {**found, **api_v2.REQUESTS}


class Api(Endpoint):
    """The REST API."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._versions = versions()

    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """What this request gets; ``rest`` is the path behind ``/api/``."""
        try:
            return await self._answer(scope, receive)
        except Refused as error:
            return refusal(str(error), error.status)

    async def _answer(self, scope: Scope, receive: Any) -> Answer:
        version, kind, *args = (scope["rest"] + "/").split("/")
        if not version:
            raise Refused("Supported API versions: " + ",".join(self._versions), 400)
        if version not in self._versions:
            raise Refused(f"unsupported API version {quoted(version)}")
        if not kind:
            known = ",".join(sorted(self._versions[version]))
            raise Refused(f"Supported request types: {quoted(known)}", 400)
        options = _options(scope) if version.startswith("v2") else Options()
        handler = self._versions[version].get(kind)
        if handler is None:
            raise Refused(f"unknown request type {quoted(kind)}")
        request = Request(
            site=self.site,
            args=args[1:-1] if args[0] == "" and len(args) > 1 else args[:-1],
            body=await _body(receive),
            options=options,
            machine=await self.site.machine.info(),
            deadline_ns=self.site.deadline_ns(scope),
        )
        return Answer(pieces=await self.site.run(_made(handler, request)))


def _made(handler: api_v1.Handler, request: Request) -> api_v1.Job:
    """The handler's answer in pieces of a fair size, as a job."""
    return (yield from pieced((yield from handler(request))))


def _options(scope: Scope) -> Options:
    try:
        return parse_options(scope["query_string"])
    except BadOption as error:
        raise Refused(str(error)) from None


async def _body(receive: Any) -> bytes:
    """All that the client sends."""
    body = b""
    while True:
        message: dict[str, Any] = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BODY_BYTES:
            raise Refused(f"the request's body is longer than {MOST_BODY_BYTES} bytes", 413)
        if not message.get("more_body", False):
            return body
