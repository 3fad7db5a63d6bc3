"""What tools like graphql-cop try against an endpoint, one test a finding: nothing of it leads anywhere."""

import asyncio
import re
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from resolvers.transport import TransportLimits
from tests.resolvers.transport.running import Server, serving, websocket

pytestmark = pytest.mark.anyio

MUTATION = 'mutation { note(text: "unwanted") }'
INTROSPECTION = "{ __schema { queryType { name } types { name fields { name } } } }"
NESTED = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"


@pytest.fixture(scope="module")
def closed(log: list[Any]) -> Generator[Server]:
    """A server that does not tell its schema."""
    with serving(TransportLimits(introspection=False)) as running:
        yield running


def ask(server: Server, query: str, **headers: str) -> httpx.Response:
    accept = {"accept": "application/graphql-response+json"}
    return httpx.post(server.url, json={"query": query}, headers={**accept, **headers})


def codes(response: httpx.Response) -> set[str]:
    """Of a refusal, which has no data."""
    body = response.json()
    assert "data" not in body
    return {error["extensions"]["code"] for error in body["errors"]}


OVERLOADS = {
    "aliases": ("{ " + " ".join(f"a{n}: hello" for n in range(101)) + " }", "ALIAS_LIMIT_EXCEEDED"),
    "a duplicated field": ("{ " + "__typename " * 500 + "}", "SELECTION_LIMIT_EXCEEDED"),
    "a duplicated field below": ("{ item { " + "name " * 600 + "} }", "SELECTION_LIMIT_EXCEEDED"),
    "directives": ("{ __typename " + "@aa" * 10 + " }", "DIRECTIVE_LIMIT_EXCEEDED"),
    "known directives": ("{ hello " + "@skip(if: false) " * 10 + "}", "DIRECTIVE_LIMIT_EXCEEDED"),
    "depth": ("{ item { " + "child { " * 20 + "name" + " }" * 20 + " } }", "DEPTH_LIMIT_EXCEEDED"),
    "depth in fragments": (
        "{ item { ...A } } fragment A on Item { child { child { child { child { ...B } } } } } "
        "fragment B on Item { child { child { child { child { child { child { child { child { name } } } } } } } } }",
        "DEPTH_LIMIT_EXCEEDED",
    ),
    "a cycle of fragments": (
        "{ item { ...A } } fragment A on Item { child { ...B } } fragment B on Item { child { ...A } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "lists in lists": (
        "{ items(first: 100) { children(first: 100) { children(first: 100) { name } } } }",
        "COST_LIMIT_EXCEEDED",
    ),
    "tokens": ("{ " + "hello " * 3000 + "}", "TOKEN_LIMIT_EXCEEDED"),
}


@pytest.mark.parametrize("name", OVERLOADS)
def test_an_overload_is_refused_with_its_code(server: Server, name: str) -> None:
    query, code = OVERLOADS[name]
    response = ask(server, query)
    assert response.status_code == 400
    assert code in codes(response)


def test_introspection_is_not_nested_without_bound() -> None:
    with serving(TransportLimits(introspection_depth=5)) as server:
        assert ask(server, INTROSPECTION).status_code == 200
        response = ask(server, NESTED)
    assert response.status_code == 400
    assert "data" not in response.json()


@pytest.mark.parametrize("query", [INTROSPECTION, NESTED, '{ __type(name: "Item") { name } }'])
def test_introspection_is_refused_where_it_is_off(closed: Server, query: str) -> None:
    response = ask(closed, query)
    assert response.status_code == 400
    assert "Item" not in response.text.replace(query, "")


TYPOS = {
    "a field": "{ helo }",
    "a field below": "{ item { nam } }",
    "an argument": '{ hello(nam: "x") }',
    "a type": "query ($a: Itm) { hello }",
    "a fragment's type": "{ item { ... on Itm { name } } }",
    "a directive": "{ hello @skp(if: true) }",
    "a mutation": 'mutation { not(text: "x") }',
}


@pytest.mark.parametrize("name", TYPOS)
async def test_nothing_is_suggested_to_those_who_may_not_introspect(closed: Server, name: str) -> None:
    response = ask(closed, TYPOS[name])
    assert response.status_code == 400
    assert "Did you mean" not in response.text
    async with websocket(closed) as socket:
        await socket.init()
        await socket.subscribe("1", TYPOS[name])
        refused = await socket.receive()
    assert refused["type"] == "error"
    assert "Did you mean" not in str(refused)


def test_names_are_suggested_where_the_schema_is_open(server: Server) -> None:
    assert "Did you mean" in ask(server, TYPOS["a field"]).text


@pytest.mark.parametrize("size", [2, 10])
def test_arrays_of_operations_are_refused(server: Server, size: int) -> None:
    response = httpx.post(server.url, json=[{"query": MUTATION}] * size)
    assert response.status_code == 400
    assert codes(response) == {"BATCHING_NOT_SUPPORTED"}
    assert "unwanted" not in server.ledger.mutations


def test_forms_of_other_sites_do_nothing(server: Server) -> None:
    """What a page can send without asking first (CORS): simple methods, simple headers, simple content types."""
    answers = [
        httpx.get(server.url, params={"query": MUTATION}),
        httpx.post(server.url, data={"query": MUTATION}),
        httpx.post(server.url, params={"query": MUTATION}),
        httpx.post(server.url, params={"query": MUTATION}, json={}),
        httpx.post(server.url, files={"operations": b"{}"}, data={"query": MUTATION}),
        httpx.post(server.url, content=f'{{"query":"{{ hello }}"}}{MUTATION}', headers={"content-type": "text/plain"}),
    ]
    assert [response.status_code for response in answers] == [405, 415, 415, 400, 415, 415]
    assert "unwanted" not in server.ledger.mutations


def test_no_page_is_served_unless_it_was_switched_on(server: Server) -> None:
    for path in ("/graphql", "/", "/graphiql", "/playground", "/console", "/altair"):
        response = httpx.get(f"http://127.0.0.1:{server.port}{path}", headers={"accept": "text/html"})
        assert not re.search("graphiql|playground|apollo", response.text, re.IGNORECASE)
        assert response.status_code in (404, 406)


def test_no_tracing_no_server_name_no_stack(server: Server) -> None:
    for query in ("{ hello }", "{ fails }", "{ nope }", "{"):
        response = ask(server, query, **{"apollo-federation-include-trace": "ftv1", "x-apollo-tracing": "1"})
        assert "server" not in response.headers
        assert not re.search(r"Traceback|\.py|graphql\.error|strawberry|ftv1|tracing", response.text)


async def test_a_body_that_does_not_arrive_is_not_waited_for(log: list[Any]) -> None:
    with serving(TransportLimits(body_seconds=0.2)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
        writer.write(f'{head}{{"query":'.encode())
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"REQUEST_TIMEOUT" in answer
