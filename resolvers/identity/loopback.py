"""Without identity everybody is the admin, so nobody else's program may get through to us.

Listening on loopback keeps other machines out. Web pages that the admin visits are kept out by two headers: `Host`
(a page whose name was rebound to 127.0.0.1 sends its own name) and `Origin` (a page that opens a WebSocket or posts
to us sends where it came from).
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from ipaddress import ip_address

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from resolvers.transport.refusals import Code, formatted

_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@lru_cache  # asked twice for each request, about the same few
def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class LoopbackOnly:
    """Lets through what comes from this machine, and from pages of our own or of `origins`."""

    def __init__(self, app: ASGIApp, origins: Collection[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._problem(scope) if scope["type"] in ("http", "websocket") else None
        if problem is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403, "reason": problem})
        else:
            body = {"errors": [formatted(problem, Code.FORBIDDEN)]}
            await JSONResponse(body, 403)(scope, receive, send)

    def _problem(self, scope: Scope) -> str | None:
        # Of a header that comes twice, the first; read at once, which takes less than asking Starlette for each
        headers: Mapping[bytes, bytes] = dict(reversed(scope["headers"]))
        host = headers.get(b"host", b"").decode("latin-1")
        ends = (scope.get("client"), scope.get("server"))
        if not all(end is not None and is_loopback(end[0]) for end in ends):
            return "Without identity configured, only this machine is answered."
        if _without_port(host) not in _NAMES:
            return "The Host header is not a name of this machine: use localhost, 127.0.0.1 or [::1]."
        if b"origin" in headers and not self._is_ours(headers[b"origin"].decode("latin-1"), host):
            return "Pages of other origins may not use this API. CORS_ORIGINS lists those that may."
        return None

    def _is_ours(self, origin: str, host: str) -> bool:
        return origin in self._origins or origin.partition("://")[2] == host


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
