"""The API that tests ask, and the Redis server that they may kill."""

from collections.abc import Generator

import pytest

from models.database import open_database
from models.migrate import upgrade
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer
from tests.resolvers.running_api import Api, serving


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
