"""GraphQL over HTTP, beyond the audits: statuses, media types, and nothing executed on a malformed request."""

import json
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from resolvers.transport import Caller, TransportLimits, unauthenticated
from resolvers.transport.callers import ConnectionParams
from tests.resolvers.transport.running import Server, serving
from tests.resolvers.transport.toy import SECRET

pytestmark = pytest.mark.anyio

PATH = "/graphql"
JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
MUTATION = 'mutation { note(text: "unwanted") }'


@pytest.fixture
async def client(server: Server) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url.removesuffix(PATH), headers={"accept": GRAPHQL_JSON}) as opened:
        yield opened


def code(response: httpx.Response) -> str:
    """The code of the only error of a refusal."""
    body = response.json()
    assert set(body) == {"errors"}
    [error] = body["errors"]
    return error["extensions"]["code"]


BODIES = {
    "nothing": b"",
    "no JSON": b"query { hello }",
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a string": b'"{ hello }"',
    "an empty object": b"{}",
    "invalid UTF-8": b'{"query":"{ hello \xff }"}',
    "a UTF-16 body": '{"query":"{ hello }"}'.encode("utf-16"),
    "very deep JSON": b'{"query":"{ hello }","variables":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
    "JSON deeper than can be written": b'{"query":"{ hello }","variables":{"a":' + b"[" * 300 + b"]" * 300 + b"}}",
    "a number of 5,000 digits": b'{"query":"{ hello }","variables":{"a":' + b"9" * 5000 + b"}}",
    "NaN": b'{"query":"{ hello }","variables":{"a":NaN}}',
    "a lone surrogate": b'{"query":"{ hello }","variables":{"a":"\\ud800"}}',
    "trailing text": b'{"query":"{ hello }"} x',
    "a null query": b'{"query":null}',
    "a persisted query without text": b'{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
    "string variables": b'{"query":"{ hello }","variables":"{}"}',
    "list extensions": b'{"query":"{ hello }","extensions":[]}',
    "a number as operationName": b'{"query":"{ hello }","operationName":1}',
    "several operations without a name": b'{"query":"query A { hello } query B { hello }"}',
    "an unknown operation name": b'{"query":"query A { hello }","operationName":"B"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_a_malformed_request_is_a_400(client: httpx.AsyncClient, body: bytes, accept: str) -> None:
    response = await client.post(PATH, content=body, headers={"content-type": JSON, "accept": accept})

    assert response.status_code == 400
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert code(response)


@pytest.mark.parametrize("body", [[], [{"query": "{ hello }"}], [{"query": MUTATION}, {"query": MUTATION}]])
async def test_batching_is_refused_and_nothing_executed(
    client: httpx.AsyncClient, server: Server, body: list[dict[str, str]]
) -> None:
    response = await client.post(PATH, json=body)
    assert response.status_code == 400
    assert code(response) == "BATCHING_NOT_SUPPORTED"
    assert "unwanted" not in server.ledger.mutations


@pytest.mark.parametrize("size", ["announced", "chunked"])
async def test_a_body_over_the_limit_is_a_413(client: httpx.AsyncClient, size: str) -> None:
    async def chunks() -> AsyncGenerator[bytes]:
        for _ in range(TransportLimits().body_size // 1024 + 1):
            yield b" " * 1024

    content = b" " * (TransportLimits().body_size + 1) if size == "announced" else chunks()
    response = await client.post(PATH, content=content, headers={"content-type": JSON})
    assert response.status_code == 413
    assert code(response) == "PAYLOAD_TOO_LARGE"


async def test_variables_over_the_limit_are_a_413(client: httpx.AsyncClient) -> None:
    response = await client.post(
        PATH, json={"query": "{ hello }", "variables": {"a": "x" * TransportLimits().variables_size}}
    )
    assert response.status_code == 413
    assert code(response) == "PAYLOAD_TOO_LARGE"


async def test_variables_in_a_url_over_the_limit_are_a_413(client: httpx.AsyncClient) -> None:
    with_small_limit = TransportLimits(variables_size=100)
    with serving(with_small_limit) as server:
        response = await client.get(
            server.url, params={"query": "{ hello }", "variables": json.dumps({"a": "x" * 200})}
        )
    assert response.status_code == 413


CONTENT_TYPES = {
    "none": None,
    "a form": "application/x-www-form-urlencoded",
    "a multipart form": "multipart/form-data; boundary=x",
    "plain text": "text/plain",
    "plain text that mentions JSON": "text/plain; application/json",
    "GraphQL": "application/graphql",
    "JSON as Latin-1": "application/json; charset=iso-8859-1",
    "another JSON": "application/ld+json",
}


@pytest.mark.parametrize("content_type", CONTENT_TYPES.values(), ids=CONTENT_TYPES.keys())
async def test_what_a_form_of_another_site_can_send_is_a_415(
    client: httpx.AsyncClient, server: Server, content_type: str | None
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.post(PATH, content=json.dumps({"query": MUTATION}).encode(), headers=headers)
    assert response.status_code == 415
    assert code(response) == "UNSUPPORTED_MEDIA_TYPE"
    assert "unwanted" not in server.ledger.mutations


async def test_a_compressed_body_is_a_415(client: httpx.AsyncClient) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    assert (await client.post(PATH, content=b"x", headers=headers)).status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "APPLICATION/JSON", 'application/json; charset="UTF-8"'])
async def test_json_is_taken_however_it_is_written(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post(PATH, content=b'{"query":"{ hello }"}', headers={"content-type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/json;q=0", "text/plain, */*;q=0"])
async def test_unacceptable_answers_are_a_406_and_nothing_executed(
    client: httpx.AsyncClient, server: Server, accept: str
) -> None:
    response = await client.post(PATH, json={"query": MUTATION}, headers={"accept": accept})
    assert response.status_code == 406
    assert code(response) == "NOT_ACCEPTABLE"
    assert "unwanted" not in server.ledger.mutations


ACCEPTS = {
    "*/*": JSON,
    "application/*": JSON,
    "": JSON,
    f"{JSON}, {GRAPHQL_JSON}": JSON,
    f"{GRAPHQL_JSON}, {JSON}": GRAPHQL_JSON,
    f"{JSON};q=0.5, {GRAPHQL_JSON}": GRAPHQL_JSON,
    f"{JSON};q=0.9, {GRAPHQL_JSON};q=0.8": JSON,
    f"{GRAPHQL_JSON};charset=utf-8, {JSON};q=0.9": GRAPHQL_JSON,
    f"text/html, {GRAPHQL_JSON};q=0.1": GRAPHQL_JSON,
    f"*/*;q=0.1, {GRAPHQL_JSON}": GRAPHQL_JSON,
    f"{GRAPHQL_JSON};q=0, */*": JSON,
    f"{GRAPHQL_JSON}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed": GRAPHQL_JSON,
    f"{JSON}, text/event-stream": JSON,
}


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS.items())
async def test_the_answer_is_what_the_client_likes_best(client: httpx.AsyncClient, accept: str, expected: str) -> None:
    response = await client.post(PATH, json={"query": "{ hello }"}, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.json()["data"] == {"hello": "Hello world"}


async def test_headers_that_say_what_is_accepted_are_read_together(client: httpx.AsyncClient) -> None:
    accept = [("accept", "text/html"), ("accept", GRAPHQL_JSON)]
    response = await client.post(PATH, json={"query": "{ hello }"}, headers=accept)
    assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


@pytest.mark.parametrize("query", ["{ hello }", "{ nope }"])
async def test_an_answer_is_kept_by_nobody_and_read_as_nothing_else(client: httpx.AsyncClient, query: str) -> None:
    response = await client.get(PATH, params={"query": query})
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_get_answers_a_query(client: httpx.AsyncClient) -> None:
    parameters = {
        "query": "query A($name: String!) { hello(name: $name) } query B { hello }",
        "operationName": "A",
        "variables": '{"name":"ünïcode"}',
        "extensions": "{}",
    }
    response = await client.get(PATH, params=parameters)
    assert response.json()["data"] == {"hello": "Hello ünïcode"}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON, "text/event-stream", "*/*"])
async def test_a_mutation_by_get_is_a_405_and_not_executed(
    client: httpx.AsyncClient, server: Server, accept: str
) -> None:
    response = await client.get(PATH, params={"query": MUTATION}, headers={"accept": accept})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert code(response) == "METHOD_NOT_ALLOWED"
    assert "unwanted" not in server.ledger.mutations


QUERY_STRINGS = {
    "nothing": "",
    "no query": "variables={}",
    "broken variables": "query={hello}&variables={",
    "list variables": "query={hello}&variables=[]",
    "string extensions": 'query={hello}&extensions="x"',
    "a query given twice": "query={hello}&query={hello}",
    "invalid UTF-8": "query=%ff",
    "very many parameters": "&".join(f"p{number}=1" for number in range(100)),
    "several operations without a name": "query=query A{hello} query B{hello}",
}


@pytest.mark.parametrize("query_string", QUERY_STRINGS.values(), ids=QUERY_STRINGS.keys())
async def test_a_malformed_get_is_a_400(client: httpx.AsyncClient, server: Server, query_string: str) -> None:
    response = await client.get(f"{server.url}?{query_string}")
    assert response.status_code == 400
    assert code(response)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_other_methods_are_a_405(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, PATH, json={"query": "{ hello }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a syntax error": ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    "an empty query": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "a validation error": ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
    "a variable that is missing": ({"query": "query ($a: Int!) { items(first: $a) { name } }"}, "BAD_USER_INPUT"),
    "a variable of another type": (
        {"query": "query ($a: Int!) { items(first: $a) { name } }", "variables": {"a": "x"}},
        "BAD_USER_INPUT",
    ),
    "a value that its scalar does not take": (
        {"query": "query ($a: UUID!) { echoUuid(value: $a) }", "variables": {"a": "x"}},
        "BAD_USER_INPUT",
    ),
    "a literal that its scalar does not take": (
        {"query": '{ echoUuid(value: "x") }'},
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize(("body", "expected"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
async def test_a_refused_document_says_why(
    client: httpx.AsyncClient, body: dict[str, Any], expected: str, accept: str, status: int
) -> None:
    response = await client.post(PATH, json=body, headers={"accept": accept})
    assert response.status_code == status
    assert code(response) == expected


async def test_a_field_error_keeps_its_data_message_path_and_extensions(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json={"query": "{ hello refuses }"})
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"hello": "Hello world", "refuses": None}
    assert body["errors"] == [
        {
            "message": "You may not.",
            "locations": [{"line": 1, "column": 9}],
            "path": ["refuses"],
            "extensions": {"code": "FORBIDDEN"},
        }
    ]


async def test_an_argument_that_only_execution_can_refuse_is_bad_input(client: httpx.AsyncClient) -> None:
    query = "query ($first: Int) { hello items(first: $first) { name } }"
    response = await client.post(PATH, json={"query": query, "variables": {"first": None}})
    assert response.status_code == 200
    [error] = response.json()["errors"]
    assert error["path"] == ["items"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_unexpected_error_is_masked_and_logged(client: httpx.AsyncClient, log: list[dict[str, Any]]) -> None:
    response = await client.post(PATH, json={"query": "{ fails }"})
    assert response.status_code == 200
    assert SECRET not in response.text
    [error] = response.json()["errors"]
    reference = error["extensions"]["id"]
    assert error["message"] == f"Internal server error. Reference: {reference}"
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == ["fails"]
    [entry] = [entry for entry in log if entry.get("reference") == reference]
    assert SECRET in str(entry["exc_info"])


async def test_a_mutation_is_executed_once(client: httpx.AsyncClient, server: Server) -> None:
    response = await client.post(PATH, json={"query": 'mutation { note(text: "once over http") }'})
    assert response.json()["data"] == {"note": "once over http"}
    assert server.ledger.mutations.count("once over http") == 1


async def test_the_cost_is_reported(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json={"query": "{ items(first: 5) { name child { name } } }"})
    assert response.json()["extensions"]["cost"]["requested"] == 10


EXORBITANT = {
    "by the pages of a document": (
        {"query": "{ items(first: 2147483647) { " + "children(first: 2147483647) { " * 4 + "name " + "}" * 6}
    ),
    "by a variable": ({"query": "query ($a: Int!) { items(first: $a) { name } }", "variables": {"a": 2**63}}),
}


@pytest.mark.parametrize("body", EXORBITANT.values(), ids=EXORBITANT.keys())
async def test_an_exorbitant_cost_is_refused_and_can_be_written_down(client: httpx.AsyncClient, body: Any) -> None:
    response = await client.post(PATH, json=body)
    assert response.status_code == 400
    assert code(response) == "COST_LIMIT_EXCEEDED"
    assert response.json()["errors"][0]["extensions"]["cost"]["requested"] > 2**31


@pytest.fixture(scope="module")
def guarded(log: list[Any]) -> Generator[Server]:
    async def admit(connection: HTTPConnection, _params: ConnectionParams) -> Caller:
        match connection.headers.get("authorization"):
            case None:
                raise unauthenticated()
            case "broken":
                raise RuntimeError(SECRET)
            case name:
                return Caller(viewer=name)

    with serving(admit=admit) as running:
        yield running


async def test_a_caller_without_rights_is_a_401(client: httpx.AsyncClient, guarded: Server) -> None:
    response = await client.post(guarded.url, json={"query": "{ hello }"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert code(response) == "UNAUTHENTICATED"


async def test_a_caller_with_rights_is_answered(client: httpx.AsyncClient, guarded: Server) -> None:
    response = await client.post(guarded.url, json={"query": "{ hello }"}, headers={"authorization": "ann"})
    assert response.status_code == 200


async def test_a_failure_before_execution_is_a_masked_500(client: httpx.AsyncClient, guarded: Server) -> None:
    response = await client.post(guarded.url, json={"query": "{ hello }"}, headers={"authorization": "broken"})
    assert response.status_code == 500
    assert code(response) == "INTERNAL_SERVER_ERROR"
    assert SECRET not in response.text


async def test_connections_are_kept_alive_after_a_refusal(client: httpx.AsyncClient) -> None:
    await client.post(PATH, content=b"null", headers={"content-type": JSON})
    assert (await client.post(PATH, json={"query": "{ hello }"})).status_code == 200
