"""How uvicorn has to be run for this transport."""

from typing import Any

from resolvers.transport.limits import TransportLimits
from resolvers.transport.wire import HttpProtocol, WebSocketProtocol


def uvicorn_options(limits: TransportLimits) -> dict[str, Any]:
    """Keyword arguments for `uvicorn.Config`.

    Peers are pinged by the GraphQL protocol, not by WebSocket frames: clients take a close by the latter for final.
    """
    return {
        "http": HttpProtocol,
        "ws": WebSocketProtocol,
        "loop": "uvloop",
        "ws_max_size": limits.message_size,
        "ws_per_message_deflate": False,
        "ws_ping_interval": None,
        "ws_ping_timeout": None,
        "timeout_graceful_shutdown": 5,
        "server_header": False,
    }
