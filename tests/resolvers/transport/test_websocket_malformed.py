"""graphql-transport-ws: what is no message of the protocol closes the connection with 4400."""

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from resolvers.transport import TransportLimits
from tests.resolvers.transport.running import Server, websocket

pytestmark = pytest.mark.anyio

MALFORMED = {
    "no JSON": "nonsense",
    "an empty text": "",
    "a JSON null": "null",
    "a JSON number": "1",
    "a JSON string": '"ping"',
    "a JSON list": '[{"type":"ping"}]',
    "an infinite number": '{"type":"ping","payload":{"n":' + "9" * 5000 + "}}",
    "NaN": '{"type":"ping","payload":{"n":NaN}}',
    "very deep JSON": '{"type":"ping","payload":' + '{"a":' * 5000 + "1" + "}" * 5000 + "}",
    "JSON deeper than can be written": '{"type":"ping","payload":' + '{"a":' * 300 + "1" + "}" * 300 + "}",
    "deep variables": '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":{"a":'
    + "[" * 300
    + "]" * 300
    + "}}}",
    "a lone surrogate": '{"type":"ping","payload":{"a":"\\ud800"}}',
    "no type": "{}",
    "a null type": '{"type":null}',
    "a number as type": '{"type":1}',
    "an unknown type": '{"type":"hello"}',
    "a type of the legacy protocol": '{"type":"start","id":"1","payload":{"query":"{ hello }"}}',
    "a type in capitals": '{"type":"PING"}',
    "a server's connection_ack": '{"type":"connection_ack"}',
    "a server's next": '{"type":"next","id":"1","payload":{}}',
    "a server's error": '{"type":"error","id":"1","payload":[]}',
    "a ping with a string payload": '{"type":"ping","payload":"x"}',
    "a ping with a list payload": '{"type":"ping","payload":[]}',
    "a pong with a number payload": '{"type":"pong","payload":1}',
    "a complete without id": '{"type":"complete"}',
    "a complete with an empty id": '{"type":"complete","id":""}',
    "a complete with a number as id": '{"type":"complete","id":1}',
    "a subscribe without id": '{"type":"subscribe","payload":{"query":"{ hello }"}}',
    "a subscribe with an empty id": '{"type":"subscribe","id":"","payload":{"query":"{ hello }"}}',
    "a subscribe with a number as id": '{"type":"subscribe","id":1,"payload":{"query":"{ hello }"}}',
    "a subscribe with a null id": '{"type":"subscribe","id":null,"payload":{"query":"{ hello }"}}',
    "a subscribe without payload": '{"type":"subscribe","id":"1"}',
    "a subscribe with a null payload": '{"type":"subscribe","id":"1","payload":null}',
    "a subscribe with a string payload": '{"type":"subscribe","id":"1","payload":"{ hello }"}',
    "a subscribe with a list payload": '{"type":"subscribe","id":"1","payload":[{"query":"{ hello }"}]}',
    "a subscribe without query": '{"type":"subscribe","id":"1","payload":{}}',
    "a subscribe with a null query": '{"type":"subscribe","id":"1","payload":{"query":null}}',
    "a subscribe with an object as query": '{"type":"subscribe","id":"1","payload":{"query":{}}}',
    "a subscribe with list variables": '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":[]}}',
    "a subscribe with string variables": '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":"{}"}}',
    "a subscribe with string extensions": '{"type":"subscribe","id":"1","payload":{"query":"{ a }","extensions":""}}',
    "a subscribe with a number as operationName": (
        '{"type":"subscribe","id":"1","payload":{"query":"{ hello }","operationName":1}}'
    ),
    "a second connection_init with a list payload": '{"type":"connection_init","payload":[]}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
async def test_malformed_messages_close_4400(server: Server, text: str) -> None:
    async with websocket(server) as socket:
        await socket.init()
        await socket.send_raw(text)

        code, reason = await socket.closed()

    assert code == 4400
    assert reason


async def test_malformed_messages_close_4400_before_the_init_too(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send_raw("nonsense")
        assert (await socket.closed())[0] == 4400


@pytest.mark.parametrize("payload", ['""', "[]", "1", "true"])
async def test_an_init_with_a_payload_that_is_no_object_closes_4400(server: Server, payload: str) -> None:
    async with websocket(server) as socket:
        await socket.send_raw(f'{{"type":"connection_init","payload":{payload}}}')
        assert (await socket.closed())[0] == 4400


@pytest.mark.parametrize("frame", [b"", b'{"type":"ping"}', b"\xff\xfe"], ids=["empty", "JSON", "rubbish"])
async def test_binary_frames_close_4400(server: Server, frame: bytes) -> None:
    async with websocket(server) as socket:
        await socket.init()
        await socket.send_raw(frame)
        assert (await socket.closed())[0] == 4400


async def test_a_message_over_the_size_limit_closes_1009(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.init()
        with suppress(ConnectionClosed):  # it may be closed before all of it is sent
            await socket.send_raw('{"type":"ping","payload":{"a":"' + "x" * TransportLimits().message_size + '"}}')
        assert (await socket.closed())[0] == 1009


async def test_unknown_members_of_a_message_are_ignored(server: Server) -> None:
    async with websocket(server) as socket:
        await socket.send(type="connection_init", id="x", other=[1])
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.alive()
