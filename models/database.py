"""Engines and sessions. One URL serves API and workers alike."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlmodel import Session

from models.clock import host_clock

P = ParamSpec("P")
R = TypeVar("R")

_WRITE = "phaseline_write"

#: What a read or a write raises while the database can't be reached or is too busy. InternalError is what a server says
#: that ended a transaction in which nothing had been asked for too long.
AWAY = (OperationalError, InterfaceError, InternalError, PoolExhausted)

# A frozen client must not hold its row locks: the server ends its transaction.
_POSTGRESQL_OPTIONS = "-c idle_in_transaction_session_timeout=5s -c lock_timeout=5s -c statement_timeout=15s"


def database_url(text: str) -> URL:
    """The URL with the one driver that we use for PostgreSQL, whatever spelling it came with. Raises ValueError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername.startswith("postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url is None or url.get_backend_name() != "sqlite":
        raise ValueError("DATABASE_URL must be postgresql://user:password@host/database or sqlite:///file")
    return url


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": 10}, "json_deserializer": _as_text}
    return {
        "hide_parameters": True,  # they would stand in errors, and so in the log
        "json_deserializer": _as_text,
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "connect_args": {"connect_timeout": 3, "options": _POSTGRESQL_OPTIONS},
    }


def _as_text(json: str | bytes) -> str | bytes:
    """The type of the column reads it."""
    return json


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.create_function("phaseline_clock", 0, host_clock)
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        writes = connection.get_execution_options().get(_WRITE)
        # A transaction that reads first and writes later loses updates unless it is immediate.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@dataclass(frozen=True)
class Database:
    """The database for code that may block: workers, migrations, scripts."""

    engine: Engine

    @contextmanager
    def reading(self) -> Generator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A transaction that commits at the end of the block, or not at all."""
        with Session(self.engine.execution_options(**{_WRITE: True}), expire_on_commit=False) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


@dataclass(frozen=True)
class AsyncDatabase:
    """The database for the API process. The functions it runs are the same sync ones."""

    engine: AsyncEngine

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        async with AsyncSession(self.engine, expire_on_commit=False, sync_session_class=Session) as session:
            return await session.run_sync(function, *args, **kwargs)  # pyright: ignore[reportArgumentType]

    async def write(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `function` in a transaction that commits when it returns, or not at all."""
        engine = self.engine.execution_options(**{_WRITE: True})
        async with AsyncSession(engine, expire_on_commit=False, sync_session_class=Session) as session:
            result = await session.run_sync(function, *args, **kwargs)  # pyright: ignore[reportArgumentType]
            await session.commit()
            return result

    def close(self) -> Awaitable[None]:
        return self.engine.dispose()


def open_database(text: str) -> Database:
    url = database_url(text)
    engine = create_engine(url, **_options(url))
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    return Database(engine)


def open_async_database(text: str) -> AsyncDatabase:
    url = database_url(text)
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite+aiosqlite")
    engine = create_async_engine(url, **_options(url))
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine.sync_engine)
    return AsyncDatabase(engine)
