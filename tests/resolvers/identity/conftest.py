from collections.abc import Generator
from typing import Any

import pytest
import structlog

from models.database import Database, open_database
from models.migrate import upgrade
from tests.resolvers.identity.guarding import guarded
from tests.resolvers.identity.issuer import Issuer, issuing
from tests.resolvers.transport.running import Server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def log() -> Generator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="module")
def issuer(log: list[Any]) -> Generator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module")
def file_database(tmp_path_factory: pytest.TempPathFactory) -> Generator[Database]:
    """For where the kind of the database does not matter."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('identity') / 'phaseline.db'}")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def server(issuer: Issuer, file_database: Database) -> Generator[Server]:
    """The toy schema for those who show a token."""
    with guarded(issuer, str(file_database.engine.url)) as running:
        yield running
