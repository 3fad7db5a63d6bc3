"""The other end of a WebSocket: hearing texts from it, sending it texts, closing."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from resolvers.transport.limits import TransportLimits
from resolvers.transport.messages import PING, Closed
from resolvers.transport.outbox import Outbox
from resolvers.transport.wire import wire_of


class Gone(Exception):
    """The client has closed the connection, or does not answer any more."""


class Peer:
    """One accepted WebSocket."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: TransportLimits) -> None:
        self._receive = receive
        self._send = send
        self._limits = limits
        self.outbox = Outbox(wire_of(scope), self._send_text, limits)

    async def text_within(self, seconds: float) -> str | None:
        """What it says next; None when it says nothing for so long."""
        try:
            async with asyncio.timeout(seconds):
                event = await self._receive()
        except TimeoutError:
            return None
        return _text_of(event)

    async def text_after_ping(self) -> str:
        """What it says next, asked for a sign of life. A peer that gives none is cut off."""
        self.outbox.push(PING)
        text = await self.text_within(self._limits.pong_seconds)
        if text is None:
            self.outbox.give_up()
            raise Gone
        return text

    async def close(self, closed: Closed) -> None:
        """Closes once the peer has taken what it was sent before; a peer that does not read is cut off."""
        await self.outbox.flushed()
        if not self.outbox.closed:
            self.outbox.closed = True
            await self._send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})

    async def _send_text(self, text: bytes) -> None:
        await self._send({"type": "websocket.send", "text": text.decode()})


def _text_of(event: Message) -> str:
    if event["type"] == "websocket.disconnect":
        raise Gone
    if event.get("text") is None:
        raise Closed(4400, "Messages must be text")
    return event["text"]
