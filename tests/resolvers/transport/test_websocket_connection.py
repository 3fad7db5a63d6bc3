"""graphql-transport-ws: opening, acknowledging, pinging and closing a connection."""

import asyncio
from collections.abc import Generator
from typing import Any

import pytest
from starlette.requests import HTTPConnection
from websockets.typing import Subprotocol

from resolvers.transport import Caller, TransportLimits, forbidden
from resolvers.transport.callers import ConnectionParams
from tests.resolvers.transport.running import Server, serving, websocket

pytestmark = pytest.mark.anyio


class Doorkeeper:
    """Admits by what `connection_init` says."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def __call__(self, connection: HTTPConnection, params: ConnectionParams) -> Caller:
        match params.get("token"):
            case "bad":
                raise forbidden()
            case "broken":
                raise RuntimeError("SELECT secret")
            case "slow":
                await asyncio.sleep(0.3)
            case "stuck":
                await asyncio.sleep(30)
            case "short":
                return Caller(viewer="short", ended=self._soon)
            case _:
                pass
        return Caller(viewer=params.get("token"), name=str(params.get("name")) if "name" in params else None)

    async def _soon(self) -> None:
        await asyncio.sleep(0.2)


@pytest.fixture(scope="module")
def strict(log: list[Any]) -> Generator[Server]:
    """A server with limits that a test can reach."""
    limits = TransportLimits(
        init_seconds=0.5,
        ping_seconds=0.3,
        pong_seconds=0.3,
        idle_seconds=0.1,
        operations_per_connection=2,
        connections_per_caller=2,
    )
    with serving(limits, admit=Doorkeeper()) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(log: list[Any]) -> Generator[Server]:
    with serving(TransportLimits(connections_per_caller=2, init_seconds=1), admit=Doorkeeper()) as running:
        yield running


async def test_the_subprotocol_is_selected(server: Server) -> None:
    async with websocket(server) as socket:
        assert socket.connection.subprotocol == "graphql-transport-ws"


async def test_the_subprotocol_is_selected_among_others(server: Server) -> None:
    offered = [Subprotocol("graphql-ws"), Subprotocol("graphql-transport-ws")]
    async with websocket(server, subprotocols=offered) as socket:
        assert socket.connection.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("offered", [None, [Subprotocol("graphql-ws")], [Subprotocol("chat")]])
async def test_without_an_acceptable_subprotocol_the_connection_closes_4406(
    server: Server, offered: list[Subprotocol] | None
) -> None:
    async with websocket(server, subprotocols=offered) as socket:
        assert socket.connection.subprotocol is None
        assert await socket.closed() == (4406, "Subprotocol not acceptable")


async def test_connection_init_is_acknowledged(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="connection_init")
        assert await socket.receive() == {"type": "connection_ack"}


@pytest.mark.parametrize("payload", [None, {}, {"token": "t", "nested": {"a": [1]}}])
async def test_connection_init_takes_an_object_or_nothing(server: Server, payload: object) -> None:
    async with websocket(server) as socket:
        await socket.send(type="connection_init", payload=payload)
        assert await socket.receive() == {"type": "connection_ack"}


async def test_connection_params_reach_the_context(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.init(token="t")
        await socket.subscribe("1", "{ params }")
        assert await socket.data("1") == {"params": "{'token': 't'}"}


async def test_a_second_init_closes_4429(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.init()
        await socket.send(type="connection_init")
        assert await socket.closed() == (4429, "Too many initialisation requests")


async def test_a_second_init_before_the_acknowledgement_closes_4429(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.send(type="connection_init", payload={"token": "slow"})
        await socket.send(type="connection_init", payload={})
        assert (await socket.closed())[0] == 4429


async def test_without_an_init_in_time_the_connection_closes_4408(strict: Server) -> None:
    async with websocket(strict) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_pings_do_not_prolong_the_time_for_the_init(strict: Server) -> None:
    async with websocket(strict) as socket:

        async def ping() -> None:
            while True:
                await socket.send(type="ping")
                await asyncio.sleep(0.05)

        pinging = asyncio.create_task(ping())
        assert (await asyncio.wait_for(socket.closed(), 5))[0] == 4408
        pinging.cancel()
        await asyncio.gather(pinging, return_exceptions=True)


async def test_an_init_that_is_never_decided_closes_4408(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.send(type="connection_init", payload={"token": "stuck"})
        assert (await asyncio.wait_for(socket.closed(), 5))[0] == 4408


async def test_a_refused_init_closes_4403(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.send(type="connection_init", payload={"token": "bad"})
        assert await socket.closed() == (4403, "Forbidden")


async def test_a_broken_init_closes_4500_and_tells_nothing(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.send(type="connection_init", payload={"token": "broken"})
        code, reason = await socket.closed()
    assert code == 4500
    assert reason.startswith("Internal server error. Reference: ")


async def test_pings_are_answered_while_the_init_is_decided(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.send(type="connection_init", payload={"token": "slow"})
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}
        assert await socket.receive() == {"type": "connection_ack"}


async def test_a_subscribe_before_the_init_closes_4401(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.subscribe("1", "{ hello }")
        assert await socket.closed() == (4401, "Unauthorized")


async def test_a_subscribe_before_the_acknowledgement_closes_4401(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.send(type="connection_init", payload={"token": "slow"})
        await socket.subscribe("1", 'mutation { note(text: "early") }')
        assert (await socket.closed())[0] == 4401
    assert "early" not in guarded.ledger.mutations


async def test_pings_are_answered_before_the_init(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


async def test_a_ping_may_have_a_null_payload(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="ping", payload=None)
        assert await socket.receive() == {"type": "pong"}


async def test_a_pong_carries_the_payload_of_its_ping(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="ping", payload={"a": [1, {"b": None}]})
        assert await socket.receive() == {"type": "pong", "payload": {"a": [1, {"b": None}]}}


@pytest.mark.parametrize("payload", [None, {}, {"a": 1}])
async def test_an_unsolicited_pong_is_ignored(server: Server, payload: object) -> None:
    async with websocket(server) as socket:
        await socket.send(type="pong", payload=payload)
        await socket.alive()


async def test_a_complete_before_the_init_is_ignored(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="complete", id="1")
        await socket.alive()


async def test_a_silent_peer_is_pinged(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.init()
        await socket.subscribe("1", "subscription { forever }")
        await socket.data("1")
        assert await asyncio.wait_for(socket.receive(), 5) == {"type": "ping"}


async def test_a_peer_that_answers_pings_stays(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.init()
        await socket.subscribe("1", "subscription { forever }")
        await socket.data("1")
        for _ in range(3):
            assert await asyncio.wait_for(socket.receive(), 5) == {"type": "ping"}
            await socket.send(type="pong")
        await socket.alive()


async def test_a_peer_that_answers_no_ping_is_cut_off(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.init()
        await socket.subscribe("1", "subscription { forever }")
        await asyncio.wait_for(socket.closed(), 5)
        assert socket.connection.close_code == 1006


async def test_an_idle_connection_is_closed_so_that_clients_come_back(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.init()
        assert await asyncio.wait_for(socket.closed(), 5) == (1001, "Idle")


async def test_a_caller_whose_rights_end_is_closed_4403(guarded: Server) -> None:
    async with websocket(guarded) as socket:
        await socket.init(token="short")
        await socket.subscribe("1", "subscription { forever }")
        assert await asyncio.wait_for(socket.closed(), 5) == (4403, "Forbidden")


async def test_too_many_connections_of_one_caller_are_closed_1013(guarded: Server) -> None:
    async with websocket(guarded) as one, websocket(guarded) as two, websocket(guarded) as other:
        await one.init(name="ann")
        await two.init(name="ann")
        await other.init(name="bob")
        async with websocket(guarded) as three:
            await three.send(type="connection_init", payload={"name": "ann"})
            assert (await three.closed())[0] == 1013


async def test_a_closed_connection_makes_room_for_another(guarded: Server) -> None:
    for _ in range(5):
        async with websocket(guarded) as socket:
            await socket.init(name="carl")
            await socket.connection.close()


async def test_too_many_operations_are_refused_alone(strict: Server) -> None:
    async with websocket(strict) as socket:
        await socket.init()
        for id_ in ("1", "2"):
            await socket.subscribe(id_, "subscription { forever }")
            await socket.data(id_)
        await socket.subscribe("3", "{ hello }")

        refused = await socket.receive()

        assert (refused["type"], refused["id"]) == ("error", "3")
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        await socket.alive()


async def test_a_stopping_server_closes_1012_and_ends_all_streams(log: list[Any]) -> None:
    with serving() as stopping:
        async with websocket(stopping) as socket:
            await socket.init()
            for id_ in ("1", "2"):
                await socket.subscribe(id_, "subscription { forever }")
                await socket.data(id_)
            started = asyncio.get_running_loop().time()
            await asyncio.to_thread(stopping.stop)
            assert (await socket.closed())[0] == 1012
        assert asyncio.get_running_loop().time() - started < 2
        assert (stopping.ledger.opened, stopping.ledger.closed) == (2, 2)
