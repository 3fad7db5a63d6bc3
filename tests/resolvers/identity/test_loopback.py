"""Without identity: the admin of this machine, and nobody's web page in his name."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from websockets.exceptions import InvalidStatus

from resolvers.identity.admission import admit_local_admin
from resolvers.identity.loopback import LoopbackOnly, is_loopback
from tests.resolvers.transport.running import Server, serving, websocket

pytestmark = pytest.mark.anyio

DEV = "http://localhost:5173"
MUTATION = 'mutation { note(text: "unwanted") }'


@pytest.fixture(scope="module")
def server(log: list[Any]) -> Generator[Server]:
    with serving(admit=admit_local_admin, middleware=[Middleware(LoopbackOnly, origins=[DEV])]) as running:
        yield running


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as opened:
        yield opened


async def test_this_machine_is_answered_as_its_admin(client: httpx.AsyncClient, server: Server) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]"):
        headers = {"host": f"{name}:{server.port}"}
        response = await client.post(server.url, json={"query": "{ caller }"}, headers=headers)
        assert response.json()["data"] == {"caller": "local"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1", "[::2]", ""],
)
async def test_a_rebound_name_is_refused(client: httpx.AsyncClient, server: Server, host: str) -> None:
    response = await client.post(server.url, json={"query": MUTATION}, headers={"host": host})
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert server.ledger.mutations == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://localhost", DEV + "0"]
)
async def test_a_page_of_another_origin_is_refused(client: httpx.AsyncClient, server: Server, origin: str) -> None:
    response = await client.post(server.url, json={"query": MUTATION}, headers={"origin": origin})
    assert response.status_code == 403
    assert server.ledger.mutations == []


async def test_our_own_page_and_those_allowed_are_answered(client: httpx.AsyncClient, server: Server) -> None:
    for origin in (f"http://127.0.0.1:{server.port}", DEV):
        response = await client.post(server.url, json={"query": "{ hello }"}, headers={"origin": origin})
        assert response.status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}])
async def test_another_sites_page_opens_no_websocket(server: Server, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with websocket(server, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403


async def test_a_rebound_name_opens_no_websocket(server: Server) -> None:
    wrong = websocket(server, host="127.0.0.1", port=server.port, uri=f"ws://evil.example:{server.port}/graphql")
    with pytest.raises(InvalidStatus) as refused:
        async with wrong:
            pass
    assert refused.value.response.status_code == 403


async def test_our_own_page_opens_a_websocket(server: Server) -> None:
    async with websocket(server, additional_headers={"origin": f"http://127.0.0.1:{server.port}"}) as socket:
        await socket.init()
        await socket.subscribe("1", "{ caller }")
        assert await socket.data("1") == {"caller": "local"}


@pytest.mark.parametrize(("client_ip", "server_ip"), [("192.0.2.7", "127.0.0.1"), ("127.0.0.1", "192.0.2.1")])
async def test_another_machine_is_refused_even_if_the_server_was_made_to_listen(client_ip: str, server_ip: str) -> None:
    async def never(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("reached")(scope, receive, send)

    app = LoopbackOnly(never)

    async def with_server(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "server": (server_ip, 80)}, receive, send)

    transport = httpx.ASGITransport(with_server, client=(client_ip, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.get("/")
    assert response.status_code == 403
    assert "only this machine" in response.text


async def test_the_lifespan_goes_through() -> None:
    seen: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup" if not seen else "lifespan.shutdown"}

    async def send(message: Any) -> None:
        seen.append(message["type"])

    await LoopbackOnly(Starlette())({"type": "lifespan"}, receive, send)
    assert seen == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.5", False),
        ("localhost.evil.example", False),
    ],
)
def test_what_loopback_is(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
