"""WebSocket (RFC 6455) below the messages of graphql-transport-ws: fragments, control frames, frames that are none."""

import socket as sockets
from collections.abc import AsyncGenerator

import orjson
import pytest

from resolvers.transport import TransportLimits
from tests.resolvers.transport.running import Server, Socket, websocket

pytestmark = pytest.mark.anyio

TEXT = b"\x81"
#: What a frame of a client begins with, then how it closes: section 7.4.1.
BROKEN = {
    "an unmasked frame": (TEXT + b"\x02{}", 1002),
    "a reserved bit": (b"\xc1\x82\0\0\0\0{}", 1002),
    "an unknown opcode": (b"\x83\x82\0\0\0\0{}", 1002),
    "a fragmented ping": (b"\x09\x80\0\0\0\0", 1002),
    "a ping of 126 bytes": (b"\x89\xfe\0\x7e\0\0\0\0" + b"x" * 126, 1002),
    "a fragment that continues nothing": (b"\x80\x82\0\0\0\0{}", 1002),
    "a message inside of another": (b"\x01\x81\0\0\0\0{" + b"\x81\x82\0\0\0\0{}", 1002),
    "a text that is not UTF-8": (b"\x81\x82\0\0\0\0\xc3\x28", 1007),
    "a text that ends within a character": (b"\x81\x81\0\0\0\0\xc3", 1007),
    "a surrogate in UTF-8": (b"\x81\x83\0\0\0\0\xed\xa0\x80", 1007),
    "a close with half a code": (b"\x88\x81\0\0\0\0\x03", 1002),
    "a close with a code that is none": (b"\x88\x82\0\0\0\0" + (1005).to_bytes(2), 1002),
}


@pytest.fixture
async def socket(server: Server) -> AsyncGenerator[Socket]:
    async with websocket(server) as opened:
        await opened.init()
        yield opened


def write(socket: Socket, data: bytes) -> None:
    """Puts bytes on the wire as they are."""
    socket.connection.transport.write(data)


@pytest.mark.parametrize(("data", "code"), BROKEN.values(), ids=BROKEN.keys())
async def test_what_is_no_frame_closes_the_connection_and_no_other(
    server: Server, socket: Socket, data: bytes, code: int
) -> None:
    async with websocket(server) as other:
        await other.init()
        write(socket, data)
        assert (await socket.closed())[0] == code
        await other.alive()


async def test_a_message_may_come_in_fragments_with_pings_in_between(socket: Socket) -> None:
    payload = {"query": "query ($name: String!) { hello(name: $name) }", "variables": {"name": "wörld " * 100}}
    message = orjson.dumps({"id": "1", "type": "subscribe", "payload": payload})

    async def fragments() -> AsyncGenerator[str]:
        text = message.decode()
        for place in range(0, len(text), 50):
            yield text[place : place + 50]
            await (await socket.connection.ping())

    await socket.connection.send(fragments())
    assert await socket.data("1") == {"hello": "Hello " + "wörld " * 100}
    assert (await socket.receive())["type"] == "complete"


async def test_a_character_may_be_split_between_fragments(socket: Socket) -> None:
    text = '{"type":"ping","payload":{"ö":1}}'.encode()
    cut = text.index("ö".encode()) + 1
    write(socket, frame(0x01, text[:cut]) + frame(0x80, text[cut:]))
    assert await socket.receive() == {"type": "pong", "payload": {"ö": 1}}


async def test_fragments_that_are_too_large_together_close_1009(socket: Socket) -> None:
    half = TransportLimits().message_size // 2 + 1
    write(socket, frame(0x01, b"x" * half) + frame(0x80, b"x" * half))
    assert (await socket.closed())[0] == 1009


async def test_a_frame_that_only_announces_too_much_closes_1009(socket: Socket) -> None:
    write(socket, TEXT + b"\xff" + (2**40).to_bytes(8) + b"\0\0\0\0")
    assert (await socket.closed())[0] == 1009


async def test_nothing_behind_what_closes_the_connection_is_done(server: Server, socket: Socket) -> None:
    late = b'{"id":"1","type":"subscribe","payload":{"query":"mutation { note(text: \\"too late\\") }"}}'
    write(socket, frame(0x81, b"nonsense") + frame(0x81, late))
    assert (await socket.closed())[0] == 4400
    assert "too late" not in server.ledger.mutations


async def test_messages_that_come_at_once_are_taken_in_order(socket: Socket) -> None:
    pings = [frame(0x81, orjson.dumps({"type": "ping", "payload": {"n": number}})) for number in range(100)]
    write(socket, b"".join(pings))
    assert [(await socket.receive())["payload"]["n"] for _ in pings] == list(range(100))


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", (400, 426)),
        ("Sec-WebSocket-Version: 13", (400,)),
        ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short", (400,)),
    ],
    ids=["another version", "no key", "a bad key"],
)
async def test_a_handshake_that_is_none_is_refused(server: Server, header: str, status: tuple[int, ...]) -> None:
    with sockets.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Protocol: graphql-transport-ws\r\n{header}\r\n\r\n".encode()
        )
        assert int(connection.recv(1000).split()[1]) in status


def frame(first: int, payload: bytes) -> bytes:
    """A masked frame whose mask changes nothing."""
    length = len(payload)
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 2**16:
        size = b"\xfe" + length.to_bytes(2)
    else:
        size = b"\xff" + length.to_bytes(8)
    return bytes([first]) + size + b"\0\0\0\0" + payload
