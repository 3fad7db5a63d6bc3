"""What the product's processes need: Redis, and a database that is filled."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.seeds import ENVIRONMENTS, SERVICES, fill
from embedded import redis
from models.database import Database, open_database
from models.migrate import upgrade
from models.sealing import generate_key
from tests.postgresql import Postgresql

KINDS = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Installation:
    database: Database
    #: The settings of its processes.
    environment: Mapping[str, str]


@contextmanager
def redis_alone() -> Generator[Mapping[str, str]]:
    """Redis until the end of the block; the settings of processes that need no database."""
    with TemporaryDirectory(prefix="phaseline-bench-") as folder:
        running = redis.start(Path(folder))
        try:
            yield {"REDIS_URL": running.url, "SECRETS_KEY": generate_key()}
        finally:
            running.stop()


@contextmanager
def installation(kind: str, environments: int = ENVIRONMENTS, services: int = SERVICES) -> Generator[Installation]:
    """Redis and a filled database of this kind until the end of the block."""
    with redis_alone() as environment, _database_url(kind) as url:
        database = open_database(url)
        try:
            upgrade(database)
            fill(database, environments, services)
            yield Installation(database, {**environment, "DATABASE_URL": url})
        finally:
            database.close()


@contextmanager
def _database_url(kind: str) -> Generator[str]:
    if kind == "SQLite":
        with TemporaryDirectory(prefix="phaseline-bench-") as folder:
            yield f"sqlite:///{folder}/phaseline.db"
        return
    server = Postgresql()
    try:
        yield server.new_database()
    finally:
        server.stop()
