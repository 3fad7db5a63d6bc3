"""A real uvicorn server in a thread, and clients for it."""

import socket
import threading
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Lifespan
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from resolvers.transport import Call, TransportLimits, graphql_routes, uvicorn_options
from tests.resolvers.transport.toy import Context, Ledger, toy_schema

SUBPROTOCOL = Subprotocol("graphql-transport-ws")


@dataclass
class Server:
    """A served toy schema."""

    port: int
    uvicorn: uvicorn.Server
    thread: threading.Thread
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()


def free_socket() -> socket.socket:
    """A listening socket on the first free port of the range that the tests may use."""
    for port in range(25000, 25500):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
        else:
            listener.listen(1024)
            return listener
    raise AssertionError("no free port")


@contextmanager
def serving(
    limits: TransportLimits | None = None,
    *,
    middleware: Sequence[Middleware] = (),
    lifespan: Lifespan[Starlette] | None = None,
    server_options: Mapping[str, Any] | None = None,
    **options: Any,
) -> Generator[Server]:
    """Serves the toy schema until the end of the block."""
    limits = limits or TransportLimits()
    ledger = Ledger()

    def make_context(call: Call) -> Context:
        return Context(call, ledger)

    routes = graphql_routes(toy_schema(), make_context, limits, **options)
    app = Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
    listener = free_socket()
    given: dict[str, Any] = {
        **uvicorn_options(limits),
        **(server_options or {}),
        "lifespan": "on" if lifespan else "off",
    }
    config = uvicorn.Config(app, log_level="critical", **given)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    running = Server(listener.getsockname()[1], server, thread, ledger)
    thread.start()
    try:
        yield running
    finally:
        running.stop()
        listener.close()


class Socket:
    """A WebSocket client that speaks JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def send_raw(self, frame: str | bytes) -> None:
        await self.connection.send(frame)

    async def receive(self) -> dict[str, Any]:
        return cast("dict[str, Any]", orjson.loads(await self.connection.recv()))

    async def init(self, **params: Any) -> None:
        await self.send(type="connection_init", payload=params)
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, id_: str, query: str, **payload: Any) -> None:
        await self.send(id=id_, type="subscribe", payload={"query": query, **payload})

    async def data(self, id_: str) -> Any:
        """The data of the next message, which must be a `next` of this operation."""
        message = await self.receive()
        assert (message["type"], message["id"]) == ("next", id_), message
        return message["payload"]["data"]

    async def alive(self) -> None:
        """Asserts that the server still answers, and has nothing else to say."""
        await self.send(type="ping", payload={"probe": "alive"})
        assert await self.receive() == {"type": "pong", "payload": {"probe": "alive"}}

    async def closed(self) -> tuple[int, str]:
        """The code and reason with which the server closes; messages before it are skipped."""
        with suppress(ConnectionClosed):
            while True:
                await self.connection.recv()
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def at(url: str, **options: Any) -> AsyncGenerator[Socket]:
    options = {"uri": url, "subprotocols": [SUBPROTOCOL], "max_size": None, "compression": None, **options}
    async with connect(**options) as connection:
        yield Socket(connection)


def websocket(server: Server, **options: Any) -> AbstractAsyncContextManager[Socket]:
    return at(server.websocket_url, **options)
