"""Fixtures that many tests share."""

from collections.abc import Generator
from pathlib import Path

import pytest

from models.database import Database, open_database
from models.migrate import upgrade
from tests.postgresql import Postgresql


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bad-requests", type=int, default=1000, help="how many bad requests to make up")


@pytest.fixture(scope="session")
def postgresql() -> Generator[Postgresql]:
    """A PostgreSQL server for the whole run."""
    server = Postgresql()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database: each test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/phaseline.db"
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def database(database_url: str) -> Generator[Database]:
    """An empty, migrated database."""
    database = open_database(database_url)
    upgrade(database)
    yield database
    database.close()
