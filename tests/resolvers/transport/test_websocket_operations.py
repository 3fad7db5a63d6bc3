"""graphql-transport-ws: operations on an open connection, none of which harms another."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from time import monotonic
from typing import Any

import pytest

from tests.resolvers.transport.running import Server, Socket, websocket
from tests.resolvers.transport.toy import SECRET

pytestmark = pytest.mark.anyio


@pytest.fixture
async def socket(server: Server) -> AsyncGenerator[Socket]:
    async with websocket(server) as opened:
        await opened.init()
        yield opened


async def eventually(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 5
    while not condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_query_is_one_next_and_a_complete(socket: Socket) -> None:
    await socket.subscribe("1", "{ hello }")
    assert await socket.data("1") == {"hello": "Hello world"}
    assert await socket.receive() == {"id": "1", "type": "complete"}


async def test_a_mutation_is_one_next_and_a_complete(socket: Socket, server: Server) -> None:
    await socket.subscribe("1", 'mutation { note(text: "once over ws") }')
    assert await socket.data("1") == {"note": "once over ws"}
    assert await socket.receive() == {"id": "1", "type": "complete"}
    assert server.ledger.mutations.count("once over ws") == 1


async def test_a_subscription_is_a_next_for_every_event_and_a_complete(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { count(to: 3) }")
    assert [await socket.data("1") for _ in range(3)] == [{"count": 1}, {"count": 2}, {"count": 3}]
    assert await socket.receive() == {"id": "1", "type": "complete"}


async def test_a_subscription_without_events_is_just_completed(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { count(to: 0) }")
    assert await socket.receive() == {"id": "1", "type": "complete"}


async def test_variables_and_the_operation_name_are_obeyed(socket: Socket) -> None:
    query = "query A { hello } query B($name: String!) { hello(name: $name) }"
    await socket.subscribe("1", query, operationName="B", variables={"name": "ws"})
    assert await socket.data("1") == {"hello": "Hello ws"}


@pytest.mark.parametrize("member", ["variables", "operationName", "extensions"])
async def test_optional_members_may_be_null(socket: Socket, member: str) -> None:
    await socket.subscribe("1", "{ hello }", **{member: None})
    assert await socket.data("1") == {"hello": "Hello world"}


@pytest.mark.parametrize("id_", ["1", "ünïcode ✓", '"quoted"', "x" * 1000, " "])
async def test_any_non_empty_string_is_an_id(socket: Socket, id_: str) -> None:
    await socket.subscribe(id_, "{ hello }")
    assert await socket.data(id_) == {"hello": "Hello world"}
    assert await socket.receive() == {"id": id_, "type": "complete"}


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a syntax error": ("{", {}, "GRAPHQL_PARSE_FAILED"),
    "an empty document": ("", {}, "GRAPHQL_PARSE_FAILED"),
    "a validation error": ("{ nope }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "a subscription with two root fields": (
        "subscription { forever count(to: 1) }",
        {},
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "variables that don't fit": (
        "subscription ($to: Int!) { count(to: $to) }",
        {"variables": {"to": "many"}},
        "BAD_USER_INPUT",
    ),
    "a query's variables that don't fit": (
        "query ($name: String!) { hello(name: $name) }",
        {"variables": {"name": None}},
        "BAD_USER_INPUT",
    ),
    "several operations without a name": ("query A { hello } query B { hello }", {}, "OPERATION_RESOLUTION_FAILURE"),
    "an unknown operation name": ("query A { hello }", {"operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
    "a document without operations": ("fragment F on Query { hello }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "a document that is too deep": (
        "{ item " + "{ child " * 12 + "{ name }" + "}" * 12 + "}",
        {},
        "DEPTH_LIMIT_EXCEEDED",
    ),
    "a subscription that refuses": ("subscription { refuses }", {}, "FORBIDDEN"),
}


@pytest.mark.parametrize(("query", "payload", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_refused_is_an_error_of_that_operation_alone(
    socket: Socket, query: str, payload: dict[str, Any], code: str
) -> None:
    await socket.subscribe("other", "subscription { forever }")
    await socket.data("other")
    await socket.subscribe("1", query, **payload)

    refused = await socket.receive()

    assert (refused["id"], refused["type"]) == ("1", "error")
    assert [error["extensions"]["code"] for error in refused["payload"]] == [code]
    await socket.alive()
    await socket.send(type="complete", id="other")


async def test_nothing_follows_an_error_and_its_id_is_free(socket: Socket) -> None:
    await socket.subscribe("1", "{ nope }")
    assert (await socket.receive())["type"] == "error"
    await socket.subscribe("1", "{ hello }")
    assert await socket.data("1") == {"hello": "Hello world"}
    assert await socket.receive() == {"id": "1", "type": "complete"}
    await socket.alive()


async def test_a_generator_that_fails_is_a_masked_error_after_its_events(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { breaks }")
    assert await socket.data("1") == {"breaks": 1}
    failed = await socket.receive()
    assert (failed["id"], failed["type"]) == ("1", "error")
    assert failed["payload"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert SECRET not in str(failed)
    await socket.alive()


async def test_a_field_that_fails_is_part_of_a_next(socket: Socket) -> None:
    await socket.subscribe("1", "{ hello fails }")
    message = await socket.receive()
    assert message["type"] == "next"
    assert message["payload"]["data"] == {"hello": "Hello world", "fails": None}
    assert message["payload"]["errors"][0]["path"] == ["fails"]
    assert await socket.receive() == {"id": "1", "type": "complete"}


async def test_a_duplicate_id_closes_4409(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { forever }")
    await socket.data("1")
    await socket.subscribe("1", "{ hello }")
    assert await socket.closed() == (4409, "Subscriber for 1 already exists")


async def test_a_duplicate_of_a_running_query_closes_4409(socket: Socket) -> None:
    await socket.subscribe("1", "{ slow }")
    await socket.subscribe("1", "{ hello }")
    assert (await socket.closed())[0] == 4409


async def test_a_duplicate_of_a_very_long_id_closes_4409(socket: Socket) -> None:
    for _ in range(2):
        await socket.subscribe("ü" * 500, "subscription { forever }")
    code, reason = await socket.closed()
    assert code == 4409
    assert len(reason.encode()) <= 123


async def test_the_same_id_on_another_connection_is_no_duplicate(socket: Socket, server: Server) -> None:
    await socket.subscribe("1", "subscription { forever }")
    await socket.data("1")
    async with websocket(server) as other:
        await other.init()
        await other.subscribe("1", "{ hello }")
        assert await other.data("1") == {"hello": "Hello world"}


async def test_a_completed_id_may_be_used_again_at_once(socket: Socket) -> None:
    for _ in range(20):
        await socket.subscribe("1", "{ hello }")
        await socket.data("1")
        assert await socket.receive() == {"id": "1", "type": "complete"}


async def test_a_client_may_complete_and_use_the_id_again_without_waiting(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { forever }")
    await socket.data("1")
    await socket.send(type="complete", id="1")
    await socket.subscribe("1", "{ hello }")
    assert await socket.data("1") == {"hello": "Hello world"}


async def test_complete_ends_the_generator(socket: Socket, server: Server) -> None:
    closed = server.ledger.closed
    await socket.subscribe("1", "subscription { forever }")
    await socket.data("1")
    await socket.send(type="complete", id="1")
    await eventually(lambda: server.ledger.closed == closed + 1)
    await socket.alive()


async def test_nothing_is_sent_after_the_client_completes(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { count(to: 100, pause: 0.01) }")
    await socket.data("1")
    await socket.send(type="complete", id="1")
    await socket.send(type="ping")
    while (message := await socket.receive())["type"] != "pong":
        assert message["type"] == "next"
    await asyncio.sleep(0.1)
    await socket.alive()


async def test_a_complete_right_behind_its_subscribe_ends_it(socket: Socket, server: Server) -> None:
    await socket.subscribe("1", "subscription { forever }")
    await socket.send(type="complete", id="1")
    await socket.send(type="ping")
    while (message := await socket.receive())["type"] != "pong":
        assert message["type"] == "next"
    await eventually(lambda: server.ledger.closed == server.ledger.opened)
    await socket.alive()


async def test_no_result_is_sent_for_a_query_that_the_client_completed(socket: Socket) -> None:
    await socket.subscribe("1", "{ slow(seconds: 0.1) }")
    await socket.send(type="complete", id="1")
    await socket.subscribe("2", "{ slow(seconds: 0.2) }")
    assert await socket.data("2") == {"slow": "slow"}
    assert await socket.receive() == {"id": "2", "type": "complete"}


async def test_a_complete_that_crosses_an_error_is_ignored(socket: Socket) -> None:
    await socket.subscribe("1", "{ nope }")
    await socket.send(type="complete", id="1")
    await socket.send(type="ping")
    while (message := await socket.receive())["type"] != "pong":
        assert (message["type"], message["id"]) == ("error", "1")
    await socket.alive()


async def test_a_complete_for_an_unknown_id_is_ignored(socket: Socket) -> None:
    await socket.send(type="complete", id="unknown")
    await socket.alive()


async def test_completing_twice_is_ignored(socket: Socket) -> None:
    await socket.subscribe("1", "{ hello }")
    await socket.data("1")
    await socket.receive()
    await socket.send(type="complete", id="1")
    await socket.send(type="complete", id="1")
    await socket.alive()


async def test_completing_one_operation_leaves_the_others(socket: Socket) -> None:
    await socket.subscribe("1", "subscription { forever }")
    await socket.data("1")
    await socket.subscribe("2", "subscription { count(to: 3, pause: 0.05) }")
    await socket.send(type="complete", id="1")
    assert [await socket.data("2") for _ in range(3)] == [{"count": 1}, {"count": 2}, {"count": 3}]


async def test_operations_run_side_by_side(socket: Socket) -> None:
    await socket.subscribe("slow", "{ slow }")
    await socket.subscribe("fast", "{ hello }")
    assert await socket.data("fast") == {"hello": "Hello world"}


async def test_messages_of_one_operation_keep_their_order(socket: Socket) -> None:
    for id_ in ("a", "b"):
        await socket.subscribe(id_, "subscription { count(to: 50) }")
    seen: dict[str, list[int]] = {"a": [], "b": []}
    completed = 0
    while completed < 2:
        message = await socket.receive()
        if message["type"] == "complete":
            completed += 1
        else:
            seen[message["id"]].append(message["payload"]["data"]["count"])
    assert seen == {"a": list(range(1, 51)), "b": list(range(1, 51))}


async def test_every_operation_has_a_context_of_its_own(socket: Socket) -> None:
    seen: list[str] = []
    for id_ in ("1", "2"):
        await socket.subscribe(id_, "{ a: contextId b: contextId }")
        data = await socket.data(id_)
        assert data["a"] == data["b"]
        seen.append(data["a"])
        await socket.receive()


async def test_a_client_that_goes_away_ends_its_generators(server: Server) -> None:
    closed = server.ledger.closed
    async with websocket(server) as socket:
        await socket.init()
        for id_ in ("1", "2", "3"):
            await socket.subscribe(id_, "subscription { forever }")
            await socket.data(id_)
    await eventually(lambda: server.ledger.closed == closed + 3)


async def test_a_connection_that_is_cut_ends_its_generators(server: Server) -> None:
    closed = server.ledger.closed
    async with websocket(server) as socket:
        await socket.init()
        await socket.subscribe("1", "subscription { forever }")
        await socket.data("1")
        socket.connection.transport.abort()
        await eventually(lambda: server.ledger.closed == closed + 1)
