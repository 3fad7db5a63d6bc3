"""GraphQL over WebSocket: the graphql-transport-ws protocol."""

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from time import monotonic
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from resolvers.transport.callers import Caller, ConnectionParams
from resolvers.transport.masking import failures_masked
from resolvers.transport.messages import (
    ACKNOWLEDGED,
    PING,
    SUBPROTOCOL,
    Closed,
    Complete,
    ConnectionInit,
    Message,
    Ping,
    Pong,
    Subscribe,
    complete,
    error,
    message_from,
    next_prefix,
    pong,
)
from resolvers.transport.outbox import Outbox
from resolvers.transport.refusals import Code, Refusal, formatted
from resolvers.transport.requests import GraphQLRequest
from resolvers.transport.service import Service
from resolvers.transport.wire import wire_of


class WebSocketEndpoint:
    """Speaks the protocol with each client that connects."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        await Connection(self._service, scope, receive, send).serve()


class Connection:
    """One client's connection: a loop that reads, and a task for every operation."""

    def __init__(self, service: Service, scope: Scope, receive: Receive, send: Send) -> None:
        self._service = service
        self._limits = service.limits
        self._http = HTTPConnection(scope)
        self._receive = receive
        self._send = send
        self._wire = wire_of(scope)
        self._outbox = Outbox(self._send_text, self._wire.cut, service.limits)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seat = ExitStack()
        self._init_received = False
        self._caller: Caller | None = None
        self._params: ConnectionParams = {}
        self._opened = self._last_operation = monotonic()

    async def serve(self) -> None:
        try:
            while (text := await self._next_text()) is not None:
                self._handle(message_from(text))
        except Closed as closed:
            await self._close(closed)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._seat.close()
            if self._outbox.busy:
                self._outbox.give_up()

    # Reading

    async def _next_text(self) -> str | None:
        """The next message; None when the client is gone. A silent client is pinged, and dropped if it stays silent."""
        event = await self._event_within(self._patience())
        if event is None:
            self._check_silence()
            self._outbox.push(PING)
            event = await self._event_within(self._limits.pong_seconds)
        if event is None:
            self._outbox.give_up()
            return None
        if event["type"] == "websocket.disconnect":
            return None
        if event.get("text") is None:
            raise Closed(4400, "Messages must be text")
        return event["text"]

    def _patience(self) -> float:
        if self._init_received:
            return self._limits.ping_seconds
        return max(self._opened + self._limits.init_seconds - monotonic(), 0)

    async def _event_within(self, seconds: float) -> Any:
        try:
            async with asyncio.timeout(seconds):
                return await self._receive()
        except TimeoutError:
            return None

    def _check_silence(self) -> None:
        if not self._init_received:
            raise Closed(4408, "Connection initialisation timeout")
        if not self._operations and monotonic() - self._last_operation > self._limits.idle_seconds:
            raise Closed(1001, "Idle")

    # Messages

    def _handle(self, message: Message) -> None:
        match message:
            case ConnectionInit(params):
                self._init(params)
            case Ping(payload):
                self._outbox.push(pong(payload))
            case Pong():
                pass
            case Subscribe(id_, request):
                self._subscribe(id_, request)
            case Complete(id_):
                if task := self._operations.pop(id_, None):
                    task.cancel()

    def _init(self, params: dict[str, Any]) -> None:
        if self._init_received:
            raise Closed(4429, "Too many initialisation requests")
        self._init_received = True
        self._spawn(self._admit(params))

    def _subscribe(self, id_: str, request: GraphQLRequest) -> None:
        if self._caller is None:
            raise Closed(4401, "Unauthorized")
        if id_ in self._operations:
            raise Closed(4409, f"Subscriber for {id_} already exists")
        if len(self._operations) >= self._limits.operations_per_connection:
            message = f"More than {self._limits.operations_per_connection} operations at once."
            self._outbox.push(error(id_, [formatted(message, Code.TOO_MANY_OPERATIONS)]))
            return
        self._last_operation = monotonic()
        self._operations[id_] = self._spawn(self._operate(id_, request, self._caller))

    # Work

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _admit(self, params: dict[str, Any]) -> None:
        try:
            with failures_masked():
                caller = await self._service.admit(self._http, params)
                self._seat.enter_context(self._service.seats.taken_by(caller))
        except Refusal as refusal:
            await self._close(_verdict(refusal))
            return
        self._caller, self._params = caller, params
        self._outbox.push(ACKNOWLEDGED)
        if caller.ended is not None:
            await caller.ended()
            await self._close(Closed(4403, "Forbidden"))

    async def _operate(self, id_: str, request: GraphQLRequest, caller: Caller) -> None:
        listener = OperationListener(id_, self._outbox)
        try:
            with failures_masked():
                prepared = self._service.engine.prepare(request)
                contexts = self._service.contexts(caller, self._http, self._params)
                await self._service.follow(prepared, caller, contexts, listener)
            last = complete(id_)
        except Refusal as refusal:
            last = error(id_, refusal.errors)
        del self._operations[id_]
        self._last_operation = monotonic()
        self._outbox.push(last)

    # Writing

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _close(self, closed: Closed) -> None:
        """Closes once the client has taken what it was sent before; a client that does not read is cut off."""
        await self._outbox.flushed()
        if not self._outbox.closed:
            self._outbox.closed = True
            await self._send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})


class OperationListener:
    """Writes the results of one operation."""

    def __init__(self, id_: str, outbox: Outbox) -> None:
        self._prefix = next_prefix(id_)
        self._outbox = outbox

    def begin(self) -> None:
        pass

    def next(self, response: str) -> None:
        self._outbox.push(f"{self._prefix}{response}}}")

    async def ready(self) -> None:
        await self._outbox.flushed()


def _verdict(refusal: Refusal) -> Closed:
    """How a refused `connection_init` closes the connection."""
    match refusal.errors[0].get("extensions", {}).get("code"):
        case Code.TOO_MANY_CONNECTIONS:
            return Closed(1013, str(refusal))
        case Code.INTERNAL_SERVER_ERROR:
            return Closed(4500, str(refusal))
        case _:
            return Closed(4403, "Forbidden")
