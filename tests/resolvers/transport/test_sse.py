"""GraphQL over server-sent events: the distinct connections mode of graphql-sse."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from resolvers.transport import Caller, TransportLimits
from resolvers.transport.callers import ConnectionParams
from tests.resolvers.transport.running import Server, serving
from tests.resolvers.transport.toy import SECRET

pytestmark = pytest.mark.anyio

EVENTS = {"accept": "text/event-stream"}
COUNT = "subscription { count(to: 2) }"
COUNTED = (
    ':\n\nevent: next\ndata: {"data":{"count":1}}\n\n'
    'event: next\ndata: {"data":{"count":2}}\n\n'
    "event: complete\ndata: \n\n"
)


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers=EVENTS) as opened:
        yield opened


async def eventually(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 5
    while not condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(client: httpx.AsyncClient, server: Server, query: str) -> AsyncGenerator[AsyncGenerator[str]]:
    """The lines of a stream that has begun."""
    async with client.stream("POST", server.url, json={"query": query}) as response:
        assert response.status_code == 200

        async def lines() -> AsyncGenerator[str]:
            async for line in response.aiter_lines():
                yield line

        yield lines()


async def until(lines: AsyncGenerator[str], wanted: str) -> None:
    async for line in lines:
        if line == wanted:
            return
    raise AssertionError(f"the stream ended without {wanted!r}")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_subscription_is_framed_by_the_protocol(client: httpx.AsyncClient, server: Server, method: str) -> None:
    parameters: dict[str, Any] = {"json" if method == "POST" else "params": {"query": COUNT}}
    response = await client.request(method, server.url, **parameters)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.text == COUNTED


@pytest.mark.parametrize(
    "accept",
    [
        "text/event-stream",
        "*/*",
        "",
        "application/json, text/event-stream",
        "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
        "text/event-stream;q=0.1, application/json",
    ],
)
async def test_a_subscription_streams_wherever_the_client_takes_it(
    client: httpx.AsyncClient, server: Server, accept: str
) -> None:
    response = await client.post(server.url, json={"query": COUNT}, headers={"accept": accept})
    assert response.text == COUNTED


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/event-stream;q=0"])
async def test_a_subscription_as_json_is_a_406(client: httpx.AsyncClient, server: Server, accept: str) -> None:
    response = await client.post(server.url, json={"query": COUNT}, headers={"accept": accept})
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("query", ["{ hello }", 'mutation { note(text: "sse") }'])
async def test_queries_and_mutations_stream_too(client: httpx.AsyncClient, server: Server, query: str) -> None:
    response = await client.post(server.url, json={"query": query})
    events = response.text.split("\n\n")
    assert [event.split("\n")[0] for event in events] == [":", "event: next", "event: complete", ""]
    assert "errors" not in json.loads(events[1].split("data: ")[1])


async def test_streams_only_where_the_client_likes_that_best(client: httpx.AsyncClient, server: Server) -> None:
    accept = "text/event-stream;q=0.5, application/json"
    response = await client.post(server.url, json={"query": "{ hello }"}, headers={"accept": accept})
    assert response.headers["content-type"] == "application/json; charset=utf-8"


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "a syntax error": ({"query": "{"}, 400),
    "a validation error": ({"query": "subscription { nope }"}, 400),
    "variables that don't fit": ({"query": "subscription ($a: Int!) { count(to: $a) }"}, 400),
    "no query": ({}, 400),
}


@pytest.mark.parametrize(("body", "status"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_refused_before_the_stream_is_an_ordinary_answer(
    client: httpx.AsyncClient, server: Server, body: dict[str, Any], status: int
) -> None:
    response = await client.post(server.url, json=body)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/json")
    assert response.json()["errors"]


async def test_a_generator_that_fails_ends_in_a_masked_error(client: httpx.AsyncClient, server: Server) -> None:
    response = await client.post(server.url, json={"query": "subscription { breaks }"})
    _, first, failed, complete, _ = response.text.split("\n\n")
    assert json.loads(first.split("data: ")[1]) == {"data": {"breaks": 1}}
    assert json.loads(failed.split("data: ")[1])["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert complete == "event: complete\ndata: "
    assert SECRET not in response.text


async def test_line_breaks_in_values_do_not_break_events(client: httpx.AsyncClient, server: Server) -> None:
    query = "query ($name: String!) { hello(name: $name) }"
    response = await client.post(server.url, json={"query": query, "variables": {"name": "a\r\nb\u2028c\n\nd"}})
    data = response.text.split("\n")[3].removeprefix("data: ")
    assert json.loads(data)["data"] == {"hello": "Hello a\r\nb\u2028c\n\nd"}


async def test_a_stream_says_at_once_that_it_is_open(client: httpx.AsyncClient, server: Server) -> None:
    async with opened(client, server, "subscription { count(to: 1, pause: 30) }") as lines:
        assert await asyncio.wait_for(anext(lines), 5) == ":"


async def test_a_client_that_goes_away_ends_the_generator(client: httpx.AsyncClient, server: Server) -> None:
    closed = server.ledger.closed
    async with opened(client, server, "subscription { forever }") as lines:
        await until(lines, 'data: {"data":{"forever":1}}')
    await eventually(lambda: server.ledger.closed == closed + 1)


@pytest.fixture(scope="module")
def lively(log: list[Any]) -> Generator[Server]:
    """A server whose streams beat fast, and where every caller has few of them, for a short time."""

    async def admit(connection: HTTPConnection, _params: ConnectionParams) -> Caller:
        name = connection.headers.get("x-name")
        return Caller(name=name, ended=(lambda: asyncio.sleep(0.2)) if name == "short" else None)

    with serving(TransportLimits(keep_alive_seconds=0.05, connections_per_caller=1), admit=admit) as running:
        yield running


async def test_comments_keep_a_quiet_stream_alive(client: httpx.AsyncClient, lively: Server) -> None:
    async with opened(client, lively, "subscription { forever }") as lines:
        await until(lines, 'data: {"data":{"forever":1}}')
        await asyncio.wait_for(until(lines, ":"), 5)
        await asyncio.wait_for(until(lines, ":"), 5)


async def test_a_stream_ends_without_complete_when_its_rights_end(client: httpx.AsyncClient, lively: Server) -> None:
    query = {"query": "subscription { forever }"}
    response = await asyncio.wait_for(client.post(lively.url, json=query, headers={"x-name": "short"}), 5)
    assert 'data: {"data":{"forever":1}}' in response.text
    assert "complete" not in response.text


async def test_too_many_streams_of_one_caller_are_a_429(client: httpx.AsyncClient, lively: Server) -> None:
    client.headers["x-name"] = "ann"
    async with opened(client, lively, "subscription { forever }") as lines:
        await until(lines, "event: next")
        response = await client.post(lively.url, json={"query": COUNT})
        assert response.status_code == 429
        assert response.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_CONNECTIONS"


async def test_a_stopping_server_ends_streams_without_complete(client: httpx.AsyncClient, log: list[Any]) -> None:
    with serving() as stopping:
        async with opened(client, stopping, "subscription { forever }") as lines:
            await until(lines, 'data: {"data":{"forever":1}}')
            started = monotonic()
            await asyncio.to_thread(stopping.stop)
            rest = [line async for line in lines]
        assert "event: complete" not in rest
        assert monotonic() - started < 2
        assert (stopping.ledger.opened, stopping.ledger.closed) == (1, 1)
