"""No GraphQL at all: a Starlette route with ready bytes, and a loop over WebSockets that sends ready bytes: PORT."""

import asyncio
from contextlib import suppress

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench.sides.events import Events
from bench.sides.memory import transition
from bench.sides.plain_schema import plain_schema
from bench.sides.serving import serve
from bench.workload import QUERIES
from resolvers.transport import TransportLimits, uvicorn_options
from schema.scalars import DATE_TIME


async def ready_answers() -> dict[str, bytes]:
    """The response to each document."""
    schema = plain_schema(Events())
    results = {document: await schema.execute(document, variables) for document, variables in QUERIES.values()}
    return {document: orjson.dumps({"data": result.data}) for document, result in results.items()}


class Floor:
    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self._sockets = set[WebSocket]()

    async def answer(self, request: Request) -> Response:
        document = orjson.loads(await request.body())["query"]
        return Response(self._answers[document], media_type="application/json")

    async def follow(self, socket: WebSocket) -> None:
        await socket.accept("graphql-transport-ws")
        await socket.receive_text()
        await socket.send_text('{"type":"connection_ack"}')
        await socket.receive_text()
        self._sockets.add(socket)
        with suppress(WebSocketDisconnect):
            await socket.receive_text()
        self._sockets.discard(socket)

    async def emit(self, number: int) -> None:
        text = frame(number)
        for socket in tuple(self._sockets):
            await socket.send_text(text)


def frame(number: int) -> str:
    """A `next` message with an event, as the other sides send it."""
    event = transition(number)
    shown = {
        "sequence": event.sequence,
        "cursor": event.cursor,
        "previous": event.previous,
        "phase": event.phase,
        "reason": event.reason,
        "at": DATE_TIME.serialize(event.at) if DATE_TIME.serialize else None,
    }
    payload = {"data": {"environmentPhaseChanged": shown}}
    return orjson.dumps({"id": "1", "type": "next", "payload": payload}).decode()


if __name__ == "__main__":
    floor = Floor(asyncio.run(ready_answers()))
    routes = [Route("/graphql", floor.answer, methods=["POST"]), WebSocketRoute("/graphql", floor.follow)]
    serve(routes, floor.emit, **uvicorn_options(TransportLimits()))
