"""The ASGI application: what lies where, and what becomes of a path that Go's router would not take as it is."""

import logging
from typing import Any
from urllib.parse import quote_from_bytes

from starlette.routing import BaseRoute, Match, Router

from cadvcli.web.answer import Answer, Scope, refusal
from cadvcli.web.api import Api
from cadvcli.web.go import clean_path, unescaped
from cadvcli.web.health import Health
from cadvcli.web.metrics import Metrics
from cadvcli.web.site import Endpoint, Site

log = logging.getLogger(__name__)


class Moved(Endpoint):
    """Sends the client on to a path that it left a slash off."""

    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """The same path with a slash."""
        return moved(scope, scope["path"] + "/")


class NotFound(Endpoint):
    """Nothing lies there."""

    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """What does lie here."""
        return refusal(f"404 page not found: see /api/, {self.site.prometheus_endpoint} or /healthz", 404)


class Place(BaseRoute):
    """Where something lies, as Go's router has it: a path that ends in a slash is all below it too.

    Starlette's own routes are regular expressions, to which a newline in a path means something.
    """

    def __init__(self, path: str, endpoint: Endpoint) -> None:
        self.path = path
        self.endpoint = endpoint

    def matches(self, scope: Any) -> tuple[Match, Any]:
        """Whether a request is for this place; what comes behind its slash is ``rest``."""
        path: str = scope["path"]
        if path == self.path or (self.path.endswith("/") and path.startswith(self.path)):
            return Match.FULL, {"rest": path[len(self.path) :]}
        return Match.NONE, {}

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the request."""
        await self.endpoint(scope, receive, send)


class App:
    """All that is served."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._router = Router(
            routes=[
                Place("/healthz", Health(site)),
                Place(site.prometheus_endpoint, Metrics(site)),
                Place("/api", Moved(site)),
                Place("/api/", Api(site)),
            ],
            redirect_slashes=False,
            default=NotFound(site),
        )

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Serve one request. What goes wrong unforeseen is logged, and no more than that is told to the client."""
        path = unescaped(scope["raw_path"])
        scope = {**scope, "path": path, "root_path": ""}
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if path != clean_path(path):
                await moved(scope, clean_path(path)).send(scope, watched, self._site.pool)
            else:
                await self._router(scope, receive, watched)
        except Exception:
            log.exception("%s %s", scope["method"], path)
            if not started:
                await refusal("internal error: see the server's log").send(scope, send, self._site.pool)


def moved(scope: Scope, path: str) -> Answer:
    """A redirect to another path with the same query, as Go's http.Redirect writes it."""
    target = quote_from_bytes(path.encode("utf-8", "surrogateescape"), safe="/:@!$&'()*+,;=~")
    query = scope["query_string"].decode("latin-1")
    target += "?" + query if query else ""
    shown = target.replace("&", "&amp;").replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;")
    return Answer(
        pieces=[f'<a href="{shown}">Moved Permanently</a>.\n\n'.encode("latin-1")],
        status=301,
        content_type=b"text/html; charset=utf-8",
        headers=((b"location", target.encode("latin-1")),),
    )
