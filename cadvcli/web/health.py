"""/healthz: that the server answers. Two bytes, as cAdvisor's."""

from typing import Any

from cadvcli.web.answer import Answer, Scope, text
from cadvcli.web.site import Endpoint


class Health(Endpoint):
    """Says ``ok``, always."""

    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """The same two bytes for everybody."""
        return text("ok")
