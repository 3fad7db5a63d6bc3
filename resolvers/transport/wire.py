"""What the transport needs of the server below it and ASGI does not offer: sending to thousands without a coroutine
each, cutting a connection, and hearing that the server stops while a response still streams."""

import asyncio
from asyncio import BaseTransport
from collections.abc import MutableMapping
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from resolvers.transport.frames import text_frame

EXTENSION = "phaseline.wire"


class Wire:
    """The connection below a request. Without a server that offers one, it does nothing."""

    __slots__ = ("_stopping", "_transport")

    def __init__(self, transport: asyncio.Transport | None = None) -> None:
        self._transport = transport
        self._stopping: asyncio.Event | None = None

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the server stops. Made for the few that ask: there is a wire for every idle connection."""
        if self._stopping is None:
            self._stopping = asyncio.Event()
        return self._stopping

    def write(self, text: bytes) -> bool:
        """Sends a text at once. False: it can't, because the peer does not keep up for example; send it as usual."""
        return False

    def cut(self) -> None:
        """Drops the connection and whatever waits to be sent over it."""
        if self._transport is not None:
            self._transport.abort()


def wire_of(scope: Scope) -> Wire:
    extensions = cast("dict[str, Wire]", scope.get("extensions") or {})
    return extensions.get(EXTENSION) or Wire()


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 that puts the wire into the scope of each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._wire = Wire(transport)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        _offer(cast("MutableMapping[str, Any]", self.scope), self._wire)

    def shutdown(self) -> None:
        self._wire.stopping.set()
        super().shutdown()


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket that puts the wire into the scope of each connection."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._wire = WebSocketWire(self)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and hasattr(self, "scope"):
            _offer(cast("MutableMapping[str, Any]", self.scope), self._wire)

    def write_text(self, text: bytes) -> bool:
        """What `send` does with a text, where it would not have to wait and there is no extension that changes it."""
        conn = self.conn
        if conn.state is not State.OPEN or conn.extensions or self.disconnected or not self.writable.is_set():
            return False
        self.transport.write(text_frame(text))
        return True


class WebSocketWire(Wire):
    __slots__ = ("_protocol",)

    def __init__(self, protocol: WebSocketProtocol) -> None:
        super().__init__(protocol.transport)
        self._protocol = protocol

    def write(self, text: bytes) -> bool:
        return self._protocol.write_text(text)


def _offer(scope: MutableMapping[str, Any], wire: Wire) -> None:
    scope["extensions"] = {**scope.get("extensions", {}), EXTENSION: wire}
