"""Equal subscriptions share one execution, and nobody can tell."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from resolvers.transport import Call, Caller, TransportLimits, graphql_routes, uvicorn_options
from resolvers.transport.callers import ConnectionParams
from resolvers.transport.engine import Engine
from resolvers.transport.requests import GraphQLRequest
from resolvers.transport.sharing import Group
from tests.resolvers.transport.running import Socket, at, free_socket
from tests.resolvers.transport.ticker import Context, Log, Query, Subscription

pytestmark = pytest.mark.anyio

TICKS = "subscription ($after: String) { ticks(after: $after) { number noted } }"


class Ticker:
    """A server in the loop of the test, so that tests decide what happens between what."""

    def __init__(self, port: int, log: Log, revoked: asyncio.Event) -> None:
        self.log = log
        self.revoked = revoked
        self._port = port

    @asynccontextmanager
    async def client(self, **params: str) -> AsyncGenerator[Socket]:
        async with at(f"ws://127.0.0.1:{self._port}/graphql", max_queue=None) as socket:
            await socket.init(**params)
            yield socket


@pytest.fixture
async def ticker() -> AsyncGenerator[Ticker]:
    log, revoked = Log(), asyncio.Event()

    async def admit(_connection: HTTPConnection, params: ConnectionParams) -> Caller:
        async def ended() -> None:
            await revoked.wait()

        return Caller(share_key=params.get("share", "all"), ended=ended if "revocable" in params else None)

    def make_context(call: Call) -> Context:
        return Context(call, log)

    limits = TransportLimits(send_seconds=60, backlog_size=20_000)
    schema = strawberry.Schema(Query, subscription=Subscription)
    app = Starlette(routes=graphql_routes(schema, make_context, limits, admit=admit))
    options: dict[str, Any] = {**uvicorn_options(limits), "loop": "asyncio"}
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", **options))
    with free_socket() as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield Ticker(listener.getsockname()[1], log, revoked)
        server.should_exit = True
        await serving


async def eventually(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.005)


async def follow(socket: Socket, after: int | None = None, id_: str = "1", **more: Any) -> None:
    variables = {} if after is None else {"after": str(after)}
    await socket.subscribe(id_, more.pop("query", TICKS), variables={**variables, **more})


async def number(socket: Socket, id_: str = "1") -> int:
    tick = (await socket.data(id_))["ticks"]
    return tick["number"]


async def numbers(socket: Socket, count: int, id_: str = "1") -> list[int]:
    return [await number(socket, id_) for _ in range(count)]


async def test_an_event_is_executed_once_for_all(ticker: Ticker) -> None:
    async with ticker.client() as one, ticker.client() as two, ticker.client() as three:
        for socket in (one, two, three):
            await follow(socket, 0)
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.write(3)
        for socket in (one, two, three):
            assert await numbers(socket, 3) == [1, 2, 3]
        assert ticker.log.executed == {1: 1, 2: 1, 3: 1}


async def test_each_client_gets_them_under_its_own_id(ticker: Ticker) -> None:
    async with ticker.client() as socket:
        await follow(socket, 0, "a")
        await follow(socket, 0, 'quoted "b"')
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.write()
        messages = [await socket.receive(), await socket.receive()]
        assert {message["id"] for message in messages} == {"a", 'quoted "b"'}
        assert ticker.log.executed == {1: 1}


async def test_a_late_one_gets_its_snapshot_and_then_the_shared_events(ticker: Ticker) -> None:
    async with ticker.client() as early, ticker.client() as late:
        await follow(early, 0)
        ticker.log.write(2)
        assert await numbers(early, 2) == [1, 2]
        await follow(late)
        assert await number(late) == 2
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.write()
        assert (await number(early), await number(late)) == (3, 3)
        assert ticker.log.executed == {1: 1, 2: 2, 3: 1}


async def test_one_with_another_cursor_catches_up_and_then_joins(ticker: Ticker) -> None:
    async with ticker.client() as current, ticker.client() as behind:
        ticker.log.write(5)
        await follow(current, 5)
        await follow(behind, 2)
        assert await numbers(behind, 3) == [3, 4, 5]
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.write()
        assert (await number(current), await number(behind)) == (6, 6)
        assert ticker.log.executed == {3: 1, 4: 1, 5: 1, 6: 1}


async def test_one_that_comes_during_an_execution_misses_and_doubles_nothing(ticker: Ticker) -> None:
    async with ticker.client() as first, ticker.client() as before, ticker.client() as ahead:
        await follow(first, 0)
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.gate.clear()
        ticker.log.write()
        await asyncio.sleep(0)
        await follow(before, 0)
        await follow(ahead, 1)
        await eventually(lambda: ticker.log.open_sources == 1)
        ticker.log.gate.set()
        ticker.log.write()
        assert await numbers(first, 2) == [1, 2]
        assert await numbers(before, 2) == [1, 2]
        assert await number(ahead) == 2


async def test_what_differs_is_not_shared(ticker: Ticker) -> None:
    count = 2
    other_document = "subscription ($after: String) { ticks(after: $after) { noted number } }"
    other_variable = (
        "subscription ($after: String, $mark: String!) { ticks(after: $after) { number noted(mark: $mark) } }"
    )
    async with ticker.client() as socket, ticker.client(share="others") as others:
        await follow(socket, 0, "plain")
        await follow(socket, 0, "document", query=other_document)
        await follow(socket, 0, "variable a", query=other_variable, mark="a")
        await follow(socket, 0, "variable b", query=other_variable, mark="b")
        await follow(others, 0, "permission")
        await socket.alive()
        ticker.log.write(count)
        messages = [await socket.receive() for _ in range(4 * count)]
        assert await numbers(others, count, "permission") == [1, 2]
        ticks = [(message["id"], message["payload"]["data"]["ticks"]) for message in messages]
        noted = {id_: tick["noted"] for id_, tick in ticks if tick["number"] == count}
        assert noted == {"plain": "x2", "document": "x2", "variable a": "a2", "variable b": "b2"}
        assert ticker.log.executed == {1: 5, 2: 5}
        # What one document has loaded for an event serves the other documents, but never another permission
        assert len(ticker.log.contexts) == 2 * count


async def test_a_cursor_that_the_selection_uses_too_is_no_mere_cursor(ticker: Ticker) -> None:
    query = "subscription ($after: String!) { ticks(after: $after) { number noted(mark: $after) } }"
    async with ticker.client() as one, ticker.client() as two:
        ticker.log.write(1)
        await follow(one, 0, query=query)
        await follow(two, 1, query=query)
        assert (await one.data("1"))["ticks"]["noted"] == "01"
        await two.alive()
        ticker.log.write()
        assert (await one.data("1"))["ticks"]["noted"] == "02"
        assert (await two.data("1"))["ticks"]["noted"] == "12"


async def test_who_leaves_harms_nobody_and_the_last_one_ends_it(ticker: Ticker) -> None:
    async with ticker.client() as stays:
        async with ticker.client() as creator, ticker.client() as dropped:
            for socket in (creator, dropped, stays):
                await follow(socket, 0)
                await socket.alive()
            await creator.send(id="1", type="complete")
            await creator.alive()
            ticker.log.write()
            assert (await number(stays), await number(dropped)) == (1, 1)
            await creator.alive()
            dropped.connection.transport.abort()
        ticker.log.write()
        assert await number(stays) == 2
        await stays.send(id="1", type="complete")
        await eventually(lambda: ticker.log.open_sources == 0)
        await follow(stays, 1)
        assert await number(stays) == 2


async def test_who_loses_the_right_leaves_and_the_others_stay(ticker: Ticker) -> None:
    async with ticker.client(revocable="yes") as revoked, ticker.client() as stays:
        for socket in (revoked, stays):
            await follow(socket, 0)
            await socket.alive()
        ticker.revoked.set()
        assert await revoked.closed() == (4403, "Forbidden")
        ticker.log.write()
        assert await number(stays) == 1
        await stays.alive()


async def test_who_does_not_read_is_cut_and_slows_nobody(ticker: Ticker) -> None:
    query = "subscription ($after: String, $mark: String!) { ticks(after: $after) { number noted(mark: $mark) } }"
    big = "x" * 50_000
    async with ticker.client() as stuck, ticker.client() as reads:
        for socket in (stuck, reads):
            await follow(socket, 0, query=query, mark=big)
            await socket.alive()
        assert ticker.log.open_sources == 1
        stuck.connection.transport.pause_reading()
        for event in range(1, 400):
            ticker.log.write()
            assert await number(reads) == event
        stuck.connection.transport.resume_reading()
        assert (await stuck.closed())[0] == 1006
        ticker.log.write()
        assert await number(reads) == 400


async def test_completes_for_all(ticker: Ticker) -> None:
    async with ticker.client() as one, ticker.client() as two:
        for socket in (one, two):
            await follow(socket, 0)
            await socket.alive()
        ticker.log.write()
        ticker.log.end()
        for socket in (one, two):
            assert await number(socket) == 1
            assert await socket.receive() == {"id": "1", "type": "complete"}
        await follow(one, 1, "again")
        assert await one.receive() == {"id": "again", "type": "complete"}
        assert ticker.log.open_sources == 0


async def test_fails_for_all_with_one_reference(ticker: Ticker, log: list[Any]) -> None:
    async with ticker.client() as one, ticker.client() as two:
        for socket in (one, two):
            await follow(socket, 0)
            await socket.alive()
        before = len(log)
        ticker.log.end(failed=True)
        errors = [await socket.receive() for socket in (one, two)]
        assert errors[0] == errors[1]
        assert errors[0]["type"] == "error"
        assert errors[0]["payload"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert len(log) == before + 1
        await one.alive()


async def test_a_refused_one_is_refused_alone(ticker: Ticker) -> None:
    async with ticker.client() as wrong, ticker.client() as right:
        await follow(right, 0)
        await wrong.subscribe("1", TICKS, variables={"after": "somewhere"})
        message = await wrong.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "CURSOR_INVALID")
        ticker.log.write()
        assert await number(right) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_clients_that_come_and_go_get_everything_once_and_in_order(ticker: Ticker, seed: int) -> None:
    chance = random.Random(seed)
    total = 150

    async def client() -> list[int]:
        seen: list[int] = []
        while not seen or seen[-1] < total:
            async with ticker.client() as socket:
                await follow(socket, seen[-1] if seen else 0)
                for _ in range(chance.randint(1, 30)):
                    seen.append(await number(socket))
                    if seen[-1] == total:
                        break
                if chance.random() < 0.5:
                    socket.connection.transport.abort()
        return seen

    async def writer() -> None:
        while ticker.log.last < total:
            ticker.log.write(min(chance.randint(1, 4), total - ticker.log.last))
            if chance.random() < 0.2:
                ticker.log.gate.clear()
                await asyncio.sleep(chance.random() * 0.005)
                ticker.log.gate.set()
            await asyncio.sleep(chance.random() * 0.004)

    *seen, _ = await asyncio.gather(*(client() for _ in range(12)), writer())
    assert seen == [list(range(1, total + 1))] * 12
    await eventually(lambda: ticker.log.open_sources == 0)


class Scripted:
    """A client of a group, in place of its socket."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.then: Callable[[], None] = lambda: None

    def begin(self) -> None: ...

    async def ready(self) -> None: ...

    def next(self, response: bytes) -> None:
        self.taken.append(response)
        self.then()


async def test_who_leaves_while_an_event_goes_out_is_not_sent_it() -> None:
    log = Log()
    engine = Engine(strawberry.Schema(Query, subscription=Subscription), TransportLimits())
    prepared = engine.prepare(GraphQLRequest("subscription { ticks { number } }", None, {}, {}))
    call = Call(Caller(), HTTPConnection({"type": "http"}), {})
    group = Group(await engine.subscribe(prepared, lambda: Context(call, log)), 0, lambda _: None)
    clients = [Scripted(), Scripted(), Scripted()]
    members = [group.join(client, 0) for client in clients]
    assert members[0] is not None
    assert members[1] is not None
    assert members[2] is not None
    clients[0].then = members[1].leave
    log.write()
    await eventually(lambda: len(clients[2].taken) == 1)
    assert [len(client.taken) for client in clients] == [1, 0, 1]
    members[0].leave()
    members[2].leave()
