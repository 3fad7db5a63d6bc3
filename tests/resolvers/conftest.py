"""A Redis server that tests may kill and start again."""

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import cast

import pytest
import redis

from embedded import redis as embedded_redis
from jobs.queue import connect
from models.database import open_database
from models.migrate import upgrade
from tests.postgresql import Postgresql
from tests.resolvers.running_api import Api, serving


class RedisServer:
    """It comes back on the address it had."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = embedded_redis.start(folder)
        self.url = self._server.url

    def client(self) -> redis.Redis:
        return connect(self.url)

    @property
    def pid(self) -> int:
        with self.client() as client:
            info = cast("dict[str, int]", client.info("server"))  # pyright: ignore[reportUnknownMemberType]
            return info["process_id"]

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self._server.stop()

    def start(self) -> None:
        self._server = embedded_redis.start(self._folder)
        assert self._server.url == self.url

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Api]:
    """One for a module's tests, which each make projects of their own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database')}/phaseline.db"
    else:
        server: Postgresql = request.getfixturevalue("postgresql")
        url = server.new_database()
    database = open_database(url)
    upgrade(database)
    with serving(database, url, redis_server.url) as served:
        yield served
    database.close()
