"""Fixtures that many tests share."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from models.database import Database, open_database
from models.migrate import upgrade
from resolvers.transport.graphiql.assets import LOCK
from tests.node.run import CACHE, digest_of
from tests.postgresql import Postgresql


def pytest_configure() -> None:
    """An example takes as long as a busy machine makes it take."""
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    # Hundreds of processes are started: each would compile everything that it imports
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bad-requests", type=int, default=1000, help="how many bad requests to make up")
    parser.addoption("--picture", type=Path, help="where to save what GraphiQL shows in use: docs/graphiql.png")


@pytest.fixture(scope="session")
def graphiql_files() -> Path:
    """A folder with GraphiQL's files, brought by the documented step; filled once for each content of the lock file."""
    folder = CACHE.parent / "graphiql" / digest_of(LOCK)
    if not folder.exists():
        step = [sys.executable, "-m", "resolvers.transport.graphiql.install", str(folder)]
        subprocess.run(step, check=True, timeout=170)
    return folder


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
