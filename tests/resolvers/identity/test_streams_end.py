"""A stream lasts as long as the token that opened it, over WebSocket and SSE alike."""

import asyncio
import time
from collections.abc import Generator

import httpx
import pytest

from models.access import Access
from models.database import Database, open_database
from models.migrate import upgrade
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.vocabulary import Role
from resolvers.tokens import main
from tests.resolvers.identity.guarding import guarded
from tests.resolvers.identity.issuer import Issuer
from tests.resolvers.transport.running import Server, websocket

pytestmark = pytest.mark.anyio

FOREVER = "subscription { forever }"
SOON = 10


@pytest.fixture(scope="module")
def server(issuer: Issuer, file_database: Database) -> Generator[Server]:
    with guarded(issuer, str(file_database.engine.url), leeway=0) as running:
        yield running


@pytest.mark.parametrize("key", ["Authorization", "authorization"])
async def test_a_token_in_connection_init_admits(server: Server, issuer: Issuer, key: str) -> None:
    async with websocket(server) as socket:
        await socket.init(**{key: f"Bearer {issuer.token()}"})
        await socket.subscribe("1", "{ caller }")
        assert await socket.data("1") == {"caller": "oidc:ann"}


async def test_a_token_in_the_handshake_admits_too(server: Server, issuer: Issuer) -> None:
    headers = {"authorization": f"Bearer {issuer.token()}"}
    async with websocket(server, additional_headers=headers) as socket:
        await socket.init()
        await socket.subscribe("1", "{ caller }")
        assert await socket.data("1") == {"caller": "oidc:ann"}


async def test_a_bad_token_closes_4403_and_says_why(server: Server, issuer: Issuer) -> None:
    async with websocket(server) as socket:
        token = issuer.token(exp=time.time() - 60)
        await socket.send(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await socket.closed() == (4403, "Forbidden: The token has expired.")


@pytest.mark.parametrize("payload", [None, {}, {"Authorization": 7}, {"Authorization": {"a": []}}, {"token": "x"}])
async def test_no_token_closes_4403(server: Server, payload: object) -> None:
    async with websocket(server) as socket:
        await socket.send(type="connection_init", payload=payload)
        assert (await socket.closed())[0] == 4403


async def test_a_token_without_a_role_closes_4403(server: Server, issuer: Issuer) -> None:
    async with websocket(server) as socket:
        await socket.send(type="connection_init", payload={"Authorization": f"Bearer {issuer.token(roles=[])}"})
        assert (await socket.closed())[0] == 4403


async def test_an_issuer_that_is_away_closes_1013_so_that_clients_come_back(
    issuer: Issuer, file_database: Database
) -> None:
    with guarded(issuer, str(file_database.engine.url)) as server:
        issuer.away = True
        try:
            async with websocket(server) as socket:
                await socket.send(type="connection_init", payload={"Authorization": f"Bearer {issuer.token()}"})
                assert (await socket.closed())[0] == 1013
        finally:
            issuer.away = False


async def test_a_stream_ends_when_its_token_expires(server: Server, issuer: Issuer) -> None:
    async with websocket(server) as short, websocket(server) as long:
        await long.init(Authorization=f"Bearer {issuer.token()}")
        await long.subscribe("1", FOREVER)
        await long.data("1")
        await short.init(Authorization=f"Bearer {issuer.token(exp=time.time() + 2)}")
        await short.subscribe("1", FOREVER)
        await short.data("1")

        assert await asyncio.wait_for(short.closed(), SOON) == (4403, "Forbidden")
        await long.alive()


async def test_an_sse_stream_ends_when_its_token_expires(server: Server, issuer: Issuer) -> None:
    headers = {
        "accept": "text/event-stream",
        "authorization": f"Bearer {issuer.token(exp=time.time() + 2)}",
    }
    async with (
        httpx.AsyncClient(timeout=SOON) as client,
        client.stream("POST", server.url, json={"query": FOREVER}, headers=headers) as response,
    ):
        assert response.status_code == 200
        text = "".join([part async for part in response.aiter_text()])
    assert '{"data":{"forever":1}}' in text
    assert "complete" not in text, "it was cut off, not finished"


async def test_a_stream_ends_when_its_api_token_is_revoked_elsewhere(
    issuer: Issuer, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = open_database(database_url)
    upgrade(database)
    secrets = {name: create(database, name) for name in ("ci", "cron")}
    with guarded(issuer, database_url) as server:
        async with websocket(server) as ci, websocket(server) as cron, httpx.AsyncClient() as client:
            for socket, name in ((ci, "ci"), (cron, "cron")):
                await socket.init(Authorization=f"Bearer {secrets[name]}")
                await socket.subscribe("1", FOREVER)
                await socket.data("1")

            code = await asyncio.to_thread(main, ["--database-url", database_url, "revoke", "ci"])

            assert (code, capsys.readouterr().out) == (0, "ci is revoked.\n")
            assert await asyncio.wait_for(ci.closed(), SOON) == (4403, "Forbidden")
            await cron.alive()
            for name, status in (("ci", 401), ("cron", 200)):
                headers = {
                    "authorization": f"Bearer {secrets[name]}",
                    "accept": "application/graphql-response+json",
                }
                response = await client.post(server.url, json={"query": "{ caller }"}, headers=headers)
                assert response.status_code == status
    database.close()


def create(database: Database, name: str) -> str:
    request = Request(Access("root", Role.ADMIN))
    with database.writing() as session:
        return create_api_token(session, request, name=name, role=Role.EDITOR, project=None, expires_at=None).secret
