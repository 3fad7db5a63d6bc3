"""Operations answered as a stream of events: the distinct connections mode of the graphql-sse protocol."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from resolvers.transport.callers import Caller
from resolvers.transport.engine import PreparedOperation
from resolvers.transport.masking import failures_masked
from resolvers.transport.outbox import Outbox
from resolvers.transport.refusals import Refusal
from resolvers.transport.service import Service
from resolvers.transport.wire import wire_of

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


class EventStream:
    """One operation's events. What is refused before the first of them is raised, for an ordinary answer."""

    def __init__(
        self, service: Service, prepared: PreparedOperation, caller: Caller, contexts: Callable[[], object]
    ) -> None:
        self._service = service
        self._prepared = prepared
        self._caller = caller
        self._contexts = contexts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire = wire_of(scope)
        outbox = Outbox(wire, _sender(send), self._service.limits)
        listener = EventListener(outbox)
        work = asyncio.create_task(self._follow(listener))
        ends: list[asyncio.Task[Any]] = [
            asyncio.create_task(_disconnected(receive)),
            asyncio.create_task(wire.stopping.wait()),
            asyncio.create_task(self._keep_alive(listener)),
        ]
        if self._caller.ended is not None:
            ends.append(asyncio.create_task(self._caller.ended()))
        try:
            await asyncio.wait([work, *ends], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
                await outbox.flushed()
        finally:
            for task in (work, *ends):
                task.cancel()
            await asyncio.gather(work, *ends, return_exceptions=True)
            if listener.begun:
                await _finished(outbox, send)

    async def _follow(self, listener: "EventListener") -> None:
        try:
            with failures_masked(), self._service.seats.taken_by(self._caller):
                member = await self._service.begin(self._prepared, self._caller, self._contexts, listener)
                if member is not None:
                    await member.rest()
        except Refusal as refusal:
            if not listener.begun:
                raise
            listener.next(orjson.dumps({"errors": refusal.errors}))
        listener.complete()

    async def _keep_alive(self, listener: "EventListener") -> None:
        while True:
            await asyncio.sleep(self._service.limits.keep_alive_seconds)
            listener.keep_alive()


class EventListener:
    """Writes events."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.begun = False

    def begin(self) -> None:
        self.begun = True
        self._outbox.push(b":\n\n")

    def next(self, response: bytes) -> None:
        self._outbox.push(b"event: next\ndata: %b\n\n" % response)

    def complete(self) -> None:
        self._outbox.push(b"event: complete\ndata: \n\n")

    def keep_alive(self) -> None:
        if self.begun:
            self._outbox.push(b":\n\n")

    async def ready(self) -> None:
        await self._outbox.ready()


def _sender(send: Send) -> Callable[[bytes], Coroutine[Any, Any, None]]:
    started = False

    async def send_event(event: bytes) -> None:
        nonlocal started
        if not started:
            started = True
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": event, "more_body": True})

    return send_event


async def _finished(outbox: Outbox, send: Send) -> None:
    """Ends the response, unless the client is gone or does not read."""
    if outbox.busy:
        outbox.give_up()
    if not outbox.closed:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
