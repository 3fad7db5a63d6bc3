"""A client that stops reading costs a bounded amount of memory, for a bounded time, and harms nobody."""

import asyncio
import json
import socket
from collections.abc import Callable, Generator
from time import monotonic
from typing import Any

import pytest

from resolvers.transport import TransportLimits
from tests.resolvers.transport.running import Server, serving, websocket

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def impatient(log: list[Any]) -> Generator[Server]:
    with serving(TransportLimits(send_seconds=0.5)) as running:
        yield running


async def eventually(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_a_websocket_that_is_not_read_is_cut_off_and_its_generator_ended(impatient: Server) -> None:
    async with websocket(impatient, max_queue=1) as stuck:
        await stuck.init()
        await stuck.subscribe("1", "subscription { forever }")
        await stuck.data("1")
        await stuck.subscribe("2", "subscription { flood }")
        stuck.connection.transport.pause_reading()

        await eventually(lambda: impatient.ledger.closed == impatient.ledger.opened)

        async with websocket(impatient) as other:
            await other.init()
            await other.alive()
        stuck.connection.transport.abort()


async def test_a_slow_websocket_reader_gets_everything(impatient: Server) -> None:
    async with websocket(impatient, max_queue=1) as slow:
        await slow.init()
        await slow.subscribe("1", "subscription { flood(size: 200000) }")
        for _ in range(30):
            assert len((await slow.data("1"))["flood"]) == 200_000
            await asyncio.sleep(0.01)
        slow.connection.transport.abort()


async def test_a_connection_that_must_be_closed_is_closed_while_its_streams_have_more_to_say(server: Server) -> None:
    async with websocket(server, max_queue=1) as slow:
        await slow.init()
        for id_ in ("1", "2", "3"):
            await slow.subscribe(id_, "subscription { flood(size: 300000) }")
        for _ in range(10):
            await slow.receive()
        await slow.send_raw("nonsense")
        assert (await asyncio.wait_for(slow.closed(), 10))[0] == 4400


async def test_an_event_stream_that_is_not_read_is_cut_off(impatient: Server) -> None:
    body = json.dumps({"query": "subscription { flood }"})
    with socket.create_connection(("127.0.0.1", impatient.port)) as stuck:
        stuck.sendall(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            f"accept: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
        )

        def cut_off() -> bool:
            return not impatient.uvicorn.server_state.tasks

        await eventually(lambda: bool(impatient.uvicorn.server_state.tasks))
        await eventually(cut_off)
