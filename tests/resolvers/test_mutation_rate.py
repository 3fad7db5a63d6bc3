"""Mutations per minute and caller: across processes, over HTTP and WebSocket, and not without Redis."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from embedded import redis as embedded_redis
from resolvers.mutation_rate import MutationRate
from resolvers.transport import AskedMutations, Call, Caller
from resolvers.transport.callers import ConnectionParams
from tests.redis_that_hangs_up import hanging_up
from tests.resolvers.transport.running import Server, serving, websocket

pytestmark = pytest.mark.anyio

PER_MINUTE = 5


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def log() -> Generator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    running = embedded_redis.start(tmp_path_factory.mktemp("redis"))
    yield running.url
    running.stop()


async def admit(connection: HTTPConnection, params: ConnectionParams) -> Caller:
    name = params.get("name") or connection.headers.get("x-name")
    return Caller(name=str(name) if name else None)


@contextmanager
def limited(url: str) -> Generator[Server]:
    rate = MutationRate(url, "test", PER_MINUTE)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        await rate.aclose()

    async def throttle(call: Call, mutations: AskedMutations) -> None:
        await rate(call.caller, mutations.count)

    with serving(admit=admit, throttle=throttle, lifespan=lifespan) as running:
        yield running


@pytest.fixture(scope="module")
def processes(redis_url: str, log: list[Any]) -> Generator[tuple[Server, Server]]:
    """Two that know nothing of each other but Redis."""
    with limited(redis_url) as one, limited(redis_url) as other:
        yield one, other


async def note(server: Server, text: str, name: str = "", times: int = 1) -> httpx.Response:
    fields = " ".join(f'n{number}: note(text: "{text}")' for number in range(times))
    async with httpx.AsyncClient() as client:
        return await client.post(server.url, json={"query": f"mutation {{ {fields} }}"}, headers={"x-name": name})


async def test_more_than_so_many_are_refused_wherever_they_come_in(
    processes: tuple[Server, Server], log: list[structlog.typing.EventDict]
) -> None:
    answers = [await note(processes[number % 2], "ann", "ann") for number in range(PER_MINUTE)]
    assert {response.status_code for response in answers} == {200}

    for server in processes:
        refused = await note(server, "too much", "ann")
        assert refused.status_code == 429
        [error] = refused.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 1 <= error["extensions"]["retryAfterSeconds"] <= 60
        assert refused.headers["retry-after"] == str(error["extensions"]["retryAfterSeconds"])
        assert "too much" not in server.ledger.mutations
        assert (await note(server, "bob's", "bob")).status_code == 200
    assert [entry["caller"] for entry in log if entry["event"] == "more mutations than allowed"] == ["ann", "ann"]


async def test_queries_are_not_counted(processes: tuple[Server, Server]) -> None:
    async with httpx.AsyncClient(headers={"x-name": "reader"}) as client:
        for _ in range(PER_MINUTE + 1):
            assert (await client.post(processes[0].url, json={"query": "{ hello }"})).status_code == 200


async def test_each_mutation_of_an_operation_counts_and_none_is_done_when_they_are_too_many(
    processes: tuple[Server, Server],
) -> None:
    server = processes[0]
    assert (await note(server, "four", "carl", times=4)).status_code == 200
    assert (await note(server, "never", "carl", times=2)).status_code == 429
    assert "never" not in server.ledger.mutations
    assert (await note(server, "fifth", "carl")).status_code == 200


async def test_fragments_hide_no_mutation(processes: tuple[Server, Server]) -> None:
    fields = " ".join(f'n{number}: note(text: "hidden")' for number in range(PER_MINUTE))
    fragments = f"fragment F on Mutation {{ ...G }} fragment G on Mutation {{ {fields} }}"
    query = f'mutation {{ ...F ... {{ note(text: "hidden") }} }} {fragments}'
    async with httpx.AsyncClient() as client:
        response = await client.post(processes[0].url, json={"query": query}, headers={"x-name": "dora"})
    assert response.status_code == 429
    assert "hidden" not in processes[0].ledger.mutations


async def test_over_websocket_the_operation_is_refused_and_the_connection_stays(
    processes: tuple[Server, Server],
) -> None:
    async with websocket(processes[1]) as socket:
        await socket.init(name="eve")
        for number in range(PER_MINUTE):
            await socket.subscribe(str(number), 'mutation { note(text: "eve") }')
            await socket.data(str(number))
            assert (await socket.receive())["type"] == "complete"
        await socket.subscribe("more", 'mutation { note(text: "evil") }')
        refused = await socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "more")
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await socket.alive()
    assert "evil" not in processes[1].ledger.mutations


async def test_who_has_no_name_is_not_counted(processes: tuple[Server, Server]) -> None:
    answers = await asyncio.gather(*(note(processes[0], "local") for _ in range(PER_MINUTE * 2)))
    assert {response.status_code for response in answers} == {200}


async def test_without_redis_mutations_go_through(log: list[structlog.typing.EventDict]) -> None:
    log.clear()
    with limited("redis://127.0.0.1:1/0") as server:
        answers = [await note(server, "anyway", "ann") for _ in range(PER_MINUTE + 1)]
    assert {response.status_code for response in answers} == {200}
    assert server.ledger.mutations == ["anyway"] * (PER_MINUTE + 1)
    assert {entry["event"] for entry in log} == {"redis is away: mutations are not counted"}


@pytest.mark.parametrize("anyio_backend", [("asyncio", {"use_uvloop": True})])
async def test_a_redis_that_hangs_up_keeps_nobody_from_a_mutation() -> None:
    with hanging_up() as redis:
        async with aclosing(MutationRate(redis.url, "test", PER_MINUTE)) as rate:
            for _ in range(50):
                await rate(Caller(name="somebody"), 1)
                assert not await rate.refused(Caller(name="somebody"), 1)
        assert redis.connections >= 100
