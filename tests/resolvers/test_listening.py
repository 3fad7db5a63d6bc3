"""The API's process ends when what its application stands on has ended."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sealing import generate_key
from resolvers.listening import listen
from resolvers.settings import ApiSettings

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings() -> ApiSettings:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return ApiSettings(
        database_url="sqlite:///unused.db",
        redis_url="redis://127.0.0.1:1/0",
        secrets_key=SecretStr(generate_key()),
        host="127.0.0.1",
        port=port,
    )


async def test_ends_with_what_its_application_holds_open(settings: ApiSettings) -> None:
    opened, broken = asyncio.Event(), asyncio.Event()
    here = asyncio.get_running_loop()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        async def hear() -> None:
            there = asyncio.get_running_loop()
            breaking = asyncio.Event()
            asyncio.run_coroutine_threadsafe(tell(there, breaking), here)
            await breaking.wait()
            raise RuntimeError("it broke")

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(hear())
            yield

    async def tell(there: asyncio.AbstractEventLoop, breaking: asyncio.Event) -> None:
        opened.set()
        await broken.wait()
        there.call_soon_threadsafe(breaking.set)

    async def answer(_request: Request) -> Response:
        return Response()

    application = Starlette(routes=[Route("/", answer)], lifespan=lifespan)
    async with asyncio.timeout(30):
        listening = asyncio.create_task(asyncio.to_thread(listen, application, settings))
        await opened.wait()
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
            assert (await client.get(f"http://127.0.0.1:{settings.port}/")).is_success
        assert not listening.done()
        broken.set()
        assert await listening is False
