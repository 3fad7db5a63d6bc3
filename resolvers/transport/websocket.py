"""GraphQL over WebSocket: the graphql-transport-ws protocol."""

import asyncio
from collections.abc import Coroutine
from time import monotonic
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from resolvers.transport import messages
from resolvers.transport.callers import Caller, ConnectionParams
from resolvers.transport.masking import failures_masked
from resolvers.transport.messages import Closed, Complete, ConnectionInit, Ping, Pong, Subscribe
from resolvers.transport.outbox import Outbox
from resolvers.transport.peer import Gone, Peer
from resolvers.transport.refusals import Code, Refusal, formatted
from resolvers.transport.service import Service
from resolvers.transport.sharing import Member


class WebSocketEndpoint:
    """Speaks the protocol with each client that connects."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if messages.SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": messages.SUBPROTOCOL})
        peer = Peer(scope, receive, send, self._service.limits)
        await Connection(self._service, HTTPConnection(scope), peer).serve()


class Connection:
    """One client's connection: a loop that listens, and a task for every operation."""

    def __init__(self, service: Service, http: HTTPConnection, peer: Peer) -> None:
        self._service = service
        self._limits = service.limits
        self._http = http
        self._peer = peer
        self._outbox = peer.outbox
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seated: Caller | None = None
        self._init_received = False
        self._caller: Caller | None = None
        self._params: ConnectionParams = {}
        self._opened = self._last_busy = monotonic()

    async def serve(self) -> None:
        try:
            while True:
                self._handle(messages.message_from(await self._next_text()))
        except Closed as closed:
            await self._peer.close(closed)
        except Gone:
            pass
        finally:
            await self._end()

    async def _next_text(self) -> str:
        patience = self._limits.ping_seconds if self._init_received else self._time_for_init()
        text = await self._peer.text_within(patience)
        if text is not None:
            return text
        if not self._init_received:
            raise Closed(4408, "Connection initialisation timeout")
        if self._idle_seconds() > self._limits.idle_seconds:
            raise Closed(1001, "Idle")
        return await self._peer.text_after_ping()

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._seated is not None:
            self._service.seats.give_back(self._seated)
        if self._outbox.busy:
            self._outbox.give_up()

    def _handle(self, message: messages.Message) -> None:
        match message:
            case ConnectionInit(params):
                self._init(params)
            case Ping(payload):
                self._outbox.push(messages.pong(payload))
            case Pong():
                pass
            case Subscribe():
                self._subscribe(message)
            case Complete(id_):
                if task := self._operations.pop(id_, None):
                    task.cancel()

    def _init(self, params: dict[str, Any]) -> None:
        if self._init_received:
            raise Closed(4429, "Too many initialisation requests")
        self._init_received = True
        self._spawn(self._admit(params))

    def _subscribe(self, message: Subscribe) -> None:
        if self._caller is None:
            raise Closed(4401, "Unauthorized")
        if message.id in self._operations:
            raise Closed(4409, f"Subscriber for {message.id} already exists")
        limit = self._limits.operations_per_connection
        if len(self._operations) >= limit:
            refusal = formatted(f"More than {limit} operations at once.", Code.TOO_MANY_OPERATIONS)
            self._outbox.push(messages.error(message.id, [refusal]))
            return
        self._operations[message.id] = self._spawn(self._operate(message, self._caller))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _admit(self, params: dict[str, Any]) -> None:
        """Outside of the loop that listens, so that pings are answered meanwhile."""
        try:
            async with asyncio.timeout(self._time_for_init()):
                caller = await self._admitted(params)
        except TimeoutError:
            return await self._peer.close(Closed(4408, "Connection initialisation timeout"))
        except Refusal as refusal:
            return await self._peer.close(_verdict(refusal))
        self._caller, self._params = caller, params
        self._last_busy = monotonic()
        self._outbox.push(messages.ACKNOWLEDGED)
        if caller.ended is not None:
            await caller.ended()
            # What was sent before the client could hear of the end is not executed
            self._caller = None
            await self._peer.close(Closed(4403, "Forbidden"))
        return None

    async def _admitted(self, params: dict[str, Any]) -> Caller:
        with failures_masked():
            caller = await self._service.admit(self._http, params)
            self._service.seats.take(caller)
            self._seated = caller
            return caller

    async def _operate(self, message: Subscribe, caller: Caller) -> None:
        id_, beginning = message.id, self._begin(message, caller)
        del message  # the longest time it is idle, and needs nothing of its document any more
        try:
            member = await beginning
            if member is not None:
                await member.rest()
            last = messages.complete(id_)
        except Refusal as refusal:
            last = messages.error(id_, refusal.errors)
        if self._operations.get(id_) is not asyncio.current_task():
            return
        # Free before the client can hear of it: it may use the id again at once
        del self._operations[id_]
        self._last_busy = monotonic()
        self._outbox.push(last)

    async def _begin(self, message: Subscribe, caller: Caller) -> Member | None:
        listener = OperationListener(message.id, self._outbox)
        with failures_masked():
            prepared = self._service.engine.prepare(message.request)
            await self._service.throttle(prepared, caller, self._http, self._params)
            contexts = self._service.contexts(caller, self._http, self._params)
            return await self._service.begin(prepared, caller, contexts, listener)

    def _idle_seconds(self) -> float:
        return 0 if self._operations or self._caller is None else monotonic() - self._last_busy

    def _time_for_init(self) -> float:
        return max(self._opened + self._limits.init_seconds - monotonic(), 0)


class OperationListener:
    """Writes the results of one operation."""

    def __init__(self, id_: str, outbox: Outbox) -> None:
        self._prefix = messages.next_prefix(id_)
        self._outbox = outbox

    def begin(self) -> None:
        pass

    def next(self, response: bytes) -> None:
        self._outbox.push(b"%b%b}" % (self._prefix, response))

    async def ready(self) -> None:
        await self._outbox.ready()


def _verdict(refusal: Refusal) -> Closed:
    """How a refused `connection_init` closes the connection."""
    match refusal.errors[0].get("extensions", {}).get("code"):
        case Code.TOO_MANY_CONNECTIONS | Code.IDENTITY_UNAVAILABLE:
            return Closed(1013, str(refusal))
        case Code.INTERNAL_SERVER_ERROR:
            return Closed(4500, str(refusal))
        case Code.UNAUTHENTICATED:
            return Closed(4403, f"Forbidden: {refusal}")
        case _:
            return Closed(4403, "Forbidden")
